import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface SmallDisk {
  /** Takes all the room that is left. */
  fill(): void
  /** Gives it back. */
  free(): void
  close(): void
}

const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })

/** Mounts a disk of so many MiB on `folder`. @returns why not, where this machine refuses it */
export function mountSmallDisk(folder: string, mebibytes: number): SmallDisk | string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`, 'none', folder)
  } catch (error) {
    return `no small disk can be mounted: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
  const ballast = join(folder, 'ballast')
  return {
    fill() {
      const file = openSync(ballast, 'w')
      try {
        for (let size = 2 ** 20; size >= 512; ) {
          try {
            writeSync(file, Buffer.alloc(size, 1))
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
            size /= 2
          }
        }
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(ballast, { force: true }),
    // Lazily: the engine may still hold a file of it.
    close: () => void run('umount', '-l', folder),
  }
}
