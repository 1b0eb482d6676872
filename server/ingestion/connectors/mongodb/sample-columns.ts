import type { Document } from 'mongodb'
import type { DriverColumn } from '../driver/driver-database.ts'
import { beijingText } from './beijing-time.ts'
import { isBsonValue } from './field-text.ts'

/** A field of documents: at the top, or one step further down. */
export interface FieldColumn extends DriverColumn {
  path: readonly string[]
  /** How the values of a sample follow one another; null where they do not, or where their name cannot be asked for. */
  order: 'time' | 'number' | null
}

/** Documents with more fields than that are lists in the shape of a document. */
const mostFields = 100

/**
 * The columns that a sample of documents shows. A field that holds nothing but documents gives a column for each of their fields;
 * documents further down, and whatever is of several types, are texts.
 */
export function sampleColumns(documents: readonly Document[]): FieldColumn[] {
  const fields = valuesByName(documents)
  return [...fields].flatMap(([name, values]) => {
    const inner = valuesByName(values.filter(isDocument))
    const names = [...inner.keys()].map((below) => `${name}.${below}`)
    const isWhole = inner.size === 0 || inner.size > mostFields || !values.every(isDocument) || names.some((found) => fields.has(found))
    if (isWhole) return [toColumn([name], values)]
    return [...inner].map(([below, found]) => toColumn([name, below], found))
  })
}

/** A column that is asked for by name: a sample of few documents need not show it. */
export const namedColumn = (name: string): FieldColumn => {
  const [top, ...rest] = name.split('.')
  return toColumn(rest.length > 0 ? [top!, rest.join('.')] : [top!], [])
}

/** A name that the server's own paths and operators cannot be mistaken for. */
export const isPlainName = (name: string): boolean => name !== '' && !/[.$\0]/.test(name)

export const valueAt = (document: Document, [top, below]: readonly string[]): unknown => {
  const value: unknown = document[top!]
  if (below === undefined) return value
  // As the database itself takes a path through an array.
  if (Array.isArray(value)) return value.flatMap((each) => (isDocument(each) && below in each ? [each[below]] : []))
  return isDocument(value) ? value[below] : undefined
}

function valuesByName(documents: readonly Document[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>()
  for (const document of documents)
    for (const [name, value] of Object.entries(document)) {
      const values = found.get(name) ?? []
      if (value !== null && value !== undefined) values.push(value)
      found.set(name, values)
    }
  return found
}

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date) && !isBsonValue(value)

function toColumn(path: readonly string[], values: readonly unknown[]): FieldColumn {
  const type = typeOf(values)
  const order = /^(int32|int64|double|decimal128)$/.test(type) ? 'number' : /^date(time)?$/.test(type) ? 'time' : null
  return {
    name: path.join('.'),
    path,
    order: path.every(isPlainName) ? order : null,
    type,
    nullable: path[0] !== '_id',
    isKey: path.length === 1 && path[0] === '_id',
    comment: '',
    identity: null,
    // Nothing holds a field to a type: each value is proved by its conversion.
    kind: 'text',
    isTyped: false,
    size: null,
    scale: null,
    maxLength: null,
  }
}

/** From the narrowest to the widest. */
const numbers = ['int32', 'int64', 'double', 'decimal128']

function typeOf(values: readonly unknown[]): string {
  const types = [...new Set(values.map(typeOfOne))]
  if (types.length <= 1) return types[0] ?? 'null'
  if (types.every((type) => numbers.includes(type))) return numbers.findLast((type) => types.includes(type))!
  if (types.every((type) => type === 'date' || type === 'datetime')) return 'datetime'
  return `mixed(${types.sort().join(', ')})`
}

const names: Record<string, string> = { Long: 'int64', Binary: 'binData', ObjectId: 'objectId', BSONRegExp: 'regex', BSONSymbol: 'symbol' }

/** Instants that are all a midnight in Beijing are days. */
function typeOfOne(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (value instanceof Date) return beijingText(value).endsWith(' 00:00:00') ? 'date' : 'datetime'
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean' ? 'bool' : typeof value
  return isBsonValue(value) ? (names[value._bsontype] ?? value._bsontype.toLowerCase()) : 'object'
}
