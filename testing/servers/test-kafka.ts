import { once } from 'node:events'
import { type AddressInfo, createServer as createPlain, type Socket } from 'node:net'
import { createServer as createEncrypted } from 'node:tls'
import { createRecordsBatch, crc32c, Reader, Writer } from '@platformatic/kafka'
import { answerLogin, type KafkaLogin } from './kafka-login.ts'

/** What a batch holds: messages, or the mark that ends a transaction. */
export interface TestBatch {
  from: number
  values?: readonly (string | null)[]
  transaction?: number
  ends?: 'commit' | 'abort'
}

export interface TestPartition {
  start: number
  /** Before it, what is committed and what is given up; null: where the last batch ends. */
  stable?: number
  batches: TestBatch[]
}

/**
 * A broker that answers from memory, for what librdkafka's mock cluster does not have: passwords, transactions, topics that are made anew,
 * offsets that vanish. ApiVersions 1, SaslHandshake 1, SaslAuthenticate 0, Metadata 12, ListOffsets 2, Fetch 11.
 */
export interface TestKafka {
  port: number
  topics: Record<string, { id: string; partitions: TestPartition[] }>
  /** Who it says that leads every partition. */
  advertised: { host: string; port: number }
  /** Told of each fetch before it is answered. */
  onFetch: (partition: number, offset: number) => void
  /** Of one answer. */
  batchesAtOnce: number
  /** Bytes of an answer are changed on the way. */
  isDamaged: boolean
  /** Requests that were let in, by the protocol's number. */
  asked: number[]
  close(): void
}

interface Options {
  mechanisms?: readonly string[]
  identity?: { key: Buffer; cert: Buffer }
}

export async function startTestKafka(topics: TestKafka['topics'], { mechanisms, identity }: Options = {}): Promise<TestKafka> {
  const open = new Set<Socket>()
  const serve = (socket: Socket) => {
    open.add(socket)
    const login: KafkaLogin = { mechanism: '', isProved: mechanisms === undefined }
    let waiting = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      waiting = Buffer.concat([waiting, bytes])
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE(0)) {
        const frame = waiting.subarray(4, 4 + waiting.readInt32BE(0))
        waiting = waiting.subarray(4 + frame.length)
        const answer = answerTo(frame, state, login, mechanisms ?? [])
        if (!answer) return void socket.destroy()
        socket.write(answer)
      }
    })
  }
  const server = identity ? createEncrypted(identity, serve) : createPlain(serve)
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const state: TestKafka = {
    port,
    topics,
    advertised: { host: '127.0.0.1', port },
    onFetch: () => {},
    batchesAtOnce: 1,
    isDamaged: false,
    asked: [],
    close() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
  return state
}

const known = { fetch: 1, listOffsets: 2, metadata: 3, handshake: 17, versions: 18, authenticate: 36 }

/** Null: the line is closed, as brokers do to who has not logged in. */
function answerTo(frame: Buffer, state: TestKafka, login: KafkaLogin, mechanisms: readonly string[]): Buffer | null {
  const reader = Reader.from(frame)
  const [key, version, correlation] = [reader.readInt16(), reader.readInt16(), reader.readInt32()]
  reader.readNullableString(false)
  const isFlexible = key === known.metadata && version >= 9
  if (isFlexible) reader.readTaggedFields()
  const writer = Writer.create().appendInt32(correlation)
  if (isFlexible) writer.appendTaggedFields()
  if (key === known.versions) {
    const offered = [
      [known.fetch, 4, 11],
      [known.listOffsets, 1, 2],
      [known.metadata, 12, 12],
      [known.authenticate, 0, 0],
    ]
    writer.appendInt16(0)
    writer.appendArray(offered, (w, [api, from, to]) => w.appendInt16(api!).appendInt16(from!).appendInt16(to!), false, false)
    return writer.appendInt32(0).prependLength().buffer
  }
  if (key === known.handshake) {
    login.mechanism = reader.readString(false)
    writer.appendInt16(mechanisms.includes(login.mechanism) ? 0 : 33)
    return writer.appendArray([...mechanisms], (w, each) => w.appendString(each, false), false, false).prependLength().buffer
  }
  if (key === known.authenticate) {
    const said = answerLogin(login, reader.readBytes(false))
    writer.appendInt16(said === null ? 58 : 0).appendString(said === null ? 'no' : null, false)
    return writer.appendBytes(Buffer.from(said ?? ''), false).prependLength().buffer
  }
  if (!login.isProved) return null
  state.asked.push(key)
  if (key === known.metadata) return appendMetadata(writer, state).prependLength().buffer
  if (key === known.listOffsets) return appendOffsets(writer, reader, state).prependLength().buffer
  return appendFetched(writer, reader, state).prependLength().buffer
}

function appendMetadata(writer: Writer, { topics, advertised }: TestKafka): Writer {
  return writer
    .appendInt32(0)
    .appendArray([advertised], (w, { host, port }) => w.appendInt32(1).appendString(host).appendInt32(port).appendString(null))
    .appendString('test')
    .appendInt32(1)
    .appendArray(Object.entries(topics), (w, [name, { id, partitions }]) =>
      w
        .appendInt16(0)
        .appendString(name)
        .appendUUID(id)
        .appendBoolean(false)
        .appendArray([...partitions.keys()], (w, index) =>
          w
            .appendInt16(0)
            .appendInt32(index)
            .appendInt32(1)
            .appendInt32(0)
            .appendArray([1], (w, broker) => w.appendInt32(broker), true, false)
            .appendArray([1], (w, broker) => w.appendInt32(broker), true, false)
            .appendArray([] as number[], (w, broker) => w.appendInt32(broker), true, false),
        )
        .appendInt32(0),
    )
    .appendTaggedFields()
}

const sizeOf = ({ values }: TestBatch) => values?.length ?? 1
const endOf = ({ start, stable, batches }: TestPartition) => {
  const last = batches.at(-1)
  return stable ?? (last ? last.from + sizeOf(last) : start)
}

function appendOffsets(writer: Writer, reader: Reader, { topics }: TestKafka): Writer {
  reader.readInt32()
  reader.readInt8()
  const asked = reader.readArray(
    (r) => ({
      name: r.readString(false),
      partitions: r.readArray((r) => ({ partition: r.readInt32(), time: r.readInt64() }), false, false),
    }),
    false,
    false,
  )
  return writer.appendInt32(0).appendArray(
    asked,
    (w, { name, partitions }) =>
      w.appendString(name, false).appendArray(
        partitions,
        (w, { partition, time }) => {
          const found = topics[name]!.partitions[partition]!
          w.appendInt32(partition)
            .appendInt16(0)
            .appendInt64(-1n)
            .appendInt64(BigInt(time === -2n ? found.start : endOf(found)))
        },
        false,
        false,
      ),
    false,
    false,
  )
}

function appendFetched(writer: Writer, reader: Reader, state: TestKafka): Writer {
  for (let field = 0; field < 4; field++) reader.readInt32()
  reader.readInt8()
  reader.readInt32()
  reader.readInt32()
  reader.readInt32()
  const topic = reader.readString(false)
  reader.readInt32()
  const partition = reader.readInt32()
  reader.readInt32()
  const offset = Number(reader.readInt64())
  state.onFetch(partition, offset)
  const { start, batches, ...rest } = state.topics[topic]!.partitions[partition]!
  const end = endOf({ start, batches, ...rest })
  const error = offset < start || offset > end ? 1 : 0
  // With the batches go the transactions that were given up from there on.
  const found = batches.filter((each) => each.from + sizeOf(each) > offset && each.from < end)
  const aborted = batches.flatMap(({ from, ends, transaction }) =>
    ends === 'abort' && from >= offset ? [{ transaction, first: batches.find((each) => each.transaction === transaction)!.from }] : [],
  )
  const records = error === 0 ? Buffer.concat(found.slice(0, state.batchesAtOnce).map(encode)) : Buffer.alloc(0)
  if (state.isDamaged && records.length > 0) records[records.length - 1]! ^= 1
  return writer
    .appendInt32(0)
    .appendInt16(0)
    .appendInt32(0)
    .appendInt32(1)
    .appendString(topic, false)
    .appendInt32(1)
    .appendInt32(partition)
    .appendInt16(error)
    .appendInt64(BigInt(end))
    .appendInt64(BigInt(end))
    .appendInt64(BigInt(start))
    .appendArray(aborted, (w, each) => w.appendInt64(BigInt(each.transaction!)).appendInt64(BigInt(each.first)), false, false)
    .appendInt32(-1)
    .appendBytes(records, false)
}

/** Since 1970, in ms: 2026-11-22 12:00:00 in Beijing. */
const writtenAt = BigInt(Date.UTC(2026, 10, 22, 4))

function encode({ from, values, transaction, ends }: TestBatch): Buffer {
  // A control record's key: its version, and 0 where the transaction is given up.
  const marker = [{ topic: '', key: Buffer.from([0, 0, 0, ends === 'commit' ? 1 : 0]), value: Buffer.alloc(6), timestamp: writtenAt }]
  const messages = values?.map((value) => ({ topic: '', value: value === null ? null : Buffer.from(value), timestamp: writtenAt }))
  const options = transaction === undefined ? {} : { transactionalId: 'test', producerId: BigInt(transaction) }
  const batch = Buffer.from(createRecordsBatch((messages ?? marker) as never, options as never).buffer)
  batch.writeBigInt64BE(BigInt(from), 0)
  if (ends) batch.writeInt16BE(batch.readInt16BE(21) | 32, 21)
  batch.writeUInt32BE(crc32c(batch.subarray(21)) >>> 0, 17)
  return batch
}
