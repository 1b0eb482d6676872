import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkServerIdentity } from 'node:tls'
import type { ClientSession, Db, Long, MongoClientOptions } from 'mongodb'
import type { SourceSettings } from '#contract/ingestion.ts'
import type { Target } from '../../harm/open-relay.ts'
import type { DriverSession } from '../driver/driver-database.ts'
import type { MongodbStatement } from './mongodb-statements.ts'

type Settings = Extract<SourceSettings, { kind: 'mongodb' }>

const connectMs = 10_000
/** Beyond that a server that does not answer, or has gone, is not waited for. */
const selectMs = 5000
/** A server that is silent is not waited for when nothing is wanted from it any more. */
const farewellMs = 3000
/**
 * A server keeps the history of its documents for five minutes, unless it is told otherwise: more than can surely be read meanwhile is
 * counted before and after instead.
 */
const snapshotBytes = 256 * 2 ** 20
/** Documents of an answer after the first; a server would else send 16 MB at once, which are garbage a moment later. */
const batch = 4000
/** Since MongoDB 5.0. */
const snapshotWire = 13

/** Every number as the type that it is, and nothing translated that JavaScript has no type for. */
const exact = { promoteValues: false, promoteBuffers: false, bsonRegExp: true }

/** A session of the official driver, which is loaded when a first source needs it. */
export async function connectMongodb(
  target: Target,
  settings: Settings,
  secret: string,
  seconds: number,
): Promise<DriverSession<MongodbStatement>> {
  const { MongoClient } = await import('mongodb')
  const address = target.host.includes(':') ? `[${target.host}]` : target.host
  const client = new MongoClient(`mongodb://${address}:${target.port}/`, optionsOf(settings, secret, seconds))
  const close = () => Promise.race([client.close().catch(() => {}), sleep(farewellMs, undefined, { ref: false })])
  try {
    await client.connect()
  } catch (error) {
    await close()
    throw error
  }
  const db = client.db(settings.database)
  /** What the server holds open for us, also when our end of it has broken. */
  let open: { killCursors: string; cursors: [Long] } | undefined
  let snapshot: ClientSession | undefined
  return {
    async *rows({ command, row }) {
      const isRead = 'find' in command || 'aggregate' in command
      if (!isRead && !('listCollections' in command)) return void (yield row(await db.command(command, exact)))
      const asked = isRead ? { ...command, maxTimeMS: seconds * 1000 } : command
      const cursor = db.runCursorCommand(asked, { ...exact, ...(isRead && snapshot && { session: snapshot }) })
      cursor.setBatchSize(batch)
      open = undefined
      for await (const document of cursor) {
        open ??= cursor.id && { killCursors: cursor.namespace.collection!, cursors: [cursor.id] }
        yield row(document)
      }
      open = undefined
    },
    async beginSnapshot(object) {
      if (!(await keepsHistory(db, object))) return false
      snapshot = client.startSession({ snapshot: true })
      return true
    },
    async cancel() {
      if (open) await db.command(open)
    },
    close,
  }
}

/** A set of replicas, or a router before such; and a collection that is small enough. */
async function keepsHistory(db: Db, object: string): Promise<boolean> {
  const { setName, msg, maxWireVersion } = await db.command({ hello: 1 })
  if (maxWireVersion < snapshotWire || !(setName || msg === 'isdbgrid')) return false
  // Of a view there are none, and not every account may ask for them.
  const parts = await db
    .collection(object)
    .aggregate([{ $collStats: { storageStats: {} } }])
    .toArray()
    .catch(() => null)
  return parts !== null && parts.reduce((bytes, { storageStats }) => bytes + storageStats.size, 0) <= snapshotBytes
}

function optionsOf({ host, user, authSource, certificate }: Settings, secret: string, seconds: number): MongoClientOptions {
  return {
    // The members that a server names are not gone on to: only the address that was checked is connected to.
    directConnection: true,
    ...(user !== '' && { auth: { username: user, password: secret }, authSource }),
    appName: 'datong',
    compressors: ['none'],
    // One connection reads, one ends what is read.
    maxPoolSize: 2,
    serverMonitoringMode: 'poll',
    retryReads: false,
    retryWrites: false,
    connectTimeoutMS: connectMs,
    serverSelectionTimeoutMS: selectMs,
    waitQueueTimeoutMS: connectMs,
    socketTimeoutMS: seconds * 1000,
    // With a certificate that was given the line is encrypted and the server proved by it; there is no half way.
    ...(certificate !== '' && {
      tls: true,
      ca: certificate,
      ...(isIP(host) === 0 && { servername: host }),
      checkServerIdentity: (_: string, shown: Parameters<typeof checkServerIdentity>[1]) => checkServerIdentity(host, shown),
    }),
  }
}
