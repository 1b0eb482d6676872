import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createServer as createEncrypted } from 'node:tls'
import { setTimeout as sleep } from 'node:timers/promises'
import { BSON, type Document, Long } from 'mongodb'
import { answerLogin, type Login } from './mongodb-login.ts'
import { aggregate, find } from './mongodb-queries.ts'

export interface TestCollection {
  /** What lies in it, for a command that reads it. */
  documents: (command: Document) => Iterable<Document>
  type?: 'collection' | 'view'
  options?: Document
  /** Bytes that the server says it has. */
  size?: number
}

export interface TestMongodb {
  port: number
  collections: Record<string, TestCollection>
  /** Commands of clients, without those by which their driver looks after the line. */
  commands: Document[]
  /** Documents that were sent of collections. */
  sent: number
  /** Ends every line after so many documents more; 0: right away. */
  breakAfter: number
  /** Answers nothing more, with its lines open. */
  isFrozen: boolean
  /** Added to the answer to `hello`, as the server of a set says it. */
  hello: Document
  /** Rights of the account. */
  actions: string[]
  /** The next command of a name fails with the server's number. */
  fail: { command: string; code: number } | null
  close(): void
}

const codes = { message: 2013, query: 2004, reply: 1 }
/** As the server does: a first answer of 101 documents, and none of more than 16 MB. */
const firstBatch = 101
const mostBytes = 16 * 2 ** 20

/**
 * A server that speaks MongoDB's protocol (OP_MSG; OP_QUERY for the greeting) and answers from memory: no MongoDB can be had here.
 * Knows the user `reader` with the password `secret`, by SCRAM-SHA-256.
 */
export async function startTestMongodb(
  collections: Record<string, TestCollection>,
  encryption?: { key: Buffer; cert: Buffer },
): Promise<TestMongodb> {
  const sockets = new Set<Socket>()
  const state: TestMongodb = {
    port: 0,
    collections,
    commands: [],
    sent: 0,
    breakAfter: Number.POSITIVE_INFINITY,
    isFrozen: false,
    hello: {},
    actions: ['find', 'listCollections', 'collStats'],
    fail: null,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
  const cursors: Cursors = new Map()
  const accept = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    serve(socket, state, cursors).catch(() => socket.destroy())
  }
  const server = encryption ? createEncrypted(encryption, accept) : createServer(accept)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  state.port = (server.address() as { port: number }).port
  return state
}

/** `batches` is told how many documents the next one may have. */
type Cursors = Map<string, { ns: string; batches: Iterator<Document[], Document[], number> }>

async function serve(socket: Socket, state: TestMongodb, cursors: Cursors): Promise<void> {
  const login: Login = { user: null }
  for await (const message of messages(socket)) {
    const [id, code] = [message.readInt32LE(4), message.readInt32LE(12)]
    const isQuery = code === codes.query
    // Flags, then of a query the name of the collection and two numbers, of a message the kind of its section.
    const at = isQuery ? message.indexOf(0, 20) + 9 : 21
    const command = BSON.deserialize(message.subarray(at, at + message.readInt32LE(at)), { promoteValues: false, bsonRegExp: true })
    while (state.isFrozen) await sleep(50)
    const answer = answerTo(command, state, cursors, login)
    if (state.breakAfter <= 0) return void socket.destroy()
    const body = BSON.serialize(answer)
    const head = isQuery ? Buffer.alloc(20) : Buffer.alloc(5)
    if (isQuery) head.writeInt32LE(1, 16)
    socket.write(packet(isQuery ? codes.reply : codes.message, id, Buffer.concat([head, body])))
    if (socket.writableNeedDrain) await once(socket, 'drain')
  }
}

function packet(code: number, to: number, body: Buffer): Buffer {
  const head = Buffer.alloc(16)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(to, 8)
  head.writeInt32LE(code, 12)
  return Buffer.concat([head, body])
}

async function* messages(socket: Socket): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const bytes of socket) {
    rest = Buffer.concat([rest, bytes as Buffer])
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0)
      yield rest.subarray(0, length)
      rest = rest.subarray(length)
    }
  }
}

const failure = (code: number): Document => ({ ok: 0, code, errmsg: 'names and values that must go no further' })
const quiet = new Set(['hello', 'ismaster', 'isMaster', 'ping', 'saslStart', 'saslContinue', 'endSessions'])

function answerTo(command: Document, state: TestMongodb, cursors: Cursors, login: Login): Document {
  const name = Object.keys(command)[0]!
  if (!quiet.has(name)) state.commands.push(command)
  if (state.fail?.command === name) return failure(state.fail.code)
  const { collections } = state
  switch (name) {
    case 'hello':
    case 'ismaster':
    case 'isMaster':
      return {
        ...{ isWritablePrimary: true, ismaster: true, helloOk: true, maxWireVersion: 21, minWireVersion: 0, localTime: new Date() },
        ...{ maxBsonObjectSize: 16 * 2 ** 20, maxMessageSizeBytes: 48e6, maxWriteBatchSize: 1e5, logicalSessionTimeoutMinutes: 30 },
        ...(command.saslSupportedMechs && { saslSupportedMechs: ['SCRAM-SHA-256'] }),
        ...state.hello,
        ok: 1,
      }
    case 'saslStart':
    case 'saslContinue':
      return answerLogin(command, login) ?? failure(18)
    case 'ping':
    case 'endSessions':
      return { ok: 1 }
    case 'buildInfo':
      return { version: '7.0.14', ok: 1 }
    case 'connectionStatus': {
      const users = login.user ? [{ user: login.user, db: 'admin' }] : []
      const privileges = login.user ? [{ resource: { db: 'd', collection: '' }, actions: state.actions }] : []
      return { authInfo: { authenticatedUsers: users, authenticatedUserPrivileges: privileges }, ok: 1 }
    }
    case 'listCollections': {
      const found = Object.entries(collections).map(([name, { type = 'collection', options = {} }]) => ({ name, type, options, info: {} }))
      return open([...find(found, command)], '$cmd.listCollections', command, state, cursors)
    }
    case 'count':
      return { n: [...(collections[command.count]?.documents(command) ?? [])].length, ok: 1 }
    case 'find':
      return open(find(collections[command.find]?.documents(command) ?? [], command), command.find, command, state, cursors)
    case 'aggregate':
      return open(aggregate(collections[command.aggregate], command), command.aggregate, command, state, cursors)
    case 'getMore':
      return more(command, cursors)
    case 'killCursors':
      for (const id of command.cursors) cursors.delete(String(id))
      return { cursorsKilled: command.cursors, ok: 1 }
    default:
      return failure(59)
  }
}

let last = 0

function open(found: Iterable<Document>, collection: string, command: Document, state: TestMongodb, cursors: Cursors): Document {
  const ns = `${command.$db}.${collection}`
  const most = Number(command.batchSize ?? command.cursor?.batchSize ?? firstBatch)
  const id = String(++last)
  cursors.set(id, { ns, batches: batchesOf(found, most, state) })
  const { documents, isLast } = nextBatch(id, cursors, most)
  if (command.singleBatch) cursors.delete(id)
  const isSnapshot = command.readConcern?.level === 'snapshot'
  const atClusterTime = command.readConcern?.atClusterTime ?? new BSON.Timestamp({ t: 1_700_000_000, i: 1 })
  const left = Long.fromString(isLast || command.singleBatch ? '0' : id)
  return { cursor: { firstBatch: documents, id: left, ns, ...(isSnapshot && { atClusterTime }) }, ok: 1 }
}

function more(command: Document, cursors: Cursors): Document {
  const id = String(command.getMore)
  const ns = cursors.get(id)?.ns
  if (ns === undefined) return failure(43)
  const { documents, isLast } = nextBatch(id, cursors, Number(command.batchSize ?? Number.POSITIVE_INFINITY))
  return { cursor: { nextBatch: documents, id: Long.fromString(isLast ? '0' : id), ns }, ok: 1 }
}

function nextBatch(id: string, cursors: Cursors, most: number): { documents: Document[]; isLast: boolean } {
  const { value, done } = cursors.get(id)!.batches.next(most)
  if (done) cursors.delete(id)
  return { documents: value, isLast: done === true }
}

/** As many documents as are asked for and fit into an answer; at least one, however big. The last is what it returns. */
function* batchesOf(found: Iterable<Document>, first: number, state: TestMongodb): Generator<Document[], Document[], number> {
  let [batch, bytes, most] = [[] as Document[], 0, first]
  for (const document of found) {
    const size = BSON.calculateObjectSize(document)
    if (batch.length >= most || (batch.length > 0 && bytes + size > mostBytes)) {
      most = yield batch
      ;[batch, bytes] = [[], 0]
    }
    state.sent++
    state.breakAfter--
    bytes += size
    batch.push(document)
  }
  return batch
}
