import type { Document } from 'mongodb'
import { conflict } from '../../../kernel/errors.ts'
import type { DriverSession, DriverSince, DriverStatements, DriverValue } from '../driver/driver-database.ts'
import { fieldText } from './field-text.ts'
import { type FieldColumn, isPlainName, valueAt } from './sample-columns.ts'
import { instantOf } from './beijing-time.ts'

/** A command of the database, and how each document that it brings becomes a row. */
export interface MongodbStatement {
  command: Document
  row: (document: Document) => DriverValue[]
}

/** What few documents there are of an answer, as they are. */
export async function documentsOf(session: DriverSession<MongodbStatement>, command: Document): Promise<Document[]> {
  const found: Document[] = []
  const row = (document: Document) => {
    found.push(document)
    return []
  }
  await Array.fromAsync(session.rows({ command, row }))
  return found
}

export const mongodbStatements: DriverStatements<FieldColumn, MongodbStatement> = {
  // What `db.runCommand` takes, without the value that rows are compared with.
  written: ({ command }) => JSON.stringify(command, (name, value) => (name === '$lt' || name === '$gte' ? '?' : value)),
  firstRows: (object, columns, limit) => find(object, columns, { limit, singleBatch: true }, () => 'text'),
  count: (object, since) => ({
    command: aggregate(object, [...(since ? [{ $match: recent(since) }] : []), { $group: { _id: null, rows: { $sum: 1 } } }]),
    row: ({ rows }) => [fieldText(rows, 'text')],
  }),
  // No digest: the server has no function for one. Rows are digested as they arrive.
  rows: async (_, object, { columns, kinds, since }) => ({
    statement: find(object, columns, since ? { filter: recent(since) } : {}, (i) => kinds[i]!),
    hasDigest: false,
  }),
  newest: (object, column, value) => ({
    command: aggregate(object, [
      { $group: { _id: null, rows: { $sum: 1 }, newest: { $max: `$${column.path.join('.')}` } } },
      { $project: { rows: 1, newest: 1, isThere: { $gte: ['$newest', comparable(column, value)] } } },
    ]),
    row: ({ rows, isThere, newest }) => [fieldText(rows, 'text'), isThere ? 1 : 0, fieldText(newest, 'text')],
  }),
}

type Wanted = Parameters<typeof fieldText>[1]

const find = (object: string, columns: readonly FieldColumn[], more: Document, wanted: (index: number) => Wanted): MongodbStatement => ({
  command: { find: object, ...projection(columns), ...more },
  row: (document) => columns.map(({ path }, i) => fieldText(valueAt(document, path), wanted(i))),
})

const aggregate = (object: string, pipeline: Document[]): Document => ({ aggregate: object, pipeline, cursor: {} })

/** Only what is wanted. A name with a dot or a dollar in it cannot be asked for: then whole documents come. */
function projection(columns: readonly FieldColumn[]): Document {
  if (!columns.every(({ path }) => path.every(isPlainName))) return {}
  const isWithin = ({ path }: FieldColumn) =>
    path.length > 1 && columns.some((other) => other.path.length === 1 && other.path[0] === path[0])
  const asked = columns.filter((column) => !isWithin(column)).map(({ path }) => [path.join('.'), 1])
  return { projection: { _id: 0, ...Object.fromEntries(asked) } }
}

/** Not older: also what has no value, or one that cannot be compared; such documents have no place in time and come with every load. */
const recent = ({ column, from }: DriverSince<FieldColumn>): Document => ({
  [column.path.join('.')]: { $not: { $lt: comparable(column, from) } },
})

/** A value as the lake writes it, for a comparison. @throws conflict `ingestion.watermark_type` */
function comparable({ name, order }: FieldColumn, value: string): Date | bigint {
  if (order === 'time') return instantOf(value)
  if (order === null) throw conflict('ingestion.watermark_type', { column: name })
  // Of a number with a fraction the whole one below: the few between come again, and are found to be there.
  const whole = BigInt(value.split('.')[0]!)
  return value.startsWith('-') && value.includes('.') ? whole - 1n : whole
}
