import { conflict } from '../../../kernel/errors.ts'
import { mysqlDialect as dialect } from '../../digest/source-digest.ts'
import type { RowKeys } from '../connector.ts'
import type { MysqlColumn } from '../mysql-catalog.ts'

const isInteger = ({ base }: MysqlColumn) => base.endsWith('int')

/** Whether a column's value can be told by its text alone, in the log and in a statement. */
export const isTellingKey = (column: MysqlColumn): boolean =>
  !/zerofill/i.test(column.type) && (isInteger(column) || ['decimal', 'char', 'varchar', 'date'].includes(column.base))

/** Rows by their keys. Every value is a literal that takes the column's own collation, so that its index is used. */
export function keysWhere(columns: readonly MysqlColumn[], { names, rows }: RowKeys): string {
  const keys = names.map((name) => {
    const column = columns.find((each) => each.name === name)
    if (!column) throw conflict('ingestion.column_gone', { column: name })
    return { name: dialect.name(name), literal: (text: string) => literalOf(column, text) }
  })
  const [key] = keys
  if (keys.length === 1) return ` WHERE ${key!.name} IN (${rows.map(([text]) => key!.literal(text!)).join(', ')})`
  const one = (texts: RowKeys['rows'][number]) => keys.map(({ name, literal }, i) => `${name} = ${literal(texts[i]!)}`).join(' AND ')
  return ` WHERE ${rows.map((texts) => `(${one(texts)})`).join(' OR ')}`
}

function literalOf(column: MysqlColumn, text: string): string {
  if (isInteger(column)) return String(BigInt(text))
  if (column.base === 'decimal') {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Error('a decimal key is no number')
    return text
  }
  // As hex wherever a session's mode could read it otherwise; CONVERT would have a collation of its own.
  return /^[\w .:/+-]*$/.test(text) ? `'${text}'` : `_utf8mb4 X'${Buffer.from(text).toString('hex')}'`
}
