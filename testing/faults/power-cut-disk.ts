import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface PowerCutDisk {
  /** Folder on the disk, an ext4 of its own. */
  home: string
  /** Keeps what the disk holds at this instant: what the file system has not written by now is lost. */
  cut(): void
  /** Puts what was kept in the disk's place. No process may use the disk any more. */
  restore(): Promise<void>
  close(): Promise<void>
}

const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })

/**
 * A disk whose power can be cut (reliability.md §4.2): an ext4 in a file of a XFS, which copies a file in one instant while it is
 * written. The copy holds what the ext4 had sent to its device, and nothing that still waited in memory.
 * @returns why there is none, where this machine refuses it: it needs root, loop devices and Debian's xfsprogs
 */
export async function openPowerCutDisk(): Promise<PowerCutDisk | string> {
  if (process.getuid?.() !== 0) return 'not root'
  if (!existsSync('/usr/sbin/mkfs.xfs')) return "Debian's package xfsprogs is not installed"
  const root = mkdtempSync(join(tmpdir(), 'datong-power-'))
  const [host, disk] = [join(root, 'host'), join(root, 'disk')]
  const [image, kept] = [join(host, 'disk.img'), join(host, 'kept.img')]
  for (const folder of [host, disk]) mkdirSync(folder)
  const close = async () => {
    await unmount(disk)
    await unmount(host)
    rmSync(root, { recursive: true, force: true })
  }
  try {
    const hostImage = join(root, 'host.img')
    run('truncate', '-s', '4G', hostImage)
    run('mkfs.xfs', '-q', '-m', 'reflink=1', hostImage)
    run('mount', '-o', 'loop', hostImage, host)
    run('truncate', '-s', '1G', image)
    run('mkfs.ext4', '-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image)
    run('mount', '-o', 'loop', image, disk)
  } catch (error) {
    await close()
    return `this machine refuses loop mounts: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
  return {
    home: join(disk, 'home'),
    cut: () => void run('cp', '--reflink=always', image, kept),
    restore: async () => {
      await unmount(disk)
      renameSync(kept, image)
      run('mount', '-o', 'loop', image, disk)
    },
    close,
  }
}

/** A process that was just killed may still hold it. */
async function unmount(folder: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      run('mountpoint', '-q', folder)
    } catch {
      return
    }
    try {
      run('umount', folder)
      return
    } catch {
      await sleep(100)
    }
  }
  throw new Error(`${folder} cannot be unmounted`)
}
