import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(import.meta.resolve('./failing-calls.c'))

/** The library to preload (failing-calls.c). @returns why there is none, where this machine has no C compiler */
export function buildFailingCalls(): { library: string } | string {
  const library = join(mkdtempSync(join(tmpdir(), 'datong-faults-')), 'failing-calls.so')
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    return `Debian's packages gcc and libc6-dev are not installed: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
  return { library }
}
