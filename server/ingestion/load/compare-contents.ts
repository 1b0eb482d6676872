import { rowColumn } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn } from '../connectors/connector.ts'
import { cleanSql } from '../conversion/clean-text.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { type Definitions, longStatement, makeDefinitions } from '../conversion/definitions.ts'
import { canonicalText, storedText } from '../digest/canonical-text.ts'
import { lakeDigest } from '../digest/source-digest.ts'
import { type LoadTables, unreadableRows } from './lake-tables.ts'

const keysNamed = 100

/**
 * Compares the digest that each row brought from its source with the digest of what was stored, rendered back. The rows in
 * quarantine must read like the source too, or somebody would correct the wrong value.
 * @returns the keys of rows that differ, at most 100
 */
export async function compareContents(
  lake: LakeEngine,
  tables: LoadTables,
  hasQuarantine: boolean,
  columns: readonly ColumnPlan[],
): Promise<string[]> {
  const definitions = makeDefinitions()
  const name = ({ item }: ColumnPlan) => quoteIdentifier(item.code)
  const stored = columns.map((column) => storedText(column, name(column)))
  const raw = columns.map((column) =>
    canonicalText(column, column.arrival.as === 'text' ? cleanSql(column, name(column), definitions) : name(column)),
  )
  const parts = [
    differing(tables.target, columns, stored),
    ...(hasQuarantine ? [differing(tables.quarantine, columns, raw, definitions)] : []),
  ]
  const rows = []
  for (const part of parts)
    rows.push(
      ...(await lake.measure<{ key: string }>(`${part} LIMIT ${keysNamed}`, definitions.parameters, {
        priority: 'bulk',
        threads: 2,
        settings: longStatement,
      })),
    )
  return rows.map(({ key }) => key.slice(0, 200))
}

function differing(
  table: string,
  columns: readonly ColumnPlan[],
  texts: readonly string[],
  definitions: Definitions = makeDefinitions(),
): string {
  const hasKey = columns.some(({ item }) => item.isKey)
  const keys = columns
    .filter(({ item }, i) => (hasKey ? item.isKey : i < 3))
    .map(({ item }) => `ifNull(toString(${quoteIdentifier(item.code)}), '')`)
  return `SELECT arrayStringConcat([${keys.join(', ')}], ' / ') AS key FROM ${definitions.over(`lake.${quoteIdentifier(table)}`)} WHERE ${quoteIdentifier(digestColumn)} != ${lakeDigest(texts)} AND ${quoteIdentifier(rowColumn)} < ${unreadableRows}`
}
