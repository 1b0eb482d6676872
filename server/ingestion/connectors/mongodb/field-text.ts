import type { Document } from 'mongodb'
import type { LakeType } from '../../../kernel/lake-types.ts'
import { beijingText } from './beijing-time.ts'

/** A value of BSON that JavaScript has no type for, as the driver gives it where nothing is promoted. */
export interface BsonValue {
  _bsontype: string
  toString(): string
  toExtendedJSON(options: { relaxed: boolean }): unknown
}
export const isBsonValue = (value: object): value is BsonValue => '_bsontype' in value && typeof value._bsontype === 'string'

/** The number that a text means, without an exponent: conversions take none. */
export function plainNumber(text: string): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?E([-+]?\d+)$/i.exec(text)
  if (!found) return text
  const [, sign, whole = '', fraction = '', exponent] = found
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}${digits.length > point ? `.${digits.slice(point)}` : ''}`
}

const midnight = / 00:00:00$/

/** A field as text; arrays and documents as extended JSON. Numbers are written from their own digits, never by way of a number of JavaScript. */
export function fieldText(value: unknown, wanted: LakeType['kind']): string | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return String(value)
  if (value instanceof Date) {
    const text = beijingText(value)
    return wanted === 'date' ? text.replace(midnight, '') : text
  }
  return isBsonValue(value) ? bsonText(value) : extendedJson(value)
}

function bsonText(value: BsonValue): string {
  switch (value._bsontype) {
    case 'Int32':
    case 'Long':
    case 'ObjectId':
    case 'BSONSymbol':
      return value.toString()
    case 'Double':
    case 'Decimal128':
      return plainNumber(value.toString())
    case 'Binary': {
      const bytes = value as unknown as { sub_type: number; buffer: Uint8Array; position: number; toUUID(): object }
      return bytes.sub_type === 4 ? String(bytes.toUUID()) : Buffer.from(bytes.buffer.subarray(0, bytes.position)).toString('hex')
    }
    default:
      return extendedJson(value)
  }
}

/** Relaxed extended JSON (MongoDB Extended JSON v2), but for whole numbers of 64 bits, which keep every digit. */
export function extendedJson(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return `[${value.map(extendedJson).join(',')}]`
  if (value instanceof Date) return JSON.stringify({ $date: Number.isNaN(value.getTime()) ? null : value.toISOString() })
  if (typeof value !== 'object') return JSON.stringify(value)
  if (isBsonValue(value)) return value._bsontype === 'Long' ? value.toString() : JSON.stringify(value.toExtendedJSON({ relaxed: true }))
  return `{${Object.entries(value as Document)
    .map(([name, inner]) => `${JSON.stringify(name)}:${extendedJson(inner)}`)
    .join(',')}}`
}
