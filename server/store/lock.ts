import { createHash } from 'node:crypto'
import { mkdirSync, realpathSync } from 'node:fs'
import { createServer, type Server } from 'node:net'

export interface HomeLock {
  release(): Promise<void>
}

/**
 * Makes this process the only owner of a home folder. An abstract socket is freed by the kernel at any death, so there is
 * no stale lock to clean up. Two openers would corrupt PGlite (stack.md §2.3).
 * @throws Error naming the folder when another process owns it.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const name = `\0datong-${createHash('sha256').update(realpathSync(home)).digest('hex')}`
  const server: Server = createServer((socket) => socket.destroy())
  await new Promise<void>((done, fail) => {
    server.once('error', (cause) => fail(new Error(`${home} 正被另一个大同进程使用 / is in use by another Datong process`, { cause })))
    server.listen(name, done)
  })
  server.unref()
  return { release: () => new Promise((done) => server.close(() => done())) }
}
