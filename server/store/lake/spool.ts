import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Engine } from './engine.ts'
import { quoteText } from './parameters.ts'

/**
 * Bytes in and out of the embedded engine go through files: its streams repeat the header (and Parquet's frame) with every chunk, and
 * its inserts want everything in memory. A side effect worth having: an export that fails has not sent a byte.
 */
export async function openSpool(folder: string): Promise<Pick<Engine, 'download' | 'upload'>> {
  // What a crash has left behind.
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { mode: 0o700 })

  const withFile = async <T>(use: (file: string) => Promise<T>): Promise<T> => {
    const file = path.join(folder, randomUUID())
    try {
      return await use(file)
    } finally {
      await rm(file, { force: true })
    }
  }

  return {
    download: (client, { sql, parameters, settings }, format) =>
      withFile(async (file) => {
        const query = `${sql} INTO OUTFILE ${quoteText(file)} FORMAT ${format}`
        await client.command({ query, query_params: parameters, clickhouse_settings: settings })
        return readOnce(file)
      }),
    upload: (client, target, format, source, settings) =>
      withFile(async (file) => {
        await pipeline(source, createWriteStream(file, { mode: 0o600 }))
        const query = `INSERT INTO ${target} FROM INFILE ${quoteText(file)} FORMAT ${format}`
        await client.command({ query, clickhouse_settings: settings })
      }),
  }
}

/**
 * What a server sends, taken as fast as it sends it: a reader who takes his time must not hold one of its connections. The file has
 * lost its name before anything is in it.
 */
export async function throughFile(bytes: Readable): Promise<Readable> {
  const file = path.join(tmpdir(), randomUUID())
  const handle = await open(file, 'wx+', 0o600)
  await unlink(file)
  try {
    await handle.writeFile(bytes)
  } catch (error) {
    await handle.close()
    throw error
  }
  return handle.createReadStream({ start: 0 })
}

/** A stream over a file that is already unlinked: it vanishes with the last reader, also after a crash. */
async function readOnce(file: string): Promise<Readable> {
  const handle = await open(file)
  await unlink(file)
  return handle.createReadStream()
}
