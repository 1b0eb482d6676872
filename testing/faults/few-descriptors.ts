import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'

/** How many files this process has open. */
export const openDescriptors = (): number => readdirSync('/proc/self/fd').length

const limit = (descriptors: number | string) => execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${descriptors}:`])

/** Leaves this process no descriptor to open anything with. @returns gives them back */
export function takeDescriptors(): () => void {
  const [, earlier] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))!
  limit(openDescriptors() + 20)
  const taken: number[] = []
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EMFILE') throw error
  }
  return () => {
    for (const descriptor of taken) closeSync(descriptor)
    limit(earlier!)
  }
}
