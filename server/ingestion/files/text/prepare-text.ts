// Any delimited text file → bytes that the engine reads as they are. A clean UTF-8 file passes through untouched after one scan;
// otherwise the good records are copied, in UTF-8, and each broken one goes to the quarantine file. read = written + quarantined.
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { toCsvInput } from '../engine-input.ts'
import type { PreparedRecords, RecordCounts } from '../file-description.ts'
import { openQuarantine } from '../write-quarantine.ts'
import { countLines } from './count-lines.ts'
import type { Encoding } from './decode-text.ts'
import { checkDialect, type FileDialect } from './file-dialect.ts'
import { type ChunkLimits, readTextChunks, type TextChunk, type TextSource } from './read-text-chunks.ts'
import { RecordScanner } from './scan-records.ts'

export interface PrepareTextInput {
  path: string
  encoding: Encoding
  markBytes: number
  dialect: FileDialect
  /** Folder for the rewritten file and the quarantine; the caller removes it when the load is done. */
  workFolder: string
  /**
   * `records`: every record is proved before the engine sees the file (0.6 to 0.8 GB/s). `lines`, for big files: characters and lines
   * only, two to three times as fast; the engine proves the fields, and when it refuses the file, it is prepared again with `records`.
   */
  proof?: 'records' | 'lines'
  maxRecordBytes?: number
  chunkBytes?: number
  maxDefects?: number
  signal?: AbortSignal
}

const MAX_DEFECTS = 100_000

/** @throws `file.too_many_defects` when so much is broken that encoding or dialect must be wrong; `file.dialect_invalid` */
export async function prepareText(input: PrepareTextInput): Promise<PreparedRecords> {
  checkDialect(input.dialect)
  return (await passThrough(input)) ?? rewriteText(input)
}

/** Proves that the file can be read as it is: one scan, no copy. Undefined at the first thing that speaks against it. */
async function passThrough(input: PrepareTextInput): Promise<PreparedRecords | undefined> {
  const skipRecords = await countPreamble(input)
  if (skipRecords === undefined) return undefined
  const byLines = input.proof === 'lines' ? await countByLines(input) : undefined
  const counts = byLines ?? (await countByRecords(input))
  const engineInput = toCsvInput(input.path, input.dialect, skipRecords)
  return counts && { input: engineInput, isUntouched: true, proof: byLines ? 'lines' : 'records', counts, reasons: {}, firstDefects: [] }
}

async function countByRecords(input: PrepareTextInput): Promise<RecordCounts | undefined> {
  let isClean = true
  const sink = {
    quarantine: () => {
      isClean = false
    },
  }
  const scanner = new RecordScanner(input.dialect, sink, input.maxRecordBytes)
  for await (const chunk of chunksOf(input)) {
    scanner.push(chunk)
    if (!isClean || scanner.needsRewrite) return undefined
  }
  return scanner.counts
}

/** Undefined where lines are not records (a comment may stand among them) or a line has a flaw. */
async function countByLines(input: PrepareTextInput): Promise<RecordCounts | undefined> {
  if (input.dialect.headerInComment) return undefined
  let read = 1 - input.dialect.dataLine
  for await (const chunk of chunksOf(input)) {
    const lines = countLines(chunk.bytes, input.dialect.quote)
    if (lines === undefined || chunk.flaws.length > 0) return undefined
    read += lines
  }
  return read < 0 ? undefined : { read, written: read, quarantined: 0, blank: 0 }
}

async function* chunksOf(input: PrepareTextInput): AsyncGenerator<TextChunk> {
  for await (const chunk of readTextChunks(input.path, sourceOf(input), limitsOf(input))) {
    input.signal?.throwIfAborted()
    yield chunk
  }
}

/** Copies the good records, cuts out the rest. */
async function rewriteText(input: PrepareTextInput): Promise<PreparedRecords> {
  const path = join(input.workFolder, 'records.csv')
  const quarantinePath = join(input.workFolder, 'quarantine.jsonl')
  const output = await open(path, 'w', 0o600)
  const quarantine = await openQuarantine(quarantinePath, input.maxDefects ?? MAX_DEFECTS)
  try {
    let kept: Buffer[] = []
    const scanner = new RecordScanner(
      input.dialect,
      { keep: (bytes) => kept.push(bytes), quarantine: quarantine.add },
      input.maxRecordBytes,
    )
    for await (const chunk of chunksOf(input)) {
      scanner.push(chunk)
      await output.appendFile(kept.length === 1 ? kept[0]! : Buffer.concat(kept))
      kept = []
      await quarantine.flush()
    }
    return {
      input: toCsvInput(path, input.dialect, 0),
      isUntouched: false,
      proof: 'records',
      counts: scanner.counts,
      ...(scanner.counts.quarantined > 0 && { quarantinePath }),
      reasons: quarantine.reasons,
      firstDefects: quarantine.firstDefects,
    }
  } finally {
    await output.close()
    await quarantine.close()
  }
}

/**
 * Records above the data as the engine counts them, for it skips records and not lines.
 * Undefined where the engine could not read the file itself: another encoding, lone CRs, a mark that would become data, a stray quote.
 */
async function countPreamble(input: PrepareTextInput): Promise<number | undefined> {
  const { dialect, encoding, markBytes } = input
  const lines = dialect.dataLine - 1
  if (encoding !== 'utf-8' || dialect.newline === 'cr' || dialect.newline === 'mixed') return undefined
  if (lines === 0) return markBytes === 0 ? 0 : undefined
  // The engine keeps a byte order mark as text (measured, 26.7); it must go away together with the first record.
  const preamble = await readLines(input.path, sourceOf(input), lines)
  if (preamble === undefined) return undefined
  if (!preamble.includes(dialect.quote ?? '\0')) return lines
  try {
    const options = { delimiter: dialect.delimiter, quote: dialect.quote ?? '"', relax_column_count: true, skip_empty_lines: false }
    return parse(preamble, options).length
  } catch {
    return undefined
  }
}

const limitsOf = ({ maxRecordBytes, chunkBytes }: PrepareTextInput): ChunkLimits => ({
  ...(maxRecordBytes && { maxLineBytes: maxRecordBytes }),
  ...(chunkBytes && { chunkBytes }),
})

const sourceOf = ({ encoding, markBytes, dialect }: PrepareTextInput): TextSource => ({ encoding, markBytes, newline: dialect.newline })

/** The first lines as text; undefined when they do not stand in the first chunk or cannot be decoded. */
async function readLines(path: string, source: TextSource, lines: number): Promise<string | undefined> {
  for await (const chunk of readTextChunks(path, source)) {
    let end = 0
    for (let line = 0; line < lines; line++) {
      const next = chunk.bytes.indexOf(10, end)
      if (next < 0) return chunk.isLast ? chunk.bytes.toString() : undefined
      end = next + 1
    }
    return chunk.flaws.some((flaw) => flaw.start < end) ? undefined : chunk.bytes.toString('utf8', 0, end)
  }
  return undefined
}
