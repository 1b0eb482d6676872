import { AppError } from '../../../kernel/errors.ts'
import { mysqlDialect as dialect } from '../../digest/source-digest.ts'
import { type SliceBounds, sliceBetween, slicesOf } from '../../slice/slice-bounds.ts'
import type { MysqlColumn } from '../mysql-catalog.ts'
import { type Mark, markBits } from './mark.ts'
import { rangeSql } from './postgresql-slices.ts'

type Query = (sql: string) => Promise<Record<string, string | null>[]>

const textual = new Set(['char', 'varchar', 'date', 'datetime', 'decimal'])
const isInteger = ({ base }: MysqlColumn) => base.endsWith('int')

/** The primary key, where it is one column of a type whose text, read back, is the same value. */
function keyOf(columns: readonly MysqlColumn[]): MysqlColumn | null {
  const [key, second] = columns.filter(({ isKey }) => isKey)
  return key && !second && (isInteger(key) || textual.has(key.base)) ? key : null
}

const literalOf = (key: MysqlColumn) => (value: string) => (isInteger(key) ? String(BigInt(value)) : dialect.text(value))

/** The slices of a table by its primary key; none where it is small or has no such key. */
export async function splitTable(
  query: Query,
  table: string,
  columns: readonly MysqlColumn[],
  estimatedRows: number,
): Promise<{ slices: SliceBounds[]; estimatedRows: number }> {
  const count = slicesOf(estimatedRows)
  const key = keyOf(columns)
  if (count === 1 || !key) return { slices: [], estimatedRows }
  const boundaries = await walkBoundaries(query, table, key, { slices: count, step: Math.ceil(estimatedRows / count) })
  return { slices: sliceBetween(boundaries, { kind: 'key', column: key.name, since: null }), estimatedRows }
}

/** Every so many keys along the index. The estimate may be far off: the last slice takes what is left, of a table thrice as long at most. */
async function walkBoundaries(
  query: Query,
  table: string,
  key: MysqlColumn,
  { slices, step }: { slices: number; step: number },
): Promise<string[]> {
  const name = dialect.name(key.name)
  const found: string[] = []
  while (found.length < slices * 3) {
    const last = found.at(-1)
    const where = last === undefined ? '' : `WHERE ${name} >= ${literalOf(key)(last)}`
    const [next] = await query(`SELECT CAST(${name} AS CHAR) AS k FROM ${table} ${where} ORDER BY ${name} LIMIT 1 OFFSET ${step}`)
    if (next?.k == null) break
    found.push(next.k)
  }
  return found
}

export function sliceWhere(columns: readonly MysqlColumn[], slice: SliceBounds): string {
  const key = keyOf(columns)
  if (key?.name !== slice.column) throw new AppError('conflict', 'ingestion.column_gone', { params: { column: slice.column } })
  return rangeSql(dialect.name(key.name), slice, literalOf(key), false)
}

/** What a row adds to the checksum of its slice: 32 bits of its key where that is an integer, else of the MD5 of its key. */
export function markOf(columns: readonly MysqlColumn[]): Mark {
  const key = keyOf(columns)!
  const name = dialect.name(key.name)
  if (isInteger(key)) return { sql: `(${name} & ${markBits})`, integerKey: key.name }
  return { sql: `CAST(CONV(LEFT(MD5(${name}), 8), 16, 10) AS UNSIGNED)`, integerKey: null }
}
