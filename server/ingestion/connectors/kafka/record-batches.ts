import { gunzipSync, zstdDecompressSync } from 'node:zlib'

export interface Message {
  offset: bigint
  /** Milliseconds since 1970; null where the producer gave none. */
  timestamp: number | null
  key: Buffer | null
  /** Null: the key is deleted, by the rules of a compacted topic. */
  value: Buffer | null
}

/** A transaction that was given up: what its producer wrote from `firstOffset` on does not count. */
export interface AbortedTransaction {
  producerId: bigint
  firstOffset: bigint
}

/** What the client's package does for us: the checksum, and the two compressions that Node does not have. */
export interface Codecs {
  crc32c(bytes: Buffer): number
  snappy(bytes: Buffer): Buffer
  lz4(bytes: Buffer): Buffer
}

export interface Decoded {
  messages: Message[]
  /** Where to go on. It lies beyond what transactions and compaction left out. */
  next: bigint
}

/** https://kafka.apache.org/documentation/#recordbatch: base offset, length, leader epoch, magic, checksum, and what it is of. */
const at = {
  length: 8,
  magic: 16,
  checksum: 17,
  attributes: 21,
  lastDelta: 23,
  firstTime: 27,
  maxTime: 35,
  producer: 43,
  count: 57,
  records: 61,
}
const flags = { compression: 0b111, isLogTime: 1 << 3, isTransactional: 1 << 4, isControl: 1 << 5 }
const headBytes = 12
/** A few megabytes may be packed into kilobytes; more than this is no batch but an attack. */
const mostBytes = 256 * 2 ** 20

/**
 * The messages of whole batches from `from` on, of transactions that were committed. A batch that the answer cut off is left for the
 * next one. Only the format of Kafka 0.11 and later. @throws Error where a checksum does not hold
 */
export function decodeBatches(bytes: Buffer, from: bigint, aborted: readonly AbortedTransaction[], codecs: Codecs): Decoded {
  const waiting = [...aborted].sort((one, other) => (one.firstOffset < other.firstOffset ? -1 : 1))
  const givenUp = new Set<bigint>()
  const messages: Message[] = []
  let next = from
  for (let start = 0; bytes.length - start >= headBytes; ) {
    const end = start + headBytes + bytes.readInt32BE(start + at.length)
    if (end > bytes.length) break
    const batch = bytes.subarray(start, end)
    if (batch.length <= at.magic || batch[at.magic] !== 2) throw new UnreadableBatch(`format ${batch[at.magic]}`)
    if (batch.length < at.records || codecs.crc32c(batch.subarray(at.attributes)) !== batch.readUInt32BE(at.checksum))
      throw new UnreadableBatch('checksum')
    start = end
    const attributes = batch.readInt16BE(at.attributes)
    const lastOffset = batch.readBigInt64BE(0) + BigInt(batch.readInt32BE(at.lastDelta))
    const producer = batch.readBigInt64BE(at.producer)
    while (waiting.length > 0 && waiting[0]!.firstOffset <= lastOffset) givenUp.add(waiting.shift()!.producerId)
    if (attributes & flags.isControl) {
      if (endsInAbort(recordsOf(batch, codecs)[0])) givenUp.delete(producer)
    } else if (!(attributes & flags.isTransactional && givenUp.has(producer)))
      for (const message of recordsOf(batch, codecs)) if (message.offset >= from) messages.push(message)
    if (lastOffset >= next) next = lastOffset + 1n
  }
  return { messages, next }
}

export class UnreadableBatch extends Error {}

/** A control record's key: its version, and 0 for a transaction that was given up. */
const endsInAbort = (record: Message | undefined): boolean => record?.key?.readInt16BE(2) === 0

function recordsOf(batch: Buffer, codecs: Codecs): Message[] {
  const attributes = batch.readInt16BE(at.attributes)
  const base = batch.readBigInt64BE(0)
  const firstTime = Number(batch.readBigInt64BE(at.firstTime))
  const maxTime = Number(batch.readBigInt64BE(at.maxTime))
  const bytes = unpackSafely(batch.subarray(at.records), attributes & flags.compression, codecs)
  const cursor = { bytes, at: 0 }
  const messages: Message[] = []
  for (let left = batch.readInt32BE(at.count); left > 0; left--) {
    const end = readVarint(cursor) + cursor.at
    cursor.at++
    const distance = readVarint(cursor)
    const time = attributes & flags.isLogTime ? maxTime : firstTime + distance
    const offset = base + BigInt(readVarint(cursor))
    const key = readBytes(cursor)
    const value = readBytes(cursor)
    messages.push({ offset, timestamp: time < 0 ? null : time, key, value })
    // Headers are not read: they tell of the message, and are none of it.
    cursor.at = end
  }
  return messages
}

function unpackSafely(bytes: Buffer, compression: number, codecs: Codecs): Buffer {
  try {
    return unpack(bytes, compression, codecs)
  } catch (cause) {
    throw new UnreadableBatch(`compression ${compression}`, { cause })
  }
}

function unpack(bytes: Buffer, compression: number, codecs: Codecs): Buffer {
  switch (compression) {
    case 0:
      return bytes
    case 1:
      return gunzipSync(bytes, { maxOutputLength: mostBytes })
    case 2:
      return codecs.snappy(bytes)
    case 3:
      return codecs.lz4(bytes)
    case 4:
      return zstdDecompressSync(bytes, { maxOutputLength: mostBytes })
    default:
      throw new UnreadableBatch(`compression ${compression}`)
  }
}

interface Cursor {
  bytes: Buffer
  at: number
}

/** Signed, of up to ten bytes of seven bits; beyond 2^53 there is no length, time or distance. */
function readVarint(cursor: Cursor): number {
  let value = 0
  for (let factor = 1; ; factor *= 128) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined || factor > 2 ** 63) throw new UnreadableBatch('length')
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}

function readBytes(cursor: Cursor): Buffer | null {
  const length = readVarint(cursor)
  if (length < 0) return null
  const bytes = cursor.bytes.subarray(cursor.at, cursor.at + length)
  if (bytes.length < length) throw new UnreadableBatch('length')
  cursor.at += length
  return bytes
}
