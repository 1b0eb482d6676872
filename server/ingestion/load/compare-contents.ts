import { renderSql } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn, type Reading } from '../connectors/connector.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { canonicalText, cleanText, rowDigest } from '../digest/canonical-text.ts'
import { lakeDialect as dialect } from '../digest/sql-dialect.ts'
import type { LoadTables } from './lake-tables.ts'

const keysNamed = 100

/**
 * Compares the digest that each row brought from its source with the digest of what was stored, rendered back. The rows in
 * quarantine must read like the source too, or somebody would correct the wrong value.
 * @returns the keys of rows that differ, at most 100
 */
export async function compareContents(lake: LakeEngine, tables: LoadTables, hasQuarantine: boolean, columns: readonly ColumnPlan[], reading: Pick<Reading, 'lakeText'>): Promise<string[]> {
  const name = ({ item }: ColumnPlan) => quoteIdentifier(item.code)
  const stored = columns.map((column) => reading.lakeText?.(column, name(column)) ?? renderSql(column.type, name(column)))
  const raw = columns.map((column) => {
    const text = cleanText(dialect, column, name(column))
    const float = `if(isFinite(toFloat64OrNull(${text})), toFloat64OrNull(${text}), NULL)`
    return (column.type.kind === 'float' && reading.lakeText?.(column, float)) || canonicalText(dialect, column, text)
  })
  const parts = [differing(tables.target, columns, stored), ...(hasQuarantine ? [differing(tables.quarantine, columns, raw)] : [])]
  const rows = await lake.measure<{ key: string }>(`${parts.join(' UNION ALL ')} LIMIT ${keysNamed}`, {}, { priority: 'bulk' })
  return rows.map(({ key }) => key.slice(0, 200))
}

function differing(table: string, columns: readonly ColumnPlan[], texts: readonly string[]): string {
  const hasKey = columns.some(({ item }) => item.isKey)
  const keys = columns.filter(({ item }, i) => (hasKey ? item.isKey : i < 3)).map(({ item }) => `ifNull(toString(${quoteIdentifier(item.code)}), '')`)
  return `SELECT ${dialect.join(keys, ' / ')} AS key FROM lake.${quoteIdentifier(table)} WHERE ${quoteIdentifier(digestColumn)} != ${rowDigest(texts)}`
}
