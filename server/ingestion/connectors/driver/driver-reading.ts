import { Readable } from 'node:stream'
import { conflict } from '../../../kernel/errors.ts'
import type { LakeType } from '../../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../../store/index.ts'
import type { Arrival } from '../../conversion/column-plan.ts'
import type { Line } from '../../harm/open-line.ts'
import { dropTable } from '../../load/lake-tables.ts'
import { digestColumn, type Reading, type Since, type WantedColumn } from '../connector.ts'
import type { DriverColumn, DriverDatabase, DriverSession, DriverValue } from './driver-database.ts'
import { encodeRows } from './encode-rows.ts'

interface Opened<Column, Statement> {
  database: DriverDatabase<Column & DriverColumn, Statement>
  lake: LakeEngine
  session: DriverSession<Statement>
  /** The same session, with its statements entered in the book. */
  catalog: DriverSession<Statement>
  line: Line
  object: string
  columns: readonly Column[]
  wanted: readonly WantedColumn[]
  since: Since | undefined
  /** All that the session reads is of one moment. */
  isSnapshot: boolean
  signal: AbortSignal
  close: () => Promise<void>
}

/** One object, opened for a load. */
export function openDriverReading<Column extends DriverColumn, Statement>(opened: Opened<Column, Statement>): Reading {
  const { database, lake, session, catalog, line, object, columns, wanted, isSnapshot, signal, close } = opened
  const { statements } = database
  const chosen = wanted.map(({ column }) => findColumn(columns, column))
  const since = opened.since && { column: findColumn(columns, opened.since.column), from: opened.since.from }
  const counting = statements.count(object, since)
  const ask = async (statement: Statement): Promise<DriverValue[]> => {
    try {
      return (await Array.fromAsync(catalog.rows(statement)))[0] ?? []
    } catch (error) {
      throw database.asError(error)
    }
  }
  const count = async () => Number((await ask(counting))[0] ?? 0)
  let counted: Promise<number> | undefined
  let landed: string | undefined
  return {
    arrivals: chosen.map((column, i) => arrivalOf(column, wanted[i]!.type)),
    async input(plans, { withDigest, landing }) {
      if (!landing) throw new TypeError('rows of a driver land in a table of the load')
      const kinds = plans.map(({ type }) => type.kind)
      const { statement, hasDigest } = await statements.rows(session, object, { columns: chosen, kinds, since, withDigest })
      const names = [...plans.map(({ input }) => input), ...(hasDigest ? [digestColumn] : [])]
      const { run } = line.carry(statements.written(statement))
      landed = landing
      await run(() => land(lake, { landing, names, rows: session.rows(statement), signal, asError: database.asError }))
      return {
        // Named one by one: on a cluster the rows would else be numbered on each node.
        parts: [`(SELECT ${names.map(quoteIdentifier).join(', ')} FROM lake.${quoteIdentifier(landing)})`],
        parameters: {},
        settings: {},
        hasDigest,
        isSnapshot: false,
      }
    },
    unreadable: 0,
    // A snapshot stays what it is: before and after are the same.
    count() {
      if (!isSnapshot) return count()
      counted ??= count()
      return counted
    },
    ...(since && {
      async compareWhole(value: string) {
        const [rows = 0, isThere = 0, newest = null] = await ask(statements.newest(object, since.column, value))
        return { rows: Number(rows), isOlder: Number(isThere) !== 1, newest: newest === null ? null : String(newest) }
      },
    }),
    async close() {
      await close()
      if (landed) await dropTable(lake, landed)
    },
  }
}

/** @throws conflict `ingestion.column_gone` */
function findColumn<Column extends DriverColumn>(columns: readonly Column[], column: string): Column {
  const found = columns.find(({ name }) => name === column)
  if (!found) throw conflict('ingestion.column_gone', { column })
  return found
}

const arrivalOf = (column: DriverColumn, type: LakeType): Arrival => {
  const { kind, isTyped, nullable, size, scale, maxLength } = column
  return {
    as: 'text',
    isTyped,
    kind,
    scale,
    fits: kind === 'decimal' && size !== null && scale !== null && scale <= type.scale && size - scale <= type.size - type.scale,
    isNullable: true,
    isEmptyMissing: false,
    isNeverNull: !nullable,
    maxLength,
  }
}

interface Landing {
  landing: string
  names: readonly string[]
  rows: AsyncIterable<DriverValue[]>
  signal: AbortSignal
  asError: (error: unknown) => Error
}

/** Rows into a table of the load, all as texts. @returns how many came */
async function land(lake: LakeEngine, { landing, names, rows, signal, asError }: Landing): Promise<number> {
  let count = 0
  let broken: unknown
  async function* counted() {
    try {
      for await (const row of rows) {
        count++
        yield row
      }
    } catch (error) {
      broken = error
      throw error
    }
  }
  const columns = names.map((name) => `${quoteIdentifier(name)} Nullable(String)`)
  await dropTable(lake, landing)
  await lake.define(`CREATE TABLE lake.${quoteIdentifier(landing)} (${columns.join(', ')}) ENGINE = MergeTree ORDER BY tuple()`)
  try {
    await lake.insertStream(`lake.${landing}`, 'RowBinary', Readable.from(encodeRows(counted()), { signal }), { signal })
  } catch (error) {
    // The lake calls whatever reaches it an error of its own.
    throw broken === undefined ? error : asError(broken)
  }
  return count
}
