import type { Arrival } from '../conversion/column-plan.ts'
import { mysqlDialect as dialect } from '../digest/source-digest.ts'
import type { WantedColumn } from './connector.ts'
import type { MysqlColumn } from './mysql-catalog.ts'

const integerDigits: Record<string, number> = { tinyint: 3, smallint: 5, mediumint: 8, int: 10, bigint: 19 }
const textTypes = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set'])
const binaryTypes = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob'])
const spatialTypes = new Set([
  'geometry',
  'point',
  'linestring',
  'polygon',
  'multipoint',
  'multilinestring',
  'multipolygon',
  'geometrycollection',
  'geomcollection',
])

/** A column of any type as text in UTF-8, in the form that the conversions take first. Depends on no setting of the session. */
export function shipText(column: MysqlColumn): string {
  const { base, charset, size } = column
  const name = dialect.name(column.name)
  if (textTypes.has(base)) return charset === 'utf8mb4' && base !== 'enum' && base !== 'set' ? name : `CONVERT(${name} USING utf8mb4)`
  if (binaryTypes.has(base)) return `LOWER(HEX(${name}))`
  if (spatialTypes.has(base)) return `ST_AsText(${name})`
  if (base === 'bit') return `CAST(${name} + 0 AS CHAR)`
  if (base === 'float') return floatText(name)
  // Without the zeros at the end of a fraction, which mean nothing.
  if (base === 'datetime' || base === 'timestamp') {
    const text = base === 'timestamp' ? beijingText(name) : `CAST(${name} AS CHAR)`
    return size === 0 ? text : `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${text}))`
  }
  return `CAST(${name} AS CHAR)`
}

/**
 * MySQL writes a float with six digits even where it has more (16777216 as 1.67772e7). Where the short text is not the number
 * itself, closer than half the distance to the next float, its exact value as a double is written.
 */
const floatText = (name: string) =>
  `CASE WHEN ABS(CAST(${name} AS CHAR) + 0e0 - ${name}) <= ABS(${name} + 0e0) * ${2 ** -25} THEN CAST(${name} AS CHAR) ELSE CAST(${name} + 0e0 AS CHAR) END`

/**
 * A timestamp as Beijing reads it. A server whose clock is eight hours ahead writes it so by itself, summer times of 1986–1991
 * included. Elsewhere the instant is counted from 1970; 0 is no instant but the zero date.
 */
const beijingText = (name: string) =>
  `CASE WHEN TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW()) = 480 OR UNIX_TIMESTAMP(${name}) = 0 THEN CAST(${name} AS CHAR)
    ELSE CAST(TIMESTAMP'1970-01-01 08:00:00' + INTERVAL UNIX_TIMESTAMP(${name}) SECOND AS CHAR) END`

/**
 * A session with ALLOW_INVALID_DATES can store 31 February, which the engine would read as 2 March. Such a day gets a space in
 * front, with which it is no date, and goes to quarantine.
 */
function markNoSuchDay(column: MysqlColumn, text: string): string {
  const name = dialect.name(column.name)
  return `CASE WHEN LAST_DAY(${name}) < DATE(${name}) THEN CONCAT(' ', ${text}) ELSE ${text} END`
}

/**
 * Integers travel as they are where the item holds every one of them. All else travels as text: the engine's own reading turns
 * days before 1900 and zero dates into 1970-01-01 and floats into six digits (measured, 26.7). So does what may be a word for no value.
 */
export function arrivalOf(column: MysqlColumn, { type, conversion, missing }: WantedColumn): Arrival {
  const { base, size, scale } = column
  const isPadded = /zerofill/i.test(column.type)
  const isUnsigned = /unsigned/i.test(column.type)
  // An unsigned bigint may not fit the Int64 that integers travel as: it would come out as -1.
  const digits = base === 'bigint' && isUnsigned ? undefined : integerDigits[base]
  const fits =
    digits !== undefined &&
    missing.length === 0 &&
    ((type.kind === 'integer' && conversion === 'integer') || (type.kind === 'decimal' && type.size - type.scale >= digits))
  const common = {
    isNullable: true,
    isEmptyMissing: false,
    isNeverNull: !column.nullable,
    kind: 'text',
    scale: null,
    fits: false,
    maxLength: null,
  } as const
  if (fits) return { ...common, as: 'integer', isTyped: true }
  if (textTypes.has(base)) return { ...common, as: 'text', isTyped: false, maxLength: size }
  // Zeros in front are part of a padded number's text, and of no number's canonical one.
  const kind = isPadded ? 'text' : (kinds[base] ?? 'text')
  const isDecimal = kind === 'decimal' && size !== null && scale !== null
  return {
    ...common,
    as: 'text',
    isTyped: true,
    kind,
    scale: isDecimal ? scale : null,
    fits: isDecimal && scale <= type.scale && size - scale <= type.size - type.scale,
    maxLength: longest[base] ?? null,
  }
}

const kinds: Record<string, Arrival['kind']> = {
  decimal: 'decimal',
  date: 'date',
  datetime: 'time',
  timestamp: 'time',
  float: 'float',
  double: 'float',
  bit: 'integer',
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
}
const longest: Record<string, number> = { date: 11, uuid: 36, inet6: 45 }

/** A column of the statement that ships it. */
export function shipColumn(column: MysqlColumn, arrival: Arrival, type: WantedColumn['type']): string {
  if (arrival.as !== 'text') return dialect.name(column.name)
  const text = shipText(column)
  const isDay = (type.kind === 'date' || type.kind === 'time') && ['date', 'datetime', 'timestamp'].includes(column.base)
  return isDay ? markNoSuchDay(column, text) : text
}

/** The same as the bytes that go into the digest: as bytes, because texts of two collations do not mix. */
export const digestText = (column: MysqlColumn, arrival: Arrival, type: WantedColumn['type']): string =>
  `CAST(${arrival.as === 'text' ? shipColumn(column, arrival, type) : `CAST(${dialect.name(column.name)} + 0 AS CHAR)`} AS BINARY)`
