import type { Document } from 'mongodb'
import type { SourceObjectInfo } from '../connector.ts'
import type { DriverSession } from '../driver/driver-database.ts'
import { type MongodbStatement, documentsOf } from './mongodb-statements.ts'
import { type FieldColumn, isPlainName, namedColumn, sampleColumns } from './sample-columns.ts'

type Session = DriverSession<MongodbStatement>

const most = 5000
/** Documents from either end of a collection. One answer each: it is of 16 MB at most, however big the documents. */
const sampled = 500

/** Collections and views, or one of them, with the documents that the server believes to be there. */
export async function listCollections(session: Session, object?: string): Promise<SourceObjectInfo[]> {
  const name = object ?? { $not: { $regex: '^system\\.' } }
  const found = (await documentsOf(session, { listCollections: 1, filter: { name } })).slice(0, most)
  const objects: SourceObjectInfo[] = []
  for (const { name, type } of found) {
    const isView = type === 'view'
    // Of a view the server would have to count: it would read all of it.
    const [counted] = isView ? [] : await documentsOf(session, { count: name })
    const common = { comment: '', sizeBytes: null, modifiedAt: null }
    objects.push({ name, kind: isView ? 'view' : 'table', estimatedRows: counted ? Number(counted.n) : null, ...common })
  }
  return objects.sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** What the oldest and the newest documents show, and of the wanted ones whatever field any document has. */
export async function selectColumns(session: Session, object: string, wanted: readonly string[] = []): Promise<FieldColumn[]> {
  const collection = await findCollection(session, object)
  if (!collection) return []
  const one = { find: object, limit: sampled, batchSize: sampled, singleBatch: true }
  // Views and time series have no index of their identifiers: they would be sorted as a whole.
  const ends = collection.type === 'collection' ? [1, -1].map((direction) => ({ ...one, sort: { _id: direction } })) : [one]
  const documents: Document[] = []
  for (const end of ends) documents.push(...(await documentsOf(session, end)))
  const columns = sampleColumns(documents.length > 0 ? documents : [{ _id: null }])
  const missing = wanted.filter((name) => !columns.some((column) => column.name === name)).map(namedColumn)
  for (const column of missing) if (await isAnywhere(session, object, column)) columns.push(column)
  return columns
}

async function isAnywhere(session: Session, object: string, { path }: FieldColumn): Promise<boolean> {
  if (!path.every(isPlainName)) return false
  const filter = { [path.join('.')]: { $exists: true } }
  return (await documentsOf(session, { find: object, filter, projection: { _id: 1 }, limit: 1, singleBatch: true })).length > 0
}

/** The fields that a collection's rule for new documents names; a collection without one declares nothing. */
export async function selectDeclared(session: Session, object: string): Promise<FieldColumn[] | null> {
  const collection = await findCollection(session, object)
  if (!collection) return null
  const schema: Document = collection.options?.validator?.$jsonSchema ?? {}
  return Object.entries<Document>(schema.properties ?? {}).map(([name, { bsonType, type, description }]) => ({
    ...namedColumn(name),
    path: [name],
    type: [bsonType ?? type ?? ''].flat().join(' | '),
    nullable: !(schema.required ?? []).includes(name),
    comment: typeof description === 'string' ? description : '',
    // A field is its name: with another it is another field.
    identity: `field.${name}`,
  }))
}

/** Another when the collection was made anew, or its rule or the view's definition was changed. */
export async function selectStamp(session: Session, object: string): Promise<string> {
  const { options, info } = (await findCollection(session, object)) ?? {}
  return JSON.stringify([info?.uuid ?? null, options ?? null])
}

const findCollection = async (session: Session, object: string): Promise<Document | undefined> =>
  (await documentsOf(session, { listCollections: 1, filter: { name: object } }))[0]
