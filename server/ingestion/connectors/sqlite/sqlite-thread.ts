// Runs in a thread of its own: SQLite computes, and waits for the disk, wherever it is called. See sqlite.ts.
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'

export interface SqliteColumn {
  name: string
  type: string
  nullable: boolean
  isKey: boolean
}

export type SqliteTask =
  | { kind: 'objects' }
  | { kind: 'columns'; object: string }
  | { kind: 'rows'; object: string; limit: number }
  /** Copies columns as texts into a fresh database with one table `rows (c0, c1 …)`. Answers the number of rows. */
  | { kind: 'copy'; object: string; columns: string[]; target: string }

export interface SqliteAnswers {
  objects: { name: string; isView: boolean }[]
  columns: SqliteColumn[]
  rows: (string | null)[][]
  copy: number
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`

/**
 * A value as text, by its own storage class: a column of SQLite holds any. The engine's sqlite() would read 'abc' in an INTEGER
 * column as 0 and 1.5 as 1 (measured, 26.7), without a word. A real is the shortest text that gives it back.
 */
function textOf(name: string): string {
  const c = quote(name)
  return `CASE typeof(${c}) WHEN 'blob' THEN '\\x' || lower(hex(${c}))
    WHEN 'real' THEN CASE WHEN CAST(CAST(${c} AS TEXT) AS REAL) = ${c} THEN CAST(${c} AS TEXT) ELSE printf('%!.17g', ${c}) END
    ELSE CAST(${c} AS TEXT) END`
}

function openSource(path: string, target = ':memory:'): DatabaseSync {
  const db = new DatabaseSync(target)
  // The schema is the department's: a view of it calls nothing that could do harm.
  db.exec('PRAGMA trusted_schema = OFF; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF')
  db.prepare('ATTACH DATABASE ? AS source').run(`${pathToFileURL(path).href}?mode=ro`)
  return db
}

function columnsOf(db: DatabaseSync, object: string): SqliteColumn[] {
  const rows = db
    .prepare("SELECT name, type, `notnull` AS required, pk FROM pragma_table_info(?, 'source') ORDER BY cid")
    .all(object) as unknown as { name: string; type: string; required: number; pk: number }[]
  return rows.map(({ name, type, required, pk }) => ({ name, type, nullable: required === 0 && pk === 0, isKey: pk > 0 }))
}

function run(path: string, task: SqliteTask): SqliteAnswers[SqliteTask['kind']] {
  const db = openSource(path, task.kind === 'copy' ? task.target : undefined)
  try {
    switch (task.kind) {
      case 'objects':
        return db
          .prepare(
            "SELECT name, type = 'view' AS v FROM source.sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
          )
          .all()
          .map(({ name, v }) => ({ name: String(name), isView: v === 1 }))
      case 'columns':
        return columnsOf(db, task.object)
      case 'rows': {
        const list = columnsOf(db, task.object).map(({ name }, i) => `${textOf(name)} AS c${i}`)
        const rows = db.prepare(`SELECT ${list.join(', ')} FROM source.${quote(task.object)} LIMIT ?`).all(task.limit)
        return rows.map((row) => list.map((_, i) => row[`c${i}`] as string | null))
      }
      case 'copy': {
        const names = task.columns.map((_, i) => `c${i}`)
        db.exec(`CREATE TABLE rows (${names.map((name) => `${name} TEXT`).join(', ')})`)
        const { changes } = db
          .prepare(`INSERT INTO rows SELECT ${task.columns.map(textOf).join(', ')} FROM source.${quote(task.object)}`)
          .run()
        return Number(changes)
      }
    }
  } finally {
    db.close()
  }
}

const { path, task } = workerData as { path: string; task: SqliteTask }
parentPort!.postMessage(run(path, task))
