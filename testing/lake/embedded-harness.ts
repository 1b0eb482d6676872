import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openLake } from '../../server/store/lake/lake.ts'
import type { LakeHarness } from '../lake-suite.ts'

/** chDB in a temporary folder. */
export async function embeddedHarness(): Promise<LakeHarness & { dir: string }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'datong-lake-'))
  let batch = 0
  return {
    dir,
    shards: 1,
    open: () => openLake({ dir }),
    async insertUntilKilled(afterMs) {
      const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./insert-until-killed.ts')), dir, String(batch)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let lines = 0
      child.stdout.on('data', (chunk: Buffer) => {
        // The first line says ready; the clock starts there.
        if (lines === 0) setTimeout(() => child.kill('SIGKILL'), afterMs)
        lines += chunk.toString().split('\n').length - 1
      })
      await once(child, 'close')
      const acknowledged = Math.max(0, lines - 1)
      // The batch under way at the kill may have arrived: its number is not used again.
      batch += acknowledged + 1
      return acknowledged
    },
    stop: () => rm(dir, { recursive: true, force: true }),
  }
}
