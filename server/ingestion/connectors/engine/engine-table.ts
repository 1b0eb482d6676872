import type { SourceColumn } from '#contract/ingestion.ts'
import type { z } from 'zod'
import { conflict } from '../../../kernel/errors.ts'
import { type LakeEngine, quoteIdentifier } from '../../../store/index.ts'
import type { Reading, Since, WantedColumn } from '../connector.ts'
import { arrivalOf, type EngineColumn, ship } from './engine-columns.ts'
import { asEngineError } from './engine-error.ts'

/** A table that the engine reads by itself: a table function with its values as parameters. */
export interface EngineTable {
  from: string
  parameters: Record<string, string>
  settings: Record<string, string | number>
}

type Column = z.infer<typeof SourceColumn>

/** Asks the engine about a source. @throws AppError, never the engine's own message */
export async function ask<Row>(lake: LakeEngine, sql: string, { parameters, settings }: Omit<EngineTable, 'from'>): Promise<Row[]> {
  try {
    return await lake.measure<Row>(sql, parameters, { settings })
  } catch (error) {
    throw asEngineError(error)
  }
}

export async function describeColumns(lake: LakeEngine, table: EngineTable): Promise<(EngineColumn & { engineType: string })[]> {
  const columns = await ask<{ name: string; type: string }>(lake, `DESCRIBE TABLE ${table.from}`, table)
  return columns.map(({ name, type }) => ({ name, engineType: type }))
}

/** The first rows as texts. */
export async function previewRows(lake: LakeEngine, table: EngineTable, columns: readonly EngineColumn[], limit: number) {
  const list = columns.map((column, i) => `CAST(${quoteIdentifier(column.name)} AS Nullable(String)) AS c${i}`).join(', ')
  const rows = await ask<Record<string, string | null>>(lake, `SELECT ${list} FROM ${table.from} LIMIT ${Math.trunc(limit)}`, table)
  return { columns: columns.map(({ name }) => name), rows: rows.map((row) => columns.map((_, i) => row[`c${i}`] ?? null)) }
}

const sampled = 50

/** Columns with a few samples; what the engine does not know about them comes in `facts`. */
export async function presentColumns(
  lake: LakeEngine,
  table: EngineTable,
  facts: ReadonlyMap<string, Pick<Column, 'isKey' | 'comment'>>,
): Promise<Column[]> {
  const columns = await describeColumns(lake, table)
  const { rows } = await previewRows(lake, table, columns, sampled)
  return columns.map(({ name, engineType }, i) => {
    const values = rows.flatMap((row) => row[i] ?? [])
    return {
      name,
      type: engineType,
      nullable: engineType.includes('Nullable('),
      isKey: false,
      comment: '',
      samples: [...new Set(values)].slice(0, 5).map((value) => value.slice(0, 60)),
      ...facts.get(name),
    }
  })
}

/** One table of the engine, opened for a load. @throws conflict `ingestion.column_gone` */
export async function readTable(lake: LakeEngine, table: EngineTable, wanted: readonly WantedColumn[], since?: Since): Promise<Reading> {
  const columns = await describeColumns(lake, table)
  const find = (column: string) => {
    const found = columns.find(({ name }) => name === column)
    if (!found) throw conflict('ingestion.column_gone', { column })
    return found
  }
  const chosen = wanted.map(({ column }) => find(column))
  const newer = since && newerRows(find(since.column), 'since')
  const where = newer ? ` WHERE ${newer.isFrom} OR isNull(${newer.column})` : ''
  const { settings } = table
  const parameters = { ...table.parameters, ...(since && { since: since.from }) }
  return {
    arrivals: chosen.map((column, i) => arrivalOf(column, wanted[i]!, { isNullable: true, isEmptyMissing: false })),
    input: async () => ({
      parts: [`(SELECT ${chosen.map((column, i) => ship(column, wanted[i]!, i)).join(', ')} FROM ${table.from}${where})`],
      parameters,
      settings,
      hasDigest: false,
      isSnapshot: false,
    }),
    unreadable: 0,
    count: async () => {
      const [found] = await ask<{ n: string }>(lake, `SELECT count() AS n FROM ${table.from}${where}`, { parameters, settings })
      return Number(found!.n)
    },
    ...(since && {
      async compareWhole(value: string) {
        const { column, isFrom } = newerRows(find(since.column), 'newest')
        const [found] = await ask<{ rows: string; isThere: number; newest: string | null }>(
          lake,
          `SELECT count() AS rows, countIf(${isFrom}) > 0 AS isThere, CAST(max(${column}) AS Nullable(String)) AS newest FROM ${table.from}`,
          { parameters: { ...table.parameters, newest: value }, settings },
        )
        return { rows: Number(found!.rows), isOlder: found!.isThere !== 1, newest: found!.newest }
      },
    }),
    close: async () => {},
  }
}

/** Rows whose column is the parameter or newer; both are read by the same parser. */
function newerRows({ name, engineType }: EngineColumn, parameter: string): { column: string; isFrom: string } {
  const column = quoteIdentifier(name)
  return { column, isFrom: `${column} >= CAST({${parameter}:String} AS ${engineType})` }
}
