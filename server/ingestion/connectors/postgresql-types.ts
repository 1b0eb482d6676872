import type { Arrival, ColumnPlan } from '../conversion/column-plan.ts'
import { canonicalText, cleanText } from '../digest/canonical-text.ts'
import { postgresqlDialect as dialect } from '../digest/sql-dialect.ts'
import type { WantedColumn } from './connector.ts'
import type { PostgresColumn } from './postgresql-catalog.ts'

const integerDigits: Record<string, number> = { int2: 5, int4: 10, int8: 19 }
const textTypes = new Set(['text', 'varchar', 'bpchar', 'name', 'citext', 'char'])

/** A column of any type as text in the form that the conversions take first. Depends on no setting of the session but DateStyle's default. */
export function shipText({ name, base }: Pick<PostgresColumn, 'name' | 'base'>): string {
  const column = dialect.name(name)
  if (base === 'timestamptz') return `(${column} AT TIME ZONE 'Asia/Shanghai')::text`
  if (base === 'bytea') return `encode(${column}, 'hex')`
  return `${column}::text`
}

/**
 * Integers and truths travel as they are where the item holds every one of them. All else travels as text: the engine's own
 * reading of dates clips, of decimals rounds, and of `NaN` fails; and as text it is faster besides (measured).
 */
export function arrivalOf(column: PostgresColumn, { type, conversion }: WantedColumn): Arrival {
  const isNeverNull = !column.nullable
  const digits = integerDigits[column.base]
  const fits = (type.kind === 'integer' && conversion === 'integer') || (type.kind === 'decimal' && digits !== undefined && type.size - type.scale >= digits)
  const common = { isEmptyMissing: false, isNeverNull }
  if (digits !== undefined && fits) return { ...common, as: 'integer', isTyped: true, maxLength: null }
  if (column.base === 'bool' && type.kind === 'truth') return { ...common, as: 'truth', isTyped: true, maxLength: null }
  const isText = textTypes.has(column.base)
  const maxLength = isText ? column.size : digits !== undefined ? digits + 1 : column.base === 'uuid' ? 36 : column.base === 'bool' ? 5 : null
  return { ...common, as: 'text', isTyped: !isText, maxLength }
}

/** The canonical text of a column of the statement that ships it. */
export function digestText(plan: ColumnPlan, column: PostgresColumn): string {
  const shipped = dialect.name(plan.input)
  if (plan.arrival.as !== 'text') return `${shipped}::text`
  if (plan.conversion === 'float') return floatText(plan.arrival.isTyped ? shipped : cleanText(dialect, plan, shipped), plan.arrival.isTyped)
  return isPlain(plan, column) ? shipped : canonicalText(dialect, plan, cleanText(dialect, plan, shipped))
}

/** Typed values whose text is canonical as it stands: rewriting it would cost more than the digest itself. */
function isPlain({ arrival, missing, type }: ColumnPlan, column: PostgresColumn): boolean {
  if (!arrival.isTyped || missing.length > 0) return false
  if (column.base === 'numeric') return type.kind === 'decimal' && column.scale === type.scale
  return (column.base === 'date' && type.kind === 'date') || (/^timestamp/.test(column.base) && type.kind === 'time')
}

const floatShape = '^[-+]?([0-9]{1,200}([.][0-9]{0,100})?|[.][0-9]{1,100})([eE][-+]?[0-9]{1,2})?$'
/** A float's 64 bits: the decimal spellings of the two sides differ. A negative zero is a zero; what is no number is absent. */
function floatText(text: string, isTyped: boolean): string {
  const isNumber = isTyped ? `${text} NOT IN ('NaN', 'Infinity', '-Infinity')` : dialect.matches(text, floatShape)
  return `encode(float8send((CASE WHEN ${isNumber} THEN ${text} END)::float8 + 0), 'hex')`
}
const floatBits = (name: string) => `lower(hex(reverse(reinterpretAsFixedString(${name} + 0))))`

/** How a stored value reads in the digest, where that is not its plain text. */
export function lakeText(plan: ColumnPlan, column: PostgresColumn, name: string): string | undefined {
  if (plan.conversion === 'float' && plan.type.kind === 'float') return floatBits(name)
  if (column.base === 'numeric' && isPlain(plan, column)) return `toDecimalString(${name}, ${plan.type.scale})`
  return undefined
}
