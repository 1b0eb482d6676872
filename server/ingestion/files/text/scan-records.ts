// Finds the records of a delimited UTF-8 text by their bytes and proves each one: field count, quotes, characters.
// It never builds values, so a clean gigabyte costs about a second; a broken record is cut out and the next line starts anew,
// so that one stray quote cannot swallow the rows behind it (reliability F27: no row merge).
import type { RecordCounts } from '../file-description.ts'
import { showBytes } from './decode-text.ts'
import { type Defect, type DefectReason, type FileDialect, RAW_LIMIT_BYTES } from './file-dialect.ts'
import { isBlankLine, isEmptyLine, judgeRecord, LF, type RecordBytes, type RecordShape, readRecord } from './read-record.ts'
import { type LineFlaw, MAX_LINE_BYTES, type TextChunk } from './read-text-chunks.ts'

export interface RecordSink {
  /** Bytes of whole good records, in order. Valid during the call. */
  keep?(bytes: Buffer): void
  quarantine(defect: Defect): void
}

const EMPTY = Buffer.alloc(0)
const LINE_END = Buffer.from('\n')
const CR = 13
const HASH = 35

/** Chunks must come in order; the last one has `isLast`. */
export class RecordScanner {
  readonly counts: RecordCounts = { read: 0, written: 0, quarantined: 0, blank: 0 }
  readonly #dialect: FileDialect
  readonly #sink: RecordSink
  readonly #maxRecordBytes: number
  readonly #record: RecordBytes
  readonly #shape: RecordShape = { fields: 0, lines: 0, lastField: 0, broken: undefined, hasStrayReturn: false }
  /** The engine could not read the source as it is, even where nothing is broken: blank or comment lines within, blanks or a CR at the very end. */
  needsRewrite = false
  #line = 1
  /** The record that goes on in the next chunk. */
  #carry: Buffer = EMPTY
  /** Source offsets of its lines by their position: when its quote never closes, each of them is read anew. */
  #carryOffsets = new Map<number, number>()
  #carryFlaws: LineFlaw[] = []
  /** Blank lines that may be the end of the file, where the engine skips them by itself. */
  #blankAtEnd = 0

  constructor(dialect: FileDialect, sink: RecordSink, maxRecordBytes = MAX_LINE_BYTES) {
    this.#dialect = dialect
    this.#sink = sink
    this.#maxRecordBytes = maxRecordBytes
    const { columnCount, trailingDelimiter } = dialect
    this.#record = { delimiter: dialect.delimiter.charCodeAt(0), quote: dialect.quote?.charCodeAt(0) ?? -1, columnCount, trailingDelimiter }
  }

  push(chunk: TextChunk): void {
    const shift = this.#carry.length
    const needsEnd = chunk.isLast && chunk.bytes.length > 0 && chunk.bytes.at(-1) !== LF
    const bytes = shift > 0 || needsEnd ? Buffer.concat([this.#carry, chunk.bytes, needsEnd ? LINE_END : EMPTY]) : chunk.bytes
    if (needsEnd && chunk.bytes.at(-1) === CR) this.needsRewrite = true
    const flaws = shift > 0 ? [...this.#carryFlaws, ...moveFlaws(chunk.flaws, shift)] : chunk.flaws
    const offsetOf = (position: number) => (position < shift ? this.#carryOffsets.get(position)! : chunk.sourceOffset(position - shift))
    const start = this.#scan(bytes, flaws, chunk.isLast, offsetOf)
    this.#carryOffsets = lineOffsets(bytes, start, offsetOf)
    this.#carryFlaws = moveFlaws(
      flaws.filter((flaw) => flaw.end > start),
      -start,
    )
    this.#carry = Buffer.from(bytes.subarray(start))
  }

  /** Position of the record that the bytes do not hold whole. */
  #scan(bytes: Buffer, flaws: LineFlaw[], isLast: boolean, offsetOf: (position: number) => number): number {
    const shape = this.#shape
    let flawAt = 0
    let start = this.#skipPreamble(bytes)
    let kept = start
    while (start < bytes.length) {
      // Snapshots laid end to end repeat the comments and the header in them.
      if (this.#dialect.headerInComment && bytes[start] === HASH) {
        if (start > kept) this.#sink.keep?.(bytes.subarray(kept, start))
        start = bytes.indexOf(LF, start) + 1
        kept = start
        this.#line++
        this.needsRewrite = true
        continue
      }
      let end = readRecord(bytes, start, this.#record, shape)
      if (end < 0) {
        if (!isLast && bytes.length - start <= this.#maxRecordBytes) break
        shape.broken = 'unbalanced_quote'
      }
      while (flawAt < flaws.length && flaws[flawAt]!.end <= start) flawAt++
      const flaw = flaws[flawAt]
      if (shape.broken || (flaw?.reason === 'line_too_long' && flaw.start <= start)) {
        // Only the first line is given up; what a stray quote seemed to hold is read anew.
        end = bytes.indexOf(LF, start) + 1
        shape.lines = 1
      }
      const found = flaw && flaw.start < end ? flaw : undefined
      const reason = found?.reason ?? judgeRecord(bytes, start, end, this.#record, shape)
      if (reason) {
        if (start > kept) this.#sink.keep?.(bytes.subarray(kept, start))
        kept = end
        if (!found && this.#record.columnCount > 1 && isBlankLine(bytes, start, end)) {
          this.#blankAtEnd++
          this.needsRewrite ||= !isEmptyLine(bytes, start, end)
        } else this.#report(bytes.subarray(start, end), reason, found, offsetOf(start))
      } else this.#count('written')
      this.#line += shape.lines
      start = end
    }
    if (start > kept) this.#sink.keep?.(bytes.subarray(kept, start))
    return start
  }

  #skipPreamble(bytes: Buffer): number {
    let start = 0
    for (; this.#line < this.#dialect.dataLine && start < bytes.length; this.#line++) start = bytes.indexOf(LF, start) + 1
    return start
  }

  #count(kind: 'written' | 'quarantined'): void {
    this.counts.read++
    this.counts[kind]++
    if (this.#blankAtEnd === 0) return
    this.counts.blank += this.#blankAtEnd
    this.needsRewrite = true
    this.#blankAtEnd = 0
  }

  #report(record: Buffer, reason: DefectReason, flaw: LineFlaw | undefined, offset: number): void {
    this.#count('quarantined')
    const body = record.at(-1) === LF ? record.subarray(0, record.at(-2) === CR ? -2 : -1) : record
    this.#sink.quarantine({
      line: this.#line,
      offset: flaw ? flaw.offset : offset,
      reason,
      ...(flaw?.hex && { params: { bytes: flaw.hex } }),
      ...(reason === 'ragged' && { params: { expected: this.#record.columnCount, found: this.#shape.fields } }),
      raw: showBytes(body.subarray(0, RAW_LIMIT_BYTES)),
      isRawCut: body.length > RAW_LIMIT_BYTES || reason === 'line_too_long',
    })
  }
}

function lineOffsets(bytes: Buffer, from: number, offsetOf: (position: number) => number): Map<number, number> {
  const offsets = new Map<number, number>()
  for (let at = from; at < bytes.length; at = bytes.indexOf(LF, at) + 1 || bytes.length) offsets.set(at - from, offsetOf(at))
  return offsets
}

const moveFlaws = (flaws: LineFlaw[], by: number) => flaws.map((flaw) => ({ ...flaw, start: flaw.start + by, end: flaw.end + by }))
