// Which of the four encodings a file is in. A damaged UTF-8 file must not be read as GB18030, which accepts nearly every byte pair.
import { isAscii, isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { invalid } from '../../../kernel/errors.ts'
import { type Encoding, findBadByte, isDecodable, sequenceLength } from './decode-text.ts'
import type { Reason } from '../file-description.ts'

export interface DetectedEncoding {
  encoding: Encoding
  /** Bytes of byte order marks at the start of the file (a mark may stand twice). */
  markBytes: number
  /** 0 to 1; below 0.5 a person should confirm. */
  confidence: number
  reasons: Reason[]
}

const WINDOW_BYTES = 2 ** 20
/** Share of high bytes that form UTF-8 sequences, above which a file is UTF-8 with damage. GB18030 text reaches about 0.1. */
const DAMAGED_UTF8_SHARE = 0.8
/** Share of two-byte characters from GB 2312 level 1, below which the text is probably in yet another encoding (Big5, Shift JIS …). */
const EVERYDAY_SHARE = 0.7
/** High bytes or characters that are enough for a share. */
const ENOUGH = 100_000

const MARKS: [Encoding, Buffer][] = [
  ['utf-8', Buffer.from('efbbbf', 'hex')],
  ['gb18030', Buffer.from('84319533', 'hex')],
  ['utf-16le', Buffer.from('fffe', 'hex')],
  ['utf-16be', Buffer.from('feff', 'hex')],
]

/**
 * Judges the first window of the file that holds more than ASCII. What a person has chosen is taken as it is, but for the mark.
 * @throws `file.unknown_encoding` `file.not_text` `file.empty`
 */
export async function detectEncoding(path: string, chosen?: Encoding): Promise<DetectedEncoding> {
  const handle = await open(path)
  try {
    const buffer = Buffer.allocUnsafe(WINDOW_BYTES)
    for (let position = 0; ; position += buffer.length) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
      const isEnd = bytesRead < buffer.length
      if (position === 0 && bytesRead === 0) throw invalid('file.empty')
      const window = buffer.subarray(0, bytesRead)
      const marked = position === 0 ? readMark(window) : undefined
      if (marked && (chosen ?? marked.encoding) === marked.encoding) return marked
      if (chosen)
        return { encoding: chosen, markBytes: 0, confidence: 1, reasons: [{ code: 'file.reason.chosen', params: { encoding: chosen } }] }
      if (!isAscii(window) || judgeZeros(window)) return judgeEncoding(window, isEnd)
      if (isEnd) return { encoding: 'utf-8', markBytes: 0, confidence: 1, reasons: [{ code: 'file.reason.ascii' }] }
    }
  } finally {
    await handle.close()
  }
}

function readMark(head: Buffer): DetectedEncoding | undefined {
  for (const [encoding, mark] of MARKS) {
    let markBytes = 0
    while (head.subarray(markBytes, markBytes + mark.length).equals(mark)) markBytes += mark.length
    // UTF-32 little endian begins like UTF-16 little endian, then two zeros.
    const isUtf32 = encoding === 'utf-16le' && markBytes > 0 && head.subarray(2, 4).equals(Buffer.alloc(2))
    if (isUtf32) throw invalid('file.unknown_encoding', { offset: 0, bytes: 'FF FE 00 00' })
    if (markBytes > 0)
      return { encoding, markBytes, confidence: 1, reasons: [{ code: 'file.reason.byte_order_mark', params: { encoding } }] }
  }
  return undefined
}

/** `isEnd`: the window ends with the file, so a cut character at its end is damage and not the window's edge. */
function judgeEncoding(window: Buffer, isEnd: boolean): DetectedEncoding {
  const found = (encoding: Encoding, confidence: number, reason: string, params: Reason['params'] = {}): DetectedEncoding => ({
    encoding,
    markBytes: 0,
    confidence,
    reasons: [{ code: `file.reason.${reason}`, params: { encoding, ...params } }],
  })
  const wide = judgeZeros(window)
  if (wide) return found(wide, 0.8, 'zero_bytes')
  const lines = isEnd ? window : window.subarray(0, window.lastIndexOf(10) + 1 || window.length)
  if (isUtf8(lines)) {
    const isAmbiguous = lines.length < 4096 && countHigh(lines) < 32 && isDecodable(lines, 'gb18030')
    return isAmbiguous ? found('utf-8', 0.8, 'also_gb18030') : found('utf-8', 0.98, 'valid_utf8')
  }
  const share = utf8Share(lines)
  if (share >= DAMAGED_UTF8_SHARE) return found('utf-8', share, 'damaged_utf8', { offset: findBadByte(lines, 'utf-8')?.offset ?? 0 })
  const everyday = everydayShare(lines)
  const bad = findBadByte(lines, 'gb18030')
  const intactShare = bad ? decodableLineShare(lines) : 1
  if (intactShare < 0.5) throw invalid('file.unknown_encoding', { offset: bad?.offset ?? 0, bytes: bad?.hex ?? '' })
  if (everyday < EVERYDAY_SHARE) return found('gb18030', 0.4, 'rare_characters')
  return bad ? found('gb18030', 0.7 * intactShare, 'damaged_gb18030', { offset: bad.offset }) : found('gb18030', 0.95, 'valid_gb18030')
}

/** UTF-16 without mark: digits, commas and line ends have a zero byte, always on the same side. @throws `file.not_text` */
function judgeZeros(window: Buffer): Encoding | undefined {
  const zeros = [0, 0]
  for (let at = window.indexOf(0); at >= 0 && at < 65_536; at = window.indexOf(0, at + 1)) zeros[at & 1]!++
  const [even = 0, odd = 0] = zeros
  const total = even + odd
  const seen = Math.min(window.length, 65_536)
  if (total < seen * 0.02) return undefined
  const encoding = even > odd ? 'utf-16be' : 'utf-16le'
  const whole = window.subarray(0, window.length & ~1)
  if (Math.max(even, odd) < total * 0.95 || !(isDecodable(whole, encoding) || isDecodable(whole.subarray(0, -2), encoding)))
    throw invalid('file.not_text')
  return encoding
}

function countHigh(bytes: Buffer): number {
  let high = 0
  for (const byte of bytes) if (byte >= 0x80) high++
  return high
}

function utf8Share(bytes: Buffer): number {
  let high = 0
  let inSequences = 0
  for (let at = 0; at < bytes.length && high < ENOUGH; ) {
    const lead = bytes[at]!
    if (lead < 0x80) {
      at++
      continue
    }
    const length = sequenceLength(lead)
    const isSequence = length > 1 && isUtf8(bytes.subarray(at, at + length))
    high += isSequence ? length : 1
    if (isSequence) inSequences += length
    at += isSequence ? length : 1
  }
  return high === 0 ? 1 : inSequences / high
}

/** Of the two-byte characters, how many are punctuation or level 1 of GB 2312 (leads A1–A3 and B0–D7, trails from A1), as nearly all of a text is. */
function everydayShare(bytes: Buffer): number {
  let pairs = 0
  let everyday = 0
  for (let at = 0; at + 1 < bytes.length && pairs < ENOUGH; at++) {
    const lead = bytes[at]!
    if (lead < 0x81) continue
    const trail = bytes[at + 1]!
    if (trail >= 0x30 && trail <= 0x39) {
      at += 3
      continue
    }
    pairs++
    if (trail >= 0xa1 && ((lead >= 0xa1 && lead <= 0xa3) || (lead >= 0xb0 && lead <= 0xd7))) everyday++
    at++
  }
  return pairs === 0 ? 0 : everyday / pairs
}

function decodableLineShare(bytes: Buffer): number {
  let lines = 0
  let intact = 0
  for (let from = 0; from < bytes.length && lines < 5000; lines++) {
    const next = bytes.indexOf(10, from)
    const to = next < 0 ? bytes.length : next + 1
    if (isDecodable(bytes.subarray(from, to), 'gb18030')) intact++
    from = to
  }
  return intact / Math.max(1, lines)
}
