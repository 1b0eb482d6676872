// A text file as UTF-8 chunks of whole lines, whatever its encoding, in bounded memory.
// Lines that cannot be decoded, hold a NUL or are too long are named; nothing is replaced silently.
import { isUtf8 } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import { type Encoding, findBadByte, toMarkedUtf8 } from './decode-text.ts'
import { type FileDialect, RAW_LIMIT_BYTES } from './file-dialect.ts'

export interface LineFlaw {
  /** Positions in the chunk, line end included. */
  start: number
  end: number
  reason: 'bad_bytes' | 'nul' | 'line_too_long'
  /** Byte offset in the source file. */
  offset: number
  /** The bytes there, `95 32`. */
  hex: string
}

export interface TextChunk {
  /** UTF-8. Ends with a line end, unless it is the end of the file. Valid until the next chunk is asked for. */
  bytes: Buffer
  isLast: boolean
  /** In ascending order, at most one per line. */
  flaws: LineFlaw[]
  /** Source offset of the line that starts at `position`. Ask in ascending order. */
  sourceOffset(position: number): number
}

export interface TextSource {
  encoding: Encoding
  markBytes: number
  newline: FileDialect['newline']
}

const CHUNK_BYTES = 2 ** 21
export const MAX_LINE_BYTES = 2 ** 24
const LF = 10
const CR = 13

export interface ChunkLimits {
  maxLineBytes?: number
  /** Read at once; a line may be longer. */
  chunkBytes?: number
}

export async function* readTextChunks(path: string, source: TextSource, limits: ChunkLimits = {}): AsyncGenerator<TextChunk> {
  const { maxLineBytes = MAX_LINE_BYTES, chunkBytes = CHUNK_BYTES } = limits
  const handle = await open(path)
  const lineEnd = source.newline === 'cr' ? CR : LF
  let buffer = Buffer.allocUnsafeSlow(chunkBytes)
  /** Source offset of buffer[0], and bytes in the buffer. */
  let base = source.markBytes
  let filled = 0
  let isSkipping = false
  const drop = (bytes: number) => {
    buffer.copyWithin(0, bytes, filled)
    base += bytes
    filled -= bytes
  }
  try {
    for (;;) {
      const bytesRead = await fill(handle, buffer, filled, base + filled)
      filled += bytesRead
      const isLast = filled < buffer.length
      if (isSkipping) {
        const next = firstLineEnd(buffer.subarray(0, filled), source.encoding, lineEnd)
        isSkipping = next === 0
        drop(next || filled)
        if (!isLast) continue
      }
      const cut = isLast ? filled : lastLineEnd(buffer.subarray(0, filled), source.encoding, lineEnd)
      if (cut > 0 || isLast) yield toChunk(buffer.subarray(0, cut), base, isLast, source)
      else if (filled >= maxLineBytes) {
        yield tooLong(buffer.subarray(0, RAW_LIMIT_BYTES), base, source.encoding)
        isSkipping = true
      } else {
        buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(buffer.length)])
        continue
      }
      if (isLast) return
      drop(isSkipping ? filled : cut)
    }
  } finally {
    await handle.close()
  }
}

/** Reads until the buffer is full or the file ends: a short read is no end. */
async function fill(handle: FileHandle, buffer: Buffer, from: number, position: number): Promise<number> {
  let total = 0
  while (from + total < buffer.length) {
    const { bytesRead } = await handle.read(buffer, from + total, buffer.length - from - total, position + total)
    if (bytesRead === 0) break
    total += bytesRead
  }
  return total
}

function toChunk(bytes: Buffer, base: number, isLast: boolean, source: TextSource): TextChunk {
  const { encoding, newline } = source
  const lineEnd = newline === 'cr' ? CR : LF
  const flaws: LineFlaw[] = []
  const decoded = encoding === 'utf-8' ? bytes : toUtf8(bytes, encoding)
  const isIntact = encoding === 'utf-8' ? isUtf8(bytes) : decoded !== undefined
  const text = decoded ?? Buffer.concat([...markLines(bytes, encoding, lineEnd)])
  if (!isIntact || text.includes(0)) flaws.push(...findFlaws(text, bytes, base, encoding, lineEnd))
  if (newline === 'cr' || newline === 'mixed') replaceLoneReturns(text)
  if (encoding === 'utf-8') return { bytes: text, isLast, flaws, sourceOffset: (position) => base + position }
  let [seenText, seenSource] = [0, 0]
  const sourceOffset = (position: number) => {
    for (; seenText < position; seenText++) {
      if (text[seenText] === LF) seenSource += firstLineEnd(bytes.subarray(seenSource), encoding, lineEnd)
    }
    return base + seenSource
  }
  return { bytes: text, isLast, flaws, sourceOffset }
}

/** Undefined where a byte has no meaning. */
function toUtf8(bytes: Buffer, encoding: Encoding): Buffer | undefined {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}

function* markLines(bytes: Buffer, encoding: Encoding, lineEnd: number): Generator<Buffer> {
  for (const line of linesOf(bytes, encoding, lineEnd)) yield toUtf8(line, encoding) ?? toMarkedUtf8(line, encoding)
}

/** Walks text and source side by side: a line end stands for a line end in every encoding. */
function* findFlaws(text: Buffer, source: Buffer, base: number, encoding: Encoding, lineEnd: number): Generator<LineFlaw> {
  let [start, offset] = [0, base]
  for (const line of linesOf(source, encoding, lineEnd)) {
    const next = text.indexOf(lineEnd, start)
    const end = next < 0 ? text.length : next + 1
    const bad = findBadByte(line, encoding)
    const nul = bad ? -1 : text.subarray(start, end).indexOf(0)
    if (bad) yield { start, end, reason: 'bad_bytes', offset: offset + bad.offset, hex: bad.hex }
    else if (nul >= 0) yield { start, end, reason: 'nul', offset: encoding === 'utf-8' ? offset + nul : offset, hex: '00' }
    start = end
    offset += line.length
  }
}

function* linesOf(bytes: Buffer, encoding: Encoding, lineEnd: number): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const to = firstLineEnd(bytes.subarray(from), encoding, lineEnd)
    const line = bytes.subarray(from, to ? from + to : bytes.length)
    yield line
    from += line.length
  }
}

/** A line of which only the beginning is kept; it ends in a line end so that the next one starts anew. */
function tooLong(head: Buffer, base: number, encoding: Encoding): TextChunk {
  const bytes = Buffer.concat([toMarkedUtf8(head, encoding), Buffer.from('\n')])
  return {
    bytes,
    isLast: false,
    flaws: [{ start: 0, end: bytes.length, reason: 'line_too_long', offset: base, hex: '' }],
    sourceOffset: () => base,
  }
}

/** Position behind the first line end, 0 when there is none. */
function firstLineEnd(bytes: Buffer, encoding: Encoding, lineEnd: number): number {
  if (!encoding.startsWith('utf-16')) return bytes.indexOf(lineEnd) + 1
  const unit = wideUnit(encoding, lineEnd)
  for (let at = bytes.indexOf(unit); at >= 0; at = bytes.indexOf(unit, at + 1)) if (at % 2 === 0) return at + 2
  return 0
}

/** Position behind the last line end, 0 when there is none. In GB18030 and UTF-8 a line end is never part of a character. */
function lastLineEnd(bytes: Buffer, encoding: Encoding, lineEnd: number): number {
  if (!encoding.startsWith('utf-16')) return bytes.lastIndexOf(lineEnd) + 1
  const unit = wideUnit(encoding, lineEnd)
  for (let at = bytes.lastIndexOf(unit); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(unit, at - 1)) if (at % 2 === 0) return at + 2
  return 0
}

const wideUnit = (encoding: Encoding, byte: number) => Buffer.from(encoding === 'utf-16le' ? [byte, 0] : [0, byte])

/** Old Mac line ends become LF in place; CRLF stays. */
function replaceLoneReturns(text: Buffer): void {
  for (let at = text.indexOf(CR); at >= 0; at = text.indexOf(CR, at + 1)) if (text[at + 1] !== LF) text[at] = LF
}
