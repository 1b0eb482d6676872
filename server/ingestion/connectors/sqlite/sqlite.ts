import { randomUUID } from 'node:crypto'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { SourceSettings } from '#contract/ingestion.ts'
import { AppError, conflict, notFound } from '../../../kernel/errors.ts'
import { type Ctx, quoteIdentifier } from '../../../store/index.ts'
import { inputName } from '../../conversion/column-plan.ts'
import { resolveAllowedPath } from '../../files/resolve-allowed-path.ts'
import type { Connector, Reading, WantedColumn } from '../connector.ts'
import { arrivalOf } from '../engine/engine-columns.ts'
import { presentTable } from '../structure/present-table.ts'
import type { SqliteAnswers, SqliteTask } from './sqlite-thread.ts'

type Settings = Extract<SourceSettings, { kind: 'sqlite' }>

const shownSamples = 5

/**
 * A SQLite database inside DATONG_FILES. A load copies the wanted columns as texts, in one statement and so of one moment, into a
 * database of its own, which the engine reads by `sqlite()`: it reads only declared types exactly, and SQLite does not keep to them.
 */
export function openSqlite({ files }: Pick<Ctx, 'files'>, settings: Settings, roots: readonly string[]): Connector {
  const locate = () => resolveAllowedPath(roots, settings.path)
  const columnsOf = async (path: string, object: string) => {
    const columns = await runTask(path, { kind: 'columns', object })
    if (columns.length === 0) throw notFound('ingestion.object_unknown', { object })
    return columns
  }
  return {
    check: async () => {
      await runTask(await locate(), { kind: 'objects' })
      return { ok: true, code: null, detail: '', serverVersion: null, readOnly: true }
    },
    listObjects: async () => {
      const path = await locate()
      const { mtime } = await stat(path)
      const objects = await runTask(path, { kind: 'objects' })
      return objects.map(({ name, isView }) => ({
        name,
        kind: isView ? 'view' : 'table',
        comment: '',
        estimatedRows: null,
        sizeBytes: null,
        modifiedAt: mtime.toISOString(),
      }))
    },
    describe: async (object) => {
      const path = await locate()
      const columns = await columnsOf(path, object)
      const rows = await runTask(path, { kind: 'rows', object, limit: 50 })
      const samples = columns.map((_, i) =>
        [...new Set(rows.flatMap((row) => row[i] ?? []))].slice(0, shownSamples).map((text) => text.slice(0, 60)),
      )
      const described = columns.map((column) => ({ ...column, comment: '' }))
      return presentTable(object, described, samples, null)
    },
    preview: async (object, _dialect, limit) => {
      const path = await locate()
      const columns = await columnsOf(path, object)
      return { columns: columns.map(({ name }) => name), rows: await runTask(path, { kind: 'rows', object, limit }) }
    },
    async openReading(object, _dialect, wanted, signal): Promise<Reading> {
      const path = await locate()
      const columns = await columnsOf(path, object)
      for (const { column } of wanted) if (!columns.some(({ name }) => name === column)) throw conflict('ingestion.column_gone', { column })
      const folder = join(files.root, 'work', randomUUID())
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const close = () => rm(folder, { recursive: true, force: true })
      try {
        const target = join(folder, 'rows.sqlite')
        const count = await runTask(path, { kind: 'copy', object, columns: wanted.map(({ column }) => column), target })
        signal.throwIfAborted()
        return readCopy(target, wanted, count, close)
      } catch (error) {
        await close()
        throw error
      }
    },
  }

  function readCopy(target: string, wanted: readonly WantedColumn[], count: number, close: () => Promise<void>): Reading {
    const list = wanted.map((_, i) => `c${i} AS ${quoteIdentifier(inputName(i))}`)
    return {
      arrivals: wanted.map((column) => arrivalOf({ name: '' }, column, { isNullable: true, isEmptyMissing: false })),
      input: async () => ({
        parts: [`(SELECT ${list.join(', ')} FROM sqlite({path:String}, 'rows'))`],
        parameters: { path: target },
        settings: {},
        hasDigest: false,
        isSnapshot: false,
      }),
      unreadable: 0,
      count: async () => count,
      close,
    }
  }
}

/** @throws invalid `ingestion.not_sqlite`; unavailable `ingestion.source_busy` while somebody writes it */
function runTask<Task extends SqliteTask>(path: string, task: Task): Promise<SqliteAnswers[Task['kind']]> {
  return new Promise((done, fail) => {
    const worker = new Worker(new URL('./sqlite-thread.ts', import.meta.url), { workerData: { path, task } })
    worker.once('message', done)
    worker.once('error', (error: Error & { errcode?: number }) => fail(asSqliteError(error)))
    worker.once('exit', () => fail(new Error('the thread ended without an answer')))
  })
}

function asSqliteError(error: Error & { errcode?: number }): AppError {
  const params = { code: error.errcode ?? '-' }
  // https://sqlite.org/rescode.html: 5 BUSY, 6 LOCKED, 11 CORRUPT, 14 CANTOPEN, 26 NOTADB
  if (error.errcode === 5 || error.errcode === 6) return new AppError('unavailable', 'ingestion.source_busy', { cause: error })
  if (error.errcode === 11 || error.errcode === 14 || error.errcode === 26)
    return new AppError('invalid', 'ingestion.not_sqlite', { params, cause: error })
  return new AppError('conflict', 'ingestion.source_error', { params, cause: error })
}
