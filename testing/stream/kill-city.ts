import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { live } from '../faults/live.ts'
import type { FollowedKind } from './followed-sources.ts'
import type { StreamFact } from './streaming-city.ts'

const program = fileURLToPath(import.meta.resolve('./streaming-city.ts'))

/** One life of the city that follows a source: killed so many milliseconds after it took up its stream, or left to compare and end. */
export async function liveStreaming(
  home: string,
  source: { kind: FollowedKind; port: number },
  round: number,
  killAfterMs: number | null,
  env: NodeJS.ProcessEnv,
): Promise<StreamFact[]> {
  const command = [program, home, source.kind, String(source.port), String(round * 2), killAfterMs === null ? 'last' : 'live']
  const end = killAfterMs === null ? null : ({ after: 'ready', time: 1, ms: killAfterMs } as const)
  const { facts, code, signal, errors } = await live<StreamFact>(command, { ...process.env, ...env }, end)
  assert.deepEqual([code, signal], killAfterMs === null ? [0, null] : [null, 'SIGKILL'], errors)
  return facts.map(({ atMs: _, ...fact }) => fact)
}
