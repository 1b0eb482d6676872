import { hash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UpgradeFailure } from '#contract/ingestion/agent-upgrade.ts'
import { writeSynced } from './write-synced.ts'

// `programs/` in the agent's home: the programs that the city sent, each under its digest, and what is known of them. A launcher reads
// what a later program wrote, and the other way round: notes only ever gain fields.

const Program = z.object({ upgradeId: z.string(), version: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
export type Program = z.infer<typeof Program>

const shapes = {
  /** Runs from now on, for as long as the installation is the one under which it was accepted. Written by the launcher. */
  accepted: Program.extend({ installation: z.string() }),
  /** To be tried. Written by the program that downloaded it, counted by the launcher. */
  candidate: Program.extend({ tries: z.number() }),
  /** What became of it, until the city knows. Written by the launcher, removed by the program. */
  outcome: z.discriminatedUnion('event', [
    z.object({ upgradeId: z.string(), event: z.literal('run') }),
    z.object({ upgradeId: z.string(), event: z.literal('fail'), error: UpgradeFailure }),
  ]),
}
type Shapes = typeof shapes

export const programsFolder = (home: string) => join(home, 'programs')
export const programPath = (home: string, sha256: string) => join(programsFolder(home), `${sha256}.mjs`)
const notePath = (home: string, name: keyof Shapes) => join(programsFolder(home), `${name}.json`)

/** Undefined also where it cannot be read: what is not certain does not run. */
export async function readNote<N extends keyof Shapes>(home: string, name: N): Promise<z.infer<Shapes[N]> | undefined> {
  try {
    return shapes[name].parse(JSON.parse(await readFile(notePath(home, name), 'utf8'))) as z.infer<Shapes[N]>
  } catch {
    return undefined
  }
}

export const writeNote = <N extends keyof Shapes>(home: string, name: N, note: z.infer<Shapes[N]>): Promise<void> =>
  writeSynced(notePath(home, name), JSON.stringify(note))

export const dropNote = (home: string, name: keyof Shapes): Promise<void> => rm(notePath(home, name), { force: true })

/** Whether the program lies there as it was ordered: asked before every run, for a disk may have changed it since. */
export async function isWhole(home: string, { sha256 }: Program): Promise<boolean> {
  const bytes = await readFile(programPath(home, sha256)).catch(() => null)
  return bytes !== null && hash('sha256', bytes, 'hex') === sha256
}

/** Removes what is no longer, or only half, there to be run. While a program runs it may be downloading the next. */
export async function dropOthers(home: string): Promise<void> {
  const wanted = [await readNote(home, 'accepted'), await readNote(home, 'candidate')].map((program) => `${program?.sha256}.mjs`)
  for (const name of await readdir(programsFolder(home)))
    if (!name.endsWith('.json') && !wanted.includes(name)) await rm(join(programsFolder(home), name), { force: true })
}
