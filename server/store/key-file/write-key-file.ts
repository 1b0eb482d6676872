// Runs in a thread of its own: SQLite's calls are synchronous, and two million rows take seconds.
import { closeSync, createReadStream, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { KeyFileSource } from './key-file.ts'

const { path, source } = workerData as { path: string; source: KeyFileSource }
const partial = `${path}.part`
rmSync(partial, { force: true })
const db = new DatabaseSync(partial)
// Nothing is there to be rolled back to: a file that is not finished is thrown away.
db.exec('pragma journal_mode = off; pragma synchronous = off')
db.exec('create table shape (columns text); create table row (key text not null, texts text not null)')
db.prepare('insert into shape values (?)').run(JSON.stringify(source.columns))
const insert = db.prepare('insert into row values (?, ?)')
const position = source.columns.indexOf(source.key)
db.exec('begin')
for await (const line of createInterface({ input: createReadStream(source.rows), crlfDelay: Number.POSITIVE_INFINITY })) {
  const key = (JSON.parse(line) as (string | null)[])[position]
  // A row without a key is found by none.
  if (typeof key === 'string') insert.run(key, line)
}
db.exec('commit')
const isUnique = index(db)
db.close()
if (isUnique) {
  const file = openSync(partial, 'r')
  fsyncSync(file)
  closeSync(file)
  renameSync(partial, path)
} else rmSync(partial)
parentPort!.postMessage(isUnique)

/** Built at the end, by sorting. @returns whether every key is there once */
function index(db: DatabaseSync): boolean {
  try {
    db.exec('create unique index row_key on row (key)')
    return true
  } catch (error) {
    if ((error as { errcode?: number }).errcode === 2067 || /UNIQUE constraint/.test(String(error))) return false
    throw error
  }
}
