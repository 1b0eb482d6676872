import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Files that this node keeps, by a key that the program makes (never a name from a user). */
export interface FileStore {
  /** Folder of the store: the embedded engine reads files of loads directly from here. */
  root: string
  pathOf(key: string): string
  /** Streams `body` to disk; the key exists only when every byte is synced. @throws RangeError `too_large` past `maxBytes`. */
  put(key: string, body: Readable, maxBytes: number): Promise<number>
  read(key: string): Readable
  size(key: string): Promise<number>
  remove(key: string): Promise<void>
}

const keyShape = /^[a-z0-9-]+(\/[a-z0-9._-]+)+$/

export function openFiles(root: string): FileStore {
  const pathOf = (key: string) => {
    if (!keyShape.test(key) || key.includes('..')) throw new Error(`not a file key: ${key}`)
    return join(root, key)
  }
  return {
    root,
    pathOf,
    async put(key, body, maxBytes) {
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const partial = `${path}.${randomBytes(6).toString('hex')}.part`
      let size = 0
      try {
        await pipeline(
          body,
          async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              size += chunk.length
              if (size > maxBytes) throw new RangeError('too_large')
              yield chunk
            }
          },
          createWriteStream(partial, { mode: 0o600 }),
        )
        await renameSynced(partial, path)
        return size
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
    },
    read: (key) => createReadStream(pathOf(key)),
    size: async (key) => (await stat(pathOf(key))).size,
    remove: (key) => rm(pathOf(key), { force: true }),
  }
}

/** After any death, a power cut too, the whole file has its name or there is none. */
export async function renameSynced(from: string, to: string): Promise<void> {
  await syncPath(from)
  await rename(from, to)
  await syncPath(dirname(to))
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}
