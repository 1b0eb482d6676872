import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface SmallDisk {
  /** Takes all the room that is left, or all the inodes: then no file can be made, though there is room. */
  fill(what?: 'room' | 'inodes'): void
  /** Gives it back. */
  free(): void
  close(): void
}

const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })

/** More than an empty city has files. */
const inodes = 20_000

/** Mounts a disk of so many MiB on `folder`. @returns why not, where this machine refuses it */
export function mountSmallDisk(folder: string, mebibytes: number): SmallDisk | string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m,nr_inodes=${inodes},mode=700`, 'none', folder)
  } catch (error) {
    return `no small disk can be mounted: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
  const ballast = join(folder, 'ballast')
  return {
    fill(what = 'room') {
      mkdirSync(ballast)
      untilFull(what === 'room' ? () => fillRoom(join(ballast, 'file')) : () => fillInodes(ballast))
    },
    free: () => rmSync(ballast, { recursive: true, force: true }),
    // Lazily: the engine may still hold a file of it.
    close: () => void run('umount', '-l', folder),
  }
}

function untilFull(take: () => void): void {
  try {
    take()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

function fillRoom(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (let size = 2 ** 20; size >= 512; size /= 2)
      untilFull(() => {
        for (;;) writeSync(file, Buffer.alloc(size, 1))
      })
  } finally {
    closeSync(file)
  }
}

function fillInodes(folder: string): void {
  for (let name = 0; ; name++) closeSync(openSync(join(folder, String(name)), 'w'))
}
