import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'

/** Rows of texts by a key that is there once: a file of this node, made anew whenever its table is. */
export interface KeyFile {
  /** What the values of a row are, in their order. */
  readonly columns: readonly string[]
  /** Takes some microseconds, and reads the disk where the row is not in memory. */
  get(key: string): (string | null)[] | undefined
  close(): void
}

/** @throws Error when the file is missing, is none, or lacks its end: SQLite would take the rest of the last page for zeros */
export function openKeyFile(path: string): KeyFile {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return readKeyFile(db, path)
  } catch (error) {
    db.close()
    throw error
  }
}

function readKeyFile(db: DatabaseSync, path: string): KeyFile {
  const { bytes } = db.prepare('select page_count * page_size as bytes from pragma_page_count, pragma_page_size').get() as { bytes: number }
  if (statSync(path).size !== bytes) throw new Error(`${path} is not as long as it was`)
  // Nobody writes to the file, so that it is locked once and not for each look-up, and the pages that lead to a row stay in memory.
  db.exec('pragma locking_mode = exclusive; pragma cache_size = -8000')
  const { columns } = db.prepare('select columns from shape').get() as { columns: string }
  const find = db.prepare('select texts from row where key = ?')
  return {
    columns: JSON.parse(columns) as string[],
    get(key) {
      const found = find.get(key) as { texts: string } | undefined
      return found && (JSON.parse(found.texts) as (string | null)[])
    },
    close: () => db.close(),
  }
}

export interface KeyFileSource {
  /** File of JSONCompactEachRow: arrays of texts or null in the order of `columns`. */
  rows: string
  columns: readonly string[]
  key: string
}

/**
 * Writes the file beside the other work of this process, and names it only when it is whole and on disk.
 * @returns false when a key is there twice: then there is no such file
 */
export function writeKeyFile(path: string, source: KeyFileSource): Promise<boolean> {
  const worker = new Worker(new URL('./write-key-file.ts', import.meta.url), { workerData: { path, source } })
  return new Promise((done, fail) => {
    worker.once('message', done)
    worker.once('error', fail)
    worker.once('exit', (code) => fail(new Error(`the writer of ${path} ended with ${code}`)))
  })
}
