// Describes a delimited text file from its first two megabytes.
import { open, stat } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Encoding } from './decode-text.ts'
import { detectDialect, detectNewline } from './detect-dialect.ts'
import { type DetectedEncoding, detectEncoding } from './detect-encoding.ts'
import { type FileDescription, PREVIEW_ROWS, SAMPLE_ROWS } from '../file-description.ts'
import type { Defect, FileDialect } from './file-dialect.ts'
import { guessColumn } from '../guess-type.ts'
import { readTextChunks, type TextChunk } from './read-text-chunks.ts'
import { RecordScanner } from './scan-records.ts'

const NEWLINE_HEAD_BYTES = 65_536
const SHOWN_DEFECTS = 20

/** What `known` says is taken as it is; the rest is detected under that condition. */
export async function describeText(
  path: string,
  known: { encoding?: Encoding; dialect?: Partial<FileDialect> } = {},
): Promise<FileDescription> {
  const detected = await detectEncoding(path, known.encoding)
  const newline = known.dialect?.newline ?? (await headNewline(path, detected))
  for await (const chunk of readTextChunks(path, { ...detected, newline })) {
    const { size } = await stat(path)
    return describeChunk(chunk, detected, { ...known.dialect, newline }, size)
  }
  throw new Error('unreachable: a file has at least one chunk')
}

function describeChunk(chunk: TextChunk, detected: DetectedEncoding, known: Partial<FileDialect>, fileBytes: number): FileDescription {
  const { dialect: likely, columns, confidence, reasons } = detectDialect(intactText(chunk), known)
  const dialect = known.dataLine === undefined ? withFlawedData(likely, chunk) : likely
  const kept: Buffer[] = []
  const defects: Defect[] = []
  const scanner = new RecordScanner(dialect, {
    keep: (bytes) => kept.push(Buffer.from(bytes)),
    quarantine: (defect) => defects.length < SHOWN_DEFECTS && defects.push(defect),
  })
  scanner.push({ ...chunk, isLast: true })
  const rows = parseRecords(Buffer.concat(kept).toString(), dialect)
  const sampleBytes = Math.max(1, chunk.isLast ? fileBytes : chunk.sourceOffset(chunk.bytes.length))
  return {
    reading: { format: 'csv', encoding: detected.encoding, markBytes: detected.markBytes, dialect },
    columns: columns.map((name, column) => ({
      name,
      ...guessColumn(
        name,
        rows.map((row) => row[column] ?? null),
      ),
    })),
    previewRows: rows.slice(0, PREVIEW_ROWS),
    estimatedRows: Math.round((scanner.counts.read * fileBytes) / sampleBytes),
    isRowCountExact: chunk.isLast,
    confidence: Math.min(detected.confidence, confidence),
    reasons: [...detected.reasons, ...reasons],
    defects,
  }
}

/** The lines that can be decoded, so that a damaged one does not disturb the detection. Structure keeps its line numbers. */
function intactText({ bytes, flaws }: TextChunk): string {
  let text = ''
  let from = 0
  for (const flaw of flaws) {
    text += `${bytes.toString('utf8', from, flaw.start)}\n`
    from = flaw.end
  }
  return text + bytes.toString('utf8', from)
}

/** A line that cannot be decoded stands empty for the detection: it is data all the same, and must not be passed over as a preamble. */
function withFlawedData(dialect: FileDialect, { bytes, flaws }: TextChunk): FileDialect {
  let line = 1
  let from = 0
  for (const { start } of flaws) {
    for (let end = bytes.indexOf(10, from); end >= 0 && end < start; end = bytes.indexOf(10, from)) {
      from = end + 1
      line++
    }
    if (line >= dialect.dataLine) return dialect
    if (line > (dialect.headerLine ?? 0)) return { ...dialect, dataLine: line }
  }
  return dialect
}

/** Fields of good records. The scanner has proved their structure; here their values are read, for a sample only. */
function parseRecords(text: string, dialect: FileDialect): (string | null)[][] {
  const options = {
    delimiter: dialect.delimiter,
    quote: dialect.quote ?? false,
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n'],
    to: SAMPLE_ROWS,
  }
  const rows = parse(text, { ...options, ...(dialect.quote && { escape: dialect.quote }) }) as string[][]
  return rows.map((row) => row.slice(0, dialect.columnCount))
}

async function headNewline(path: string, { encoding, markBytes }: DetectedEncoding): Promise<FileDialect['newline']> {
  const handle = await open(path)
  try {
    const buffer = Buffer.alloc(NEWLINE_HEAD_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, markBytes)
    const head = buffer.subarray(0, bytesRead)
    // Line ends are single bytes in UTF-8 and GB18030.
    return detectNewline(encoding.startsWith('utf-16') ? new TextDecoder(encoding).decode(head) : head.toString('latin1'))
  } finally {
    await handle.close()
  }
}
