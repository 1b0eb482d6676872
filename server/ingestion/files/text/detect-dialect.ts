// Delimiter, quote, line ends, banner, header: read off a sample, with reasons that a steward can check and override.
import { type Options, parse } from 'csv-parse/sync'
import { detectHeader, modalWidth, toColumnNames } from '../detect-header.ts'
import type { FileDialect } from './file-dialect.ts'
import { RecordScanner } from './scan-records.ts'
import type { Reason } from '../file-description.ts'

export interface DetectedDialect {
  dialect: FileDialect
  /** Column names, made up where the file has none. */
  columns: string[]
  /** 0 to 1; below 0.5 a person should confirm. */
  confidence: number
  reasons: Reason[]
}

interface NumberedRow {
  cells: string[]
  /** Physical line on which the record starts. */
  line: number
}

interface Candidate {
  delimiter: string
  quote: FileDialect['quote']
  rows: NumberedRow[]
  score: number
}

const DELIMITERS = [',', '\t', ';', '|']

/**
 * `sample`: whole lines from the start of the file, without byte order mark. What `known` sets is taken as it is.
 */
export function detectDialect(sample: string, known: Partial<FileDialect> = {}): DetectedDialect {
  const newline = known.newline ?? detectNewline(sample)
  const text = newline === 'cr' || newline === 'mixed' ? sample.replace(/\r(?!\n)/g, '\n') : sample
  const comments = leadingComments(text)
  const body = comments.length > 0 ? text.split('\n').slice(comments.length).join('\n') : text
  const best = chooseCandidate(body, comments.length, known)
  const rows = best.rows.filter((row) => !isBlank(row.cells))
  const found = detectHeader(rows.map((row) => row.cells))
  const reasons: Reason[] = [
    { code: 'file.reason.delimiter', params: { delimiter: best.delimiter, percent: Math.round(best.score * 100) } },
    ...found.reasons,
  ]
  const header = commentHeader(comments, best.delimiter, found.columnCount, known)
  if (header) reasons.splice(1, reasons.length, { code: 'file.reason.header_in_comment', params: { line: header.line } })
  const headerRow = header ? undefined : rowAt(rows, known.headerLine, found.headerIndex)
  const headerLine = header?.line ?? headerRow?.line ?? null
  const dataRow = header ? rows[0] : headerRow ? rows[rows.indexOf(headerRow) + 1] : rows[found.dataIndex]
  const endLine = text.split('\n').length + (text.endsWith('\n') ? 0 : 1)
  const dialect: FileDialect = {
    delimiter: best.delimiter,
    quote: best.quote,
    newline,
    headerLine,
    headerInComment: header !== undefined,
    dataLine: dataRow?.line ?? endLine,
    trailingDelimiter: found.trailingDelimiter,
    columnCount: header ? header.cells.length : found.columnCount,
    ...known,
  }
  return {
    dialect,
    columns: toColumnNames(header?.cells ?? headerRow?.cells, dialect.columnCount),
    confidence: Math.min(best.score, header ? 0.9 : found.confidence),
    reasons,
  }
}

const isBlank = (cells: string[]) => cells.length === 1 && cells[0]!.trim() === ''

function rowAt(rows: NumberedRow[], knownLine: number | null | undefined, index: number | null): NumberedRow | undefined {
  if (knownLine !== undefined) return rows.find((row) => row.line === knownLine)
  return index === null ? undefined : rows[index]
}

/** Line ends of a sample; in UTF-8 and GB18030 the bytes as Latin-1 serve as well. */
export function detectNewline(sample: string): FileDialect['newline'] {
  const crlf = sample.match(/\r\n/g)?.length ?? 0
  const lf = (sample.match(/\n/g)?.length ?? 0) - crlf
  const cr = (sample.match(/\r(?!\n)/g)?.length ?? 0) - (sample.endsWith('\r') ? 1 : 0)
  if (lf + crlf === 0 && cr > 0) return 'cr'
  // A few lone CRs are text inside of cells; many are lines that somebody pasted from an old Mac.
  if (cr * 20 > lf + crlf) return 'mixed'
  return crlf > lf ? 'crlf' : 'lf'
}

function leadingComments(text: string): string[] {
  const lines = text.split('\n', 200)
  const end = lines.findIndex((line) => !line.startsWith('#'))
  return lines.slice(0, end < 0 ? lines.length : end)
}

/** The last comment line is the header when it has as many fields as the records below it. */
function commentHeader(comments: string[], delimiter: string, width: number, known: Partial<FileDialect>) {
  if (known.headerInComment === false || comments.length === 0 || width < 2) return undefined
  const cells = comments
    .at(-1)!
    .replace(/^#+\s*/, '')
    .trimEnd()
    .split(delimiter)
    .map((cell) => cell.trim())
  return cells.length === width ? { cells, line: comments.length } : undefined
}

function chooseCandidate(body: string, linesAbove: number, known: Partial<FileDialect>): Candidate {
  const quotes = known.quote === undefined ? quoteCandidates(body) : [known.quote]
  const candidates = (known.delimiter ? [known.delimiter] : DELIMITERS).flatMap((delimiter) =>
    quotes.flatMap((quote) => {
      // A stray quote swallows what follows, so on failure the lines with an unpaired one are left out of the judgement.
      const rows = splitRows(body, delimiter, quote, linesAbove) ?? splitRows(withoutUnpaired(body), delimiter, quote, linesAbove)
      return rows ? [{ delimiter, quote, rows, score: scoreRows(body, rows, delimiter, quote) }] : []
    }),
  )
  const best = candidates.reduce((one, other) => (other.score > one.score ? other : one), candidates[0]!)
  return best
}

/** A table is a run of records of one width, wider than one field; the scanner that will read them judges them. */
function scoreRows(body: string, rows: NumberedRow[], delimiter: string, quote: FileDialect['quote']): number {
  const counted = rows.map((row) => row.cells).filter((cells) => !isBlank(cells))
  const columnCount = modalWidth(counted)
  if (columnCount === 1 || counted.length === 0) return 0.3
  const dialect: FileDialect = {
    delimiter,
    quote,
    columnCount,
    newline: 'lf',
    headerLine: null,
    headerInComment: false,
    dataLine: 1,
    trailingDelimiter: false,
  }
  const scanner = new RecordScanner(dialect, { quarantine: () => {} })
  scanner.push({ bytes: Buffer.from(body), isLast: true, flaws: [], sourceOffset: () => 0 })
  return (scanner.counts.written / scanner.counts.read) * (1 - 0.3 / columnCount)
}

/** Quotes mean nothing only where most lines that have any have them unpaired: one stray quote is a defect, not a dialect. */
function quoteCandidates(body: string): FileDialect['quote'][] {
  const singles = body.match(/(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)/gm)?.length ?? 0
  const quoted = body.split('\n').filter((line) => line.includes('"'))
  const unpaired = quoted.filter(hasUnpairedQuote).length
  if (singles > 2 && quoted.length === 0) return ["'", '"']
  return unpaired > 2 && unpaired > 0.8 * quoted.length ? ['"', null] : ['"']
}

const withoutUnpaired = (body: string) =>
  body
    .split('\n')
    .map((line) => (hasUnpairedQuote(line) ? '' : line))
    .join('\n')

const hasUnpairedQuote = (line: string) => (line.split('"').length - 1) % 2 === 1

/** Undefined when the quotes do not pair. */
function splitRows(body: string, delimiter: string, quote: FileDialect['quote'], linesAbove: number): NumberedRow[] | undefined {
  const options: Options = {
    delimiter,
    quote: quote ?? false,
    ...(quote && { escape: quote }),
    relax_quotes: true,
    relax_column_count: true,
    info: true,
    record_delimiter: ['\r\n', '\n'],
    to: 2000,
  }
  try {
    const rows: NumberedRow[] = []
    let line = linesAbove + 1
    for (const { record, info } of parse(body, options) as unknown as { record: string[]; info: { lines: number } }[]) {
      rows.push({ cells: record, line })
      line = linesAbove + info.lines + 1
    }
    return rows
  } catch {
    return undefined
  }
}
