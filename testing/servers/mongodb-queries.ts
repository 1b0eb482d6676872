import { BSON, type Document } from 'mongodb'
import type { TestCollection } from './test-mongodb.ts'

/** As much of the query language as the connector asks for, after the server's own rules for it. */

const fieldAt = (document: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (value instanceof Object && name in value ? (value as Document)[name] : undefined), document)

/** A number where the value has an order, whatever class it is of. */
const orderOf = (value: unknown): number | string | undefined => {
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'number' || typeof value === 'string') return value
  return value instanceof Object && '_bsontype' in value && value._bsontype !== 'ObjectId' ? Number(String(value)) : undefined
}

function matches(document: Document, filter: Document): boolean {
  return Object.entries(filter).every(([path, asked]) => {
    const value = fieldAt(document, path)
    if (typeof asked === 'string') return value === asked
    if ('$exists' in asked) return value !== undefined
    if ('$not' in asked && '$lt' in asked.$not) return !isOlder(value, asked.$not.$lt)
    if ('$not' in asked && '$regex' in asked.$not) return !new RegExp(String(asked.$not.$regex)).test(String(value))
    throw new Error(`the test server does not know ${JSON.stringify(asked)}`)
  })
}

/** Only values of one kind are compared: a date with dates, a number with numbers. */
function isOlder(value: unknown, than: unknown): boolean {
  const [one, other] = [orderOf(value), orderOf(than)]
  return value instanceof Date === than instanceof Date && typeof one === typeof other && one !== undefined && one < other!
}

export function* find(
  documents: Iterable<Document>,
  { filter = {}, projection, sort, limit = Number.POSITIVE_INFINITY }: Document,
): Generator<Document> {
  let left = Number(limit)
  const found = sort ? [...documents].sort((one, other) => Number(sort._id) * (Number(one._id) - Number(other._id))) : documents
  for (const document of found) {
    if (!matches(document, filter)) continue
    if (left-- <= 0) return
    yield projection ? project(document, projection) : document
  }
}

function project(document: Document, projection: Document): Document {
  const found: Document = {}
  for (const path of Object.keys(projection)) {
    if (Number(projection[path]) === 0) continue
    const [top, below] = path.split('.') as [string, string | undefined]
    if (below === undefined) {
      if (top in document) found[top] = document[top]
    } else if (fieldAt(document, path) !== undefined) found[top] = { ...found[top], [below]: fieldAt(document, path) }
  }
  return found
}

/** `$match`, a `$group` of everything, and what the server says of its own storage. */
export function aggregate(collection: TestCollection | undefined, command: Document): Document[] {
  const pipeline: Document[] = command.pipeline
  if (pipeline[0]?.$collStats) return [{ storageStats: { size: collection?.size ?? 1000 } }]
  const documents = [...find(collection?.documents(command) ?? [], { filter: pipeline.find((stage) => stage.$match)?.$match })]
  const { newest } = pipeline.find((stage) => stage.$group)!.$group
  if (documents.length === 0) return []
  const row: Document = { _id: null, rows: new BSON.Int32(documents.length) }
  if (!newest) return [row]
  const values = documents.map((document) => fieldAt(document, newest.$max.slice(1)))
  row.newest =
    values.reduce((most, value) => (value !== undefined && (most === undefined || isOlder(most, value)) ? value : most), undefined) ?? null
  const [, than] = pipeline.find((stage) => stage.$project)!.$project.isThere.$gte
  return [{ ...row, isThere: row.newest !== null && !isOlder(row.newest, than) }]
}
