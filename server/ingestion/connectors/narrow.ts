import type { GrantCondition } from '../../kernel/grant.ts'
import type { SqlDialect } from '../digest/source-digest.ts'
import { shipText } from './postgresql-types.ts'
import type { PostgresColumn } from './postgresql-catalog.ts'

/** Which rows of an object are wanted where it is read in place: filtered, ordered and cut by the source itself. */
export interface Narrow {
  /** `column` is an index into the wanted columns. */
  conditions: readonly (Pick<GrantCondition, 'operator' | 'value' | 'type'> & { column: number })[]
  /** Wanted columns that give the order; without one the order is the source's own. */
  orderBy: readonly number[]
  limit: number
  offset: number
}

const texts = new Set(['text', 'varchar', 'name'])
const signs = { eq: '=', neq: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const
/** `*` is the only wildcard: `%`, `_` and `\` stand for themselves. */
const toPattern = (text: string) => text.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%')

/** What stands after FROM, in PostgreSQL. Every value is a literal that its type has been checked for. */
export function postgresqlNarrow(
  dialect: SqlDialect,
  columns: readonly PostgresColumn[],
  { conditions, orderBy, limit, offset }: Narrow,
): string {
  const where = conditions.map(({ column, operator, value, type }) => {
    const { name, base } = columns[column]!
    const isText = type.kind === 'text'
    const plain = isText && !texts.has(base) ? shipText({ name, base }) : dialect.name(name)
    // A zoned time is shown as the wall clock of the city.
    const held = base === 'timestamptz' && !isText ? `(${plain} AT TIME ZONE 'Asia/Shanghai')` : plain
    const literal = (text: string) => literalOf(dialect, type.kind, text)
    if (operator === 'is') return `${held} IS ${value === 'null' ? '' : 'NOT '}NULL`
    if (operator === 'in') return `${held} IN (${(value as string[]).map(literal).join(', ')})`
    if (operator === 'like') return `${held} LIKE ${dialect.text(toPattern(value as string))}`
    // Equality is of bytes in every collation; an order is not, and the lake's is that of bytes.
    const collate = isText && operator !== 'eq' && operator !== 'neq' ? ' COLLATE "C"' : ''
    return `${held}${collate} ${signs[operator]} ${literal(value as string)}`
  })
  const order = orderBy.map((column) => dialect.name(columns[column]!.name))
  return [
    where.length > 0 ? ` WHERE ${where.join(' AND ')}` : '',
    order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '',
    ` LIMIT ${BigInt(limit)} OFFSET ${BigInt(offset)}`,
  ].join('')
}

function literalOf({ text }: SqlDialect, kind: GrantCondition['type']['kind'], value: string): string {
  switch (kind) {
    case 'text':
      return text(value)
    case 'integer':
      return String(BigInt(value))
    case 'decimal':
      return `CAST(${text(value)} AS numeric)`
    case 'float':
      return `CAST(${text(value)} AS double precision)`
    case 'date':
      return `DATE ${text(value)}`
    case 'time':
      return `TIMESTAMP ${text(value.replace('T', ' '))}`
    case 'truth':
      return value === 'true' ? 'true' : 'false'
  }
}
