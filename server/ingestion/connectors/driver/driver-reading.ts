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

interface Opened {
  database: DriverDatabase
  lake: LakeEngine
  session: DriverSession
  /** The same session, with its statements entered in the book. */
  catalog: DriverSession
  line: Line
  from: string
  columns: readonly DriverColumn[]
  wanted: readonly WantedColumn[]
  since: Since | undefined
  /** All that the session reads is of one moment. */
  isSnapshot: boolean
  signal: AbortSignal
  close: () => Promise<void>
}

/** One object, opened for a load. */
export function openDriverReading(opened: Opened): Reading {
  const { database, lake, session, catalog, line, from, columns, wanted, since, isSnapshot, signal, close } = opened
  const chosen = wanted.map(({ column }) => findColumn(columns, column))
  const recent = since && sinceSql(database, findColumn(columns, since.column), since)
  const where = recent ? ` WHERE ${recent.where}` : ''
  const ask = async (sql: string) => {
    try {
      return (await Array.fromAsync(catalog.rows(sql)))[0]!
    } catch (error) {
      throw database.asError(error)
    }
  }
  const count = async () => Number((await ask(`SELECT COUNT(*) FROM ${from}${where}`))[0])
  let counted: Promise<number> | undefined
  let landed: string | undefined
  return {
    arrivals: chosen.map((column, i) => arrivalOf(column, wanted[i]!.type)),
    async input(plans, { withDigest, landing }) {
      if (!landing) throw new TypeError('rows of a driver land in a table of the load')
      const texts = chosen.map(({ text }, i) => text(plans[i]!.type.kind))
      const digest = withDigest ? await database.digest(session, texts) : null
      const names = [...plans.map(({ input }) => input), ...(digest ? [digestColumn] : [])]
      const { statement, run } = line.carry(`SELECT ${[...texts, ...(digest ? [digest] : [])].join(', ')} FROM ${from}${where}`)
      landed = landing
      await run(() => land(lake, { landing, names, rows: session.rows(statement), signal, asError: database.asError }))
      return {
        // Named one by one: on a cluster the rows would else be numbered on each node.
        parts: [`(SELECT ${names.map(quoteIdentifier).join(', ')} FROM lake.${quoteIdentifier(landing)})`],
        parameters: {},
        settings: {},
        hasDigest: digest !== null,
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
    ...(recent && {
      async compareWhole(value: string) {
        const newest = `MAX(${recent.column})`
        const [rows, isThere, shown] = await ask(
          `SELECT COUNT(*), CASE WHEN ${newest} >= ${recent.literal(value)} THEN 1 ELSE 0 END, ${recent.shown(newest)} FROM ${from}`,
        )
        return { rows: Number(rows), isOlder: Number(isThere) !== 1, newest: shown === null ? null : String(shown) }
      },
    }),
    async close() {
      await close()
      if (landed) await dropTable(lake, landed)
    },
  }
}

/** @throws conflict `ingestion.column_gone` */
function findColumn(columns: readonly DriverColumn[], column: string): DriverColumn {
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

/** Rows without a value have no place in time: they come with every load. @throws conflict `ingestion.watermark_type` */
function sinceSql({ dialect }: DriverDatabase, found: DriverColumn, { from }: Since) {
  const { literal: typed, text } = found
  if (!typed) throw conflict('ingestion.watermark_type', { column: found.name })
  const column = dialect.name(found.name)
  const literal = (value: string) => typed(dialect.text(value))
  return { column, literal, shown: (value: string) => text('text', value), where: `(${column} >= ${literal(from)} OR ${column} IS NULL)` }
}

interface Landing {
  landing: string
  names: readonly string[]
  rows: AsyncIterable<DriverValue[]>
  signal: AbortSignal
  asError: DriverDatabase['asError']
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
