// Any delimited text file → bytes that the engine reads as they are. A clean UTF-8 file passes through untouched after one scan;
// otherwise the good records are copied, in UTF-8, and each broken one goes to the quarantine file. read = written + quarantined.
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Encoding } from './decode-text.ts'
import { type EngineInput, toEngineInput } from './engine-input.ts'
import type { Defect, DefectReason, FileDialect } from './file-dialect.ts'
import { MAX_LINE_BYTES, readTextChunks, type TextSource } from './read-text-chunks.ts'
import { createRecordScanner, type RecordCounts } from './scan-records.ts'
import { openQuarantine } from './write-quarantine.ts'

export interface PrepareFileInput {
  path: string
  encoding: Encoding
  markBytes: number
  dialect: FileDialect
  /** Folder for the rewritten file and the quarantine; the caller removes it when the load is done. */
  workFolder: string
  maxRecordBytes?: number
  maxDefects?: number
  signal?: AbortSignal
}

export interface PreparedFile {
  input: EngineInput
  /** The engine reads the source itself. */
  isUntouched: boolean
  counts: RecordCounts
  /** JSON lines of Defect; absent when nothing was quarantined. */
  quarantinePath?: string
  reasons: Partial<Record<DefectReason, number>>
  /** The first few, to be shown at once. */
  firstDefects: Defect[]
}

const MAX_DEFECTS = 100_000

/** @throws `file.too_many_defects` when so much is broken that encoding or dialect must be wrong */
export async function prepareFile(input: PrepareFileInput): Promise<PreparedFile> {
  return (await passThrough(input)) ?? rewriteFile(input)
}

/** Proves that the file can be read as it is: one scan, no copy. Undefined at the first thing that speaks against it. */
export async function passThrough(input: PrepareFileInput): Promise<PreparedFile | undefined> {
  const skipRecords = await countPreamble(input)
  if (skipRecords === undefined) return undefined
  let isClean = true
  const scanner = createRecordScanner(input.dialect, { quarantine: () => (isClean = false) }, input.maxRecordBytes)
  for await (const chunk of readTextChunks(input.path, sourceOf(input), input.maxRecordBytes)) {
    input.signal?.throwIfAborted()
    scanner.push(chunk)
    if (!isClean || scanner.counts.blank > 0) return undefined
  }
  return {
    input: toEngineInput(input.path, input.dialect, skipRecords),
    isUntouched: true,
    counts: scanner.counts,
    reasons: {},
    firstDefects: [],
  }
}

/** Copies the good records, cuts out the rest. */
export async function rewriteFile(input: PrepareFileInput): Promise<PreparedFile> {
  const path = join(input.workFolder, 'records.csv')
  const quarantinePath = join(input.workFolder, 'quarantine.jsonl')
  const output = await open(path, 'w', 0o600)
  const quarantine = await openQuarantine(quarantinePath, input.maxDefects ?? MAX_DEFECTS)
  try {
    let kept: Buffer[] = []
    const scanner = createRecordScanner(
      input.dialect,
      { keep: (bytes) => kept.push(bytes), quarantine: quarantine.add },
      input.maxRecordBytes,
    )
    for await (const chunk of readTextChunks(input.path, sourceOf(input), input.maxRecordBytes)) {
      input.signal?.throwIfAborted()
      scanner.push(chunk)
      await output.appendFile(kept.length === 1 ? kept[0]! : Buffer.concat(kept))
      kept = []
      await quarantine.flush()
    }
    return {
      input: toEngineInput(path, input.dialect, 0),
      isUntouched: false,
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
async function countPreamble(input: PrepareFileInput): Promise<number | undefined> {
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

const sourceOf = ({ encoding, markBytes, dialect }: PrepareFileInput): TextSource => ({ encoding, markBytes, newline: dialect.newline })

/** The first lines as text; undefined when they do not stand in the first chunk or cannot be decoded. */
async function readLines(path: string, source: TextSource, lines: number): Promise<string | undefined> {
  for await (const chunk of readTextChunks(path, source, MAX_LINE_BYTES)) {
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
