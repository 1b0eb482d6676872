import type { Arrival, ColumnPlan } from '../conversion/column-plan.ts'
import { postgresqlDialect as dialect } from '../digest/source-digest.ts'
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
 * reading of dates clips, of decimals rounds, and of `NaN` fails; and as text it is faster besides (measured). So does what may be a
 * word for no value.
 */
export function arrivalOf(column: PostgresColumn, { type, conversion, missing }: WantedColumn): Arrival {
  const isNeverNull = !column.nullable
  const digits = integerDigits[column.base]
  const fits =
    (type.kind === 'integer' && conversion === 'integer') ||
    (type.kind === 'decimal' && digits !== undefined && type.size - type.scale >= digits)
  const common = {
    isNullable: true,
    isEmptyMissing: false,
    isNeverNull,
    kind: 'text',
    scale: column.scale,
    fits: false,
    maxLength: null,
  } as const
  const isNative = missing.length === 0
  if (isNative && digits !== undefined && fits) return { ...common, as: 'integer', isTyped: true }
  if (isNative && column.base === 'bool' && type.kind === 'truth') return { ...common, as: 'truth', isTyped: true }
  if (textTypes.has(column.base)) return { ...common, as: 'text', isTyped: false, maxLength: column.size }
  const kind = kinds[column.base] ?? 'text'
  const inRange =
    kind === 'decimal' && column.size !== null && column.scale! <= type.scale && column.size - column.scale! <= type.size - type.scale
  return { ...common, as: 'text', isTyped: true, kind, fits: inRange, maxLength: longest[column.base] ?? null }
}

const kinds: Record<string, Arrival['kind']> = {
  numeric: 'decimal',
  date: 'date',
  timestamp: 'time',
  timestamptz: 'time',
  float4: 'float',
  float8: 'float',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  bool: 'truth',
}
const longest: Record<string, number> = { int2: 6, int4: 11, int8: 20, uuid: 36, bool: 5 }

/** A column of the statement that ships it, as the text that goes into the digest. */
export const digestText = ({ input, arrival }: ColumnPlan): string => `${dialect.name(input)}${arrival.as === 'text' ? '' : '::text'}`
