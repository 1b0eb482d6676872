import { execFileSync } from 'node:child_process'

const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })

/**
 * Closes a folder to whoever writes: EACCES, and for root, whom no right holds up, EROFS.
 * @returns opens it again; why it stays open, where this machine refuses it
 */
export function closeFolder(folder: string): (() => void) | string {
  if (process.geteuid!() !== 0) {
    run('chmod', '-R', 'a-w', folder)
    return () => void run('chmod', '-R', 'u+w', folder)
  }
  try {
    run('mount', '--bind', folder, folder)
  } catch (error) {
    return `no folder can be mounted: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
  run('mount', '-o', 'remount,bind,ro', folder)
  // Lazily: the engine may still look at it.
  return () => void run('umount', '-l', folder)
}
