import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import type { Connection, ConnectionOptions, Reader } from '@platformatic/kafka'
import type { SourceSettings } from '#contract/ingestion.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { Care } from '../../harm/open-care.ts'
import type { Relay } from '../../harm/open-relay.ts'
import { type AllowedHosts, admitHost } from '../admit-host.ts'
import { KafkaRefusal } from './kafka-error.ts'
import { type AbortedTransaction, type Codecs, type Decoded, decodeBatches } from './record-batches.ts'

type Settings = Extract<SourceSettings, { kind: 'kafka' }>
type Library = typeof import('@platformatic/kafka')

const limits = { connectMs: 10_000, requestMs: 30_000, waitMs: 500, fetchBytes: 4 * 2 ** 20, answerBytes: 128 * 2 ** 20 }
/** The protocol's numbers of what is asked. */
const keys = { fetch: 1, listOffsets: 2, metadata: 3 }
const readCommitted = 1
const moments = { earliest: -2n, latest: -1n }

export interface Topic {
  name: string
  /** The topic's own, which another of the same name does not have; null where the brokers are older than 2.8. */
  id: string | null
  /** Leaders, by partition. A partition that has none now is left out of nothing: whoever reads it is told. */
  partitions: { partition: number; leader: number; error: number }[]
}

/** Offsets that can be read of a partition: from `start`, to before `end`, which is behind every transaction that is still open. */
export interface Extent {
  partition: number
  start: bigint
  end: bigint
}

/** A conversation with a cluster, on behalf of one reading. */
export interface Session {
  topics(): Promise<Topic[]>
  extents(topic: Topic): Promise<Extent[]>
  fetch(topic: Topic, partition: number, offset: bigint): Promise<Decoded>
  /** Breaks every line at once. */
  cut(): void
  close(): Promise<void>
}

export interface KafkaAccess {
  settings: Settings
  secret: string
  allowed: AllowedHosts
  care: Care | undefined
}

/** What is known of the cluster. Brokers are only ever dialled at an address that was checked, whoever named them. */
interface Cluster {
  brokers: Map<number, { host: string; port: number }>
  topics: Topic[]
}

/** @throws `ingestion.host_not_allowed` and, as the client says them, errors for `asKafkaError` */
export async function openSession({ settings, secret, allowed, care }: KafkaAccess, signal?: AbortSignal): Promise<Session> {
  // Loaded when a first source needs it.
  const library = await import('@platformatic/kafka')
  const lines: Line[] = []
  const byBroker = new Map<number, Promise<Line>>()
  // A line that is being made hears nothing of its socket's end.
  const over = Promise.withResolvers<never>()
  over.promise.catch(() => {})
  let isOver = false
  const cut = () => {
    isOver = true
    over.reject(new Error('the session was cut'))
    for (const { connection, relay } of lines) {
      relay?.cut()
      connection.socket?.destroy()
    }
  }
  signal?.addEventListener('abort', cut, { once: true })
  const close = async () => {
    signal?.removeEventListener('abort', cut)
    cut()
    await Promise.all(lines.map(({ relay }) => relay?.close()))
  }

  const dial = async (host: string, port: number): Promise<Line> => {
    const address = await admitHost(host, allowed)
    const relay = care ? await care.openRelay({ host: address, port }) : null
    const connection = new library.Connection('datong', optionsOf(settings, secret, host))
    // Without a listener an error that nobody waits for would end the program.
    connection.on('error', () => {})
    const line = { connection, relay, heard: 0 }
    lines.push(line)
    // Whoever gave up meanwhile has cut the lines that were there.
    if (isOver) return over.promise
    const [to, at] = relay ? ['127.0.0.1', relay.port] : [address, port]
    await Promise.race([connection.connect(to, at), over.promise])
    limitAnswers(line)
    return line
  }

  const bootstrap = async (): Promise<Line> => {
    let first: unknown
    for (const { host, port } of brokersOf(settings.brokers))
      try {
        return await dial(host, port)
      } catch (error) {
        first ??= error
        // A password that one broker refuses is no better at the next one, and a forbidden address is to be told.
        if (isOver || error instanceof AppError) throw error
      }
    throw first
  }

  const seed = await bootstrap().catch(async (error) => {
    await close()
    throw error
  })
  try {
    const { apiKeys } = await ask(library.apiVersionsV1.api, seed, 'datong', '1')
    const can = (key: number, version: number) =>
      apiKeys.some(({ apiKey, minVersion, maxVersion }) => apiKey === key && minVersion <= version && version <= maxVersion)
    if (!can(keys.fetch, 4) || !can(keys.listOffsets, 2)) throw new KafkaRefusal(35)
    const metadata = can(keys.metadata, 12) ? library.metadataV12 : library.metadataV1
    // All topics are asked for: an older broker would make a topic that is asked for by a name which it does not know.
    const look = async (): Promise<Cluster> => presentCluster(await unlessRefused(ask(metadata.api, seed, null)))
    let cluster = await look()
    const leaderOf = (topic: Topic, partition: number): Promise<Line> => {
      const found = topic.partitions.find((each) => each.partition === partition)
      const broker = found && cluster.brokers.get(found.leader)
      if (!found || !broker) throw new KafkaRefusal(found?.error || 5)
      const line = byBroker.get(found.leader) ?? dial(broker.host, broker.port)
      byBroker.set(found.leader, line)
      return line
    }
    const listOffsets = async (topic: Topic, timestamp: bigint): Promise<Map<number, bigint>> => {
      const found = new Map<number, bigint>()
      for (const [, partitions] of Map.groupBy(topic.partitions, ({ leader }) => leader)) {
        const line = await leaderOf(topic, partitions[0]!.partition)
        const asked = partitions.map(({ partition }) => ({ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }))
        const { topics } = await ask(library.listOffsetsV2.api, line, -1, readCommitted, [{ name: topic.name, partitions: asked }])
        for (const { partitionIndex, offset } of topics[0]?.partitions ?? []) found.set(partitionIndex, offset)
      }
      return found
    }
    return {
      async topics() {
        cluster = await look()
        return cluster.topics
      },
      async extents(topic) {
        const [starts, ends] = [await listOffsets(topic, moments.earliest), await listOffsets(topic, moments.latest)]
        return topic.partitions
          .map(({ partition }) => ({ partition, start: starts.get(partition) ?? 0n, end: ends.get(partition) ?? 0n }))
          .sort((one, other) => one.partition - other.partition)
      },
      fetch: async (topic, partition, offset) =>
        fetchFrom(library, await leaderOf(topic, partition), {
          topic: topic.name,
          partition,
          offset,
          version: can(keys.fetch, 11) ? 11 : 4,
        }),
      cut,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** `a:9092, [::1]:9093`, as the contract admits them. */
export const brokersOf = (brokers: string): { host: string; port: number }[] =>
  brokers.split(',').map((each) => {
    const [, host, port] = /^\s*(.+):(\d+)\s*$/.exec(each)!
    return { host: host!.replace(/^\[(.*)\]$/, '$1'), port: Number(port) }
  })

function optionsOf({ mechanism, user, certificate }: Settings, secret: string, host: string): ConnectionOptions {
  return {
    connectTimeout: limits.connectMs,
    requestTimeout: limits.requestMs,
    maxInflights: 1,
    ...(mechanism !== 'none' && { sasl: { mechanism, username: user, password: secret } }),
    // With a certificate that was given the line is encrypted and the server proved by it, under the name that was asked for.
    ...(certificate !== '' && {
      tls: {
        ca: certificate,
        minVersion: 'TLSv1.2',
        ...(isIP(host) === 0 && { servername: host }),
        checkServerIdentity: (_: string, shown: Parameters<typeof checkServerIdentity>[1]) => checkServerIdentity(host, shown),
      },
    }),
  }
}

/** A way to one broker. `heard`: bytes since something was asked. */
interface Line {
  connection: Connection
  relay: Relay | null
  heard: number
}

/** Answers are gathered in memory before they are read: one that does not end would take all of it. */
function limitAnswers(line: Line): void {
  const { socket } = line.connection
  socket.on('data', ({ length }: Buffer) => {
    line.heard += length
    if (line.heard > limits.answerBytes) socket.destroy()
  })
}

interface Api<Arguments extends unknown[], Answer> {
  async(connection: Connection, ...rest: Arguments): Promise<Answer>
}

function ask<Arguments extends unknown[], Answer>(api: Api<Arguments, Answer>, line: Line, ...rest: Arguments): Promise<Answer> {
  line.heard = 0
  return api.async(line.connection, ...rest)
}

/** Of one topic or partition that is in trouble the client makes an error of the whole answer. */
const unlessRefused = <Answer>(answer: Promise<Answer>): Promise<Answer> =>
  answer.catch((error: unknown) => {
    if (error instanceof Error && 'response' in error && error.response) return error.response as Answer
    throw error
  })

interface Metadata {
  brokers: { nodeId: number; host: string; port: number }[]
  topics: {
    errorCode: number
    name?: string | null | undefined
    topicId: string
    isInternal: boolean
    partitions: { errorCode: number; partitionIndex: number; leaderId: number }[]
  }[]
}

const noId = /^[0-]*$/

const presentCluster = ({ brokers, topics }: Metadata): Cluster => ({
  brokers: new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }])),
  topics: topics
    .filter(({ name, isInternal }) => name && !isInternal && !name.startsWith('__'))
    .map(({ name, topicId, partitions }) => ({
      name: name!,
      id: noId.test(topicId) ? null : topicId,
      partitions: partitions.map(({ errorCode, partitionIndex, leaderId }) => ({
        partition: partitionIndex,
        leader: leaderId,
        error: errorCode,
      })),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1)),
})

interface Fetch {
  topic: string
  partition: number
  offset: bigint
  version: 4 | 11
}

/** The client's own reading of an answer keeps neither the checksums nor transactions that were given up: the bytes are read here. */
async function fetchFrom(library: Library, line: Line, { topic, partition, offset, version }: Fetch): Promise<Decoded> {
  const { createRequest } = version === 11 ? library.fetchV11 : library.fetchV4
  const wanted = { partition, currentLeaderEpoch: -1, fetchOffset: offset, lastFetchedEpoch: -1, partitionMaxBytes: limits.fetchBytes }
  const topics = [{ topicId: topic, partitions: [wanted] }]
  line.heard = 0
  const { records, aborted } = await new Promise<Fetched>((resolve, reject) =>
    line.connection.send<Fetched>(
      keys.fetch,
      version,
      () => createRequest(limits.waitMs, 1, limits.fetchBytes, readCommitted, 0, -1, topics, [], ''),
      (_correlation, _key, _version, reader) => parseFetch(reader, version),
      false,
      false,
      (error, answer) => (error ? reject(error) : resolve(answer!)),
    ),
  )
  return decodeBatches(records, offset, aborted, codecsOf(library))
}

interface Fetched {
  records: Buffer
  aborted: AbortedTransaction[]
}

/** Fetch responses 4 and 11 of one partition. @throws KafkaRefusal */
function parseFetch(reader: Reader, version: 4 | 11): Fetched {
  const found: Fetched = { records: Buffer.alloc(0), aborted: [] }
  const refuse = (number: number) => {
    if (number !== 0) throw new KafkaRefusal(number)
  }
  reader.readInt32()
  if (version === 11) {
    refuse(reader.readInt16())
    reader.readInt32()
  }
  const count = reader.readInt32()
  for (let topic = 0; topic < count; topic++) {
    reader.readString(false)
    const partitions = reader.readInt32()
    for (let each = 0; each < partitions; each++) {
      reader.readInt32()
      refuse(reader.readInt16())
      reader.readInt64()
      reader.readInt64()
      if (version === 11) reader.readInt64()
      const transactions = reader.readInt32()
      for (let one = 0; one < transactions; one++) found.aborted.push({ producerId: reader.readInt64(), firstOffset: reader.readInt64() })
      if (version === 11) reader.readInt32()
      found.records = reader.readNullableBytes(false) ?? found.records
    }
  }
  return found
}

const codecsOf = (library: Library): Codecs => ({
  crc32c: (bytes) => library.crc32c(bytes) >>> 0,
  snappy: (bytes) => library.compressionsAlgorithms.snappy.decompressSync(bytes),
  lz4: (bytes) => library.compressionsAlgorithms.lz4.decompressSync(bytes),
})
