// Fatal decoding: a byte that has no meaning is named by its offset, never turned into U+FFFD or into other characters.
import { isUtf8 } from 'node:buffer'
import { invalid } from '../../../kernel/errors.ts'

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const
export type Encoding = (typeof encodings)[number]

export interface BadByte {
  /** Offset of the first byte without meaning, from the start of the given bytes. */
  offset: number
  /** Up to four bytes from there, `95 32`. */
  hex: string
}

/** ignoreBOM keeps a U+FEFF inside the text: only a mark at the start of the file may go, and the caller does that. */
const decoderOf = (encoding: Encoding) => new TextDecoder(encoding, { fatal: true, ignoreBOM: true })

/** The text of whole bytes. @throws `file.undecodable` with encoding, byte offset and the bytes */
export function decodeText(bytes: Uint8Array, encoding: Encoding): string {
  try {
    return decoderOf(encoding).decode(bytes)
  } catch {
    const bad = findBadByte(bytes, encoding)
    const isCutOff = bad && bytes.length - bad.offset < 4
    throw invalid(isCutOff ? 'file.truncated_character' : 'file.undecodable', { encoding, offset: bad?.offset ?? 0, bytes: bad?.hex ?? '' })
  }
}

export function isDecodable(bytes: Uint8Array, encoding: Encoding): boolean {
  if (encoding === 'utf-8') return isUtf8(bytes)
  try {
    decoderOf(encoding).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** The first byte that cannot be decoded, by bisection over prefixes: works for every encoding that has a decoder. */
export function findBadByte(bytes: Uint8Array, encoding: Encoding): BadByte | undefined {
  if (isDecodable(bytes, encoding)) return undefined
  // In stream mode a prefix fails only when it holds a whole bad sequence, not when it merely ends inside a character.
  const fails = (length: number) => {
    try {
      decoderOf(encoding).decode(bytes.subarray(0, length), { stream: true })
      return false
    } catch {
      return true
    }
  }
  let [good, bad] = [0, bytes.length]
  if (!fails(bad)) good = bad
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (fails(middle)) bad = middle
    else good = middle
  }
  // Then the sequence began at most three bytes earlier: step back to where everything before it is complete.
  let offset = good
  while (offset > 0 && good - offset < 4 && !isDecodable(bytes.subarray(0, offset), encoding)) offset--
  return { offset, hex: toHex(bytes.subarray(offset, offset + 4)) }
}

/**
 * The UTF-8 text of bytes, also where the encoding is broken: a line that cannot be decoded keeps its structure (delimiters, quotes),
 * and what has no meaning becomes the byte 0xFF, which is never valid in UTF-8. Such a line goes to quarantine as a whole.
 */
export function toMarkedUtf8(bytes: Uint8Array, encoding: Encoding): Buffer {
  const text = Buffer.from(new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes))
  for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at + 3)) text.fill(0xff, at, at + 3)
  return text
}

const REPLACEMENT = Buffer.from('\ufffd')

/** UTF-8 bytes as text for a person: what cannot be decoded is shown as `\xHH`. */
export function showBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString()
  let shown = ''
  let from = 0
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at]!)
    if (at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) at += length
    else {
      shown += `${bytes.toString('utf8', from, at)}\\x${toHex(bytes.subarray(at, at + 1))}`
      from = ++at
    }
  }
  return shown + bytes.toString('utf8', from)
}

/** Bytes of a UTF-8 sequence by its first byte (RFC 3629). */
export const sequenceLength = (lead: number) => (lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4)

const toHex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')
