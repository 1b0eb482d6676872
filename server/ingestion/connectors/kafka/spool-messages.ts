import { createHash } from 'node:crypto'
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { Message } from './record-batches.ts'

/** A message as it lies in the spool: one line of JSON. */
export interface SpooledMessage {
  partition: number
  offset: string
  timestamp: number | null
  key: string | null
  /** The text as it was sent; null where there is none. */
  value: string | null
  /** Bytes that are no characters, in place of the value. */
  bytes?: string
}

export interface Spool {
  add(partition: number, message: Message): void
  readonly messages: number
  readonly bytes: number
  /** Of the latest message. */
  readonly newest: number | null
  /** Call it now and then, and await it: that is the back-pressure. */
  flush(): Promise<void>
  /** @returns the SHA-256 of what was written */
  close(): Promise<string>
}

/** Writes messages into a file of this node. */
export async function openSpool(path: string): Promise<Spool> {
  const handle: FileHandle = await open(path, 'w', 0o600)
  const hash = createHash('sha256')
  let pending: string[] = []
  let [messages, bytes, newest] = [0, 0, null as number | null]
  const flush = async () => {
    const written = Buffer.from(pending.join(''))
    pending = []
    hash.update(written)
    if (written.length > 0) await handle.appendFile(written)
  }
  return {
    add(partition, message) {
      messages++
      bytes += (message.value?.length ?? 0) + (message.key?.length ?? 0)
      if (message.timestamp !== null && message.timestamp > (newest ?? 0)) newest = message.timestamp
      pending.push(`${JSON.stringify(toSpooled(partition, message))}\n`)
    },
    get messages() {
      return messages
    },
    get bytes() {
      return bytes
    },
    get newest() {
      return newest
    },
    flush,
    async close() {
      await flush()
      await handle.close()
      return hash.digest('hex')
    },
  }
}

export function toSpooled(partition: number, { offset, timestamp, key, value }: Message): SpooledMessage {
  const isText = value === null || isUtf8(value)
  return {
    partition,
    offset: String(offset),
    timestamp,
    key: key && (isUtf8(key) ? key.toString() : `\\x${key.toString('hex')}`),
    value: isText ? (value?.toString() ?? null) : null,
    ...(!isText && { bytes: value.toString('base64') }),
  }
}

/** Not by `readline`, which takes a file that cannot be read for one that has ended. @throws Error where the last line is not whole */
export async function* readSpool(path: string): AsyncGenerator<SpooledMessage> {
  let rest = ''
  for await (const text of createReadStream(path, { encoding: 'utf8', highWaterMark: 2 ** 18 }) as AsyncIterable<string>) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield JSON.parse(line) as SpooledMessage
  }
  if (rest !== '') throw new Error('the spool was cut short')
}
