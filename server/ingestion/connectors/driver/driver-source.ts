import type { SourceStructure } from '#contract/ingestion/drift.ts'
import { notFound } from '../../../kernel/errors.ts'
import type { LakeEngine } from '../../../store/index.ts'
import type { Care } from '../../harm/open-care.ts'
import { openLine } from '../../harm/open-line.ts'
import type { Target } from '../../harm/open-relay.ts'
import { type AllowedHosts, admitHost } from '../admit-host.ts'
import type { Connector } from '../connector.ts'
import { presentTable } from '../structure/present-table.ts'
import type { DriverColumn, DriverDatabase, DriverSession } from './driver-database.ts'
import { openDriverReading } from './driver-reading.ts'
import { toText } from './encode-rows.ts'

const seconds = { describe: 30, read: 3600 }
const sampled = 50

export interface DriverAccess {
  lake: LakeEngine
  host: string
  port: number
  allowed: AllowedHosts
  care: Care | undefined
}

/**
 * A database that the engine cannot read by itself. Its npm driver does: the source writes every value as text, the rows go as bytes
 * into a table of the load, and the engine takes them from there as it takes those of any other source.
 */
export function openDriverSource<Column extends DriverColumn, Statement>(
  database: DriverDatabase<Column, Statement>,
  { lake, host, port, allowed, care }: DriverAccess,
): Connector {
  const { statements } = database
  const noted = (session: DriverSession<Statement>) => (care ? notedIn(care, session, statements.written) : session)
  const locate = async (): Promise<Target> => ({ host: await admitHost(host, allowed), port })
  const using = async <T>(work: (session: DriverSession<Statement>) => Promise<T>): Promise<T> => {
    const target = await locate()
    return asOurs(database, async () => {
      const session = await database.connect(target, seconds.describe)
      try {
        return await work(noted(session))
      } finally {
        await session.close()
      }
    })
  }
  return {
    check: () => using(database.check),
    listObjects: () => using((session) => database.objects(session)),
    describe: (object) =>
      using(async (session) => {
        const columns = await columnsOf(database, session, object)
        const found = (await database.objects(session, object)).find(({ name }) => name === object)
        const rows = await firstRows(database, session, { object, columns, limit: sampled })
        const samples = columns.map((_, i) =>
          [...new Set(rows.flatMap((row) => row[i] || []))].slice(0, 5).map((text) => text.slice(0, 60)),
        )
        return presentTable(object, columns, samples, found?.estimatedRows ?? null)
      }),
    structure: (object) =>
      using(async (session): Promise<SourceStructure> => {
        const declared = database.declared ? await database.declared(session, object) : await columnsOf(database, session, object)
        if (!declared) throw notFound('ingestion.object_unknown', { object })
        const columns = declared.map(({ name, type, nullable, isKey, comment, identity }) => {
          return { name, type, nullable, isKey, comment, identity, looksLike: '' }
        })
        return { kind: 'table', columns, stamp: await database.stamp(session, object) }
      }),
    preview: (object, _dialect, limit) =>
      using(async (session) => {
        const columns = await columnsOf(database, session, object)
        return { columns: columns.map(({ name }) => name), rows: await firstRows(database, session, { object, columns, limit }) }
      }),
    async openReading(object, _dialect, wanted, signal, since) {
      const limit = Math.min(seconds.read, care?.statementSeconds ?? seconds.read)
      let session: DriverSession<Statement> | undefined
      const line = await openLine(await locate(), care, signal, async () => session?.cancel())
      const close = async () => {
        await session?.close()
        await line.close()
      }
      try {
        return await asOurs(database, async () => {
          session = await database.connect(line.target, limit)
          const catalog = noted(session)
          const named = [...wanted.map(({ column }) => column), ...(since ? [since.column] : [])]
          const columns = await columnsOf(database, catalog, object, named)
          const isSnapshot = await session.beginSnapshot(object)
          return openDriverReading({ database, lake, session, catalog, line, object, columns, wanted, since, isSnapshot, signal, close })
        })
      } catch (error) {
        await close()
        throw error
      }
    },
  }
}

/** What went wrong at the source, in our words. */
async function asOurs<T>({ asError }: { asError: (error: unknown) => Error }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asError(error)
  }
}

/** @throws not_found `ingestion.object_unknown` */
async function columnsOf<Column extends DriverColumn, Statement>(
  database: DriverDatabase<Column, Statement>,
  session: DriverSession<Statement>,
  object: string,
  wanted?: readonly string[],
): Promise<Column[]> {
  const columns = await database.columns(session, object, wanted)
  if (columns.length === 0) throw notFound('ingestion.object_unknown', { object })
  return columns
}

async function firstRows<Column extends DriverColumn, Statement>(
  { statements }: DriverDatabase<Column, Statement>,
  session: DriverSession<Statement>,
  { object, columns, limit }: { object: string; columns: readonly Column[]; limit: number },
): Promise<(string | null)[][]> {
  const rows = await Array.fromAsync(session.rows(statements.firstRows(object, columns, Math.trunc(limit))))
  return rows.map((row) => row.map(toText))
}

/** Every statement is entered in the book of what was run at the source. */
const notedIn = <Statement>(
  care: Care,
  session: DriverSession<Statement>,
  written: (statement: Statement) => string,
): DriverSession<Statement> => ({
  ...session,
  async *rows(statement, values) {
    yield* await care.note(written(statement), async () => {
      const result = await Array.fromAsync(session.rows(statement, values))
      return { result, rows: result.length }
    })
  },
})
