// Counts the records of a big clean file by its lines, to be compared with what the engine has loaded.

const LF = 10
const CR = 13
/** Quotes per byte above which reading the records themselves is cheaper than jumping from quote to quote. */
const DENSE = 1 / 40
const JUDGED_BYTES = 65_536

/**
 * Lines of a chunk that begins and ends with whole lines. Undefined where lines are not records: a quote is open at a line end, a line
 * is blank or begins with a stray CR; and where quotes are so dense that the record scanner is faster. Jumps with memchr: 0.2 to 0.7 ns a byte (measured), where
 * the record scanner takes 1.3.
 */
export function countLines(bytes: Buffer, quote: string | null): number | undefined {
  const mark = quote?.charCodeAt(0)
  if (mark !== undefined && isDense(bytes, mark)) return undefined
  let lines = 0
  let isOpen = false
  let nextQuote = mark === undefined ? -1 : bytes.indexOf(mark)
  for (let start = 0; start < bytes.length; lines++) {
    const found = bytes.indexOf(LF, start)
    const end = found < 0 ? bytes.length : found
    for (; nextQuote >= 0 && nextQuote < end; nextQuote = bytes.indexOf(mark!, nextQuote + 1)) isOpen = !isOpen
    if (isOpen || end === start || bytes[start] === CR) return undefined
    start = end + 1
  }
  return bytes.at(-1) === CR ? undefined : lines
}

function isDense(bytes: Buffer, mark: number): boolean {
  const end = Math.min(bytes.length, JUDGED_BYTES)
  let quotes = 0
  for (let at = 0; at < end; at++) if (bytes[at] === mark) quotes++
  return end === JUDGED_BYTES && quotes > end * DENSE
}
