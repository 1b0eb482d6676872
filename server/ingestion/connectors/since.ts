import { AppError } from '../../kernel/errors.ts'
import { mysqlDialect, postgresqlDialect, type SqlDialect } from '../digest/source-digest.ts'
import type { Since } from './connector.ts'

/** A watermark in a source's SQL. */
export interface SinceSql {
  /** The column's quoted name. */
  column: string
  /** A value of the lake as one of the column's type, so that an index on it can be used. */
  literal: (value: string) => string
  /** Rows without a value have no place in time: they come with every load. */
  where: string
}

type Literal = (text: string) => string
const cast =
  (type: string): Literal =>
  (text) =>
    `${text}::${type}`
const postgresqlLiterals: Record<string, Literal> = {
  date: cast('date'),
  timestamp: cast('timestamp'),
  // Instants are kept as Beijing's clocks show them.
  timestamptz: (text) => `(${text}::timestamp AT TIME ZONE 'Asia/Shanghai')`,
  int2: cast('bigint'),
  int4: cast('bigint'),
  int8: cast('bigint'),
  numeric: cast('numeric'),
}

const asIs: Literal = (text) => text
const number: Literal = (text) => `CAST(${text} AS DECIMAL(65, 10))`
const mysqlLiterals: Record<string, Literal> = {
  date: asIs,
  datetime: asIs,
  timestamp: (text) => `FROM_UNIXTIME(TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 08:00:00', ${text}) / 1000000)`,
  ...Object.fromEntries(['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal'].map((base) => [base, number])),
}

/** @throws conflict `ingestion.column_gone` `ingestion.watermark_type` */
function sinceSql(
  { name, text }: SqlDialect,
  literals: Record<string, Literal>,
  columns: readonly { name: string; base: string }[],
  { column, from }: Since,
): SinceSql {
  const found = columns.find((each) => each.name === column)
  if (!found) throw new AppError('conflict', 'ingestion.column_gone', { params: { column } })
  const typed = literals[found.base]
  if (!typed) throw new AppError('conflict', 'ingestion.watermark_type', { params: { column } })
  const literal = (value: string) => typed(text(value))
  return { column: name(column), literal, where: `${name(column)} >= ${literal(from)} OR ${name(column)} IS NULL` }
}

export const postgresqlSince = (columns: Parameters<typeof sinceSql>[2], since: Since): SinceSql =>
  sinceSql(postgresqlDialect, postgresqlLiterals, columns, since)
export const mysqlSince = (columns: Parameters<typeof sinceSql>[2], since: Since): SinceSql =>
  sinceSql(mysqlDialect, mysqlLiterals, columns, since)
