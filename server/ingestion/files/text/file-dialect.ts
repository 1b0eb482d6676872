import { invalid } from '../../../kernel/errors.ts'

/** How a delimited text file is to be read. Detected, shown to the steward, and overridden where he knows better. */
export interface FileDialect {
  /** One ASCII character: `,` `;` tab `|` … */
  delimiter: string
  /** The quote character, or null where quotes mean nothing. */
  quote: '"' | "'" | null
  /** `mixed`: some lines end in a lone CR. LF and CRLF side by side are no mixture: every reader takes both. */
  newline: 'lf' | 'crlf' | 'cr' | 'mixed'
  /** Physical line (1-based) on which the header record starts; null when the file has none. */
  headerLine: number | null
  /** The header stands in a `#` comment. */
  headerInComment: boolean
  /** Physical line (1-based) of the first data record. */
  dataLine: number
  /** Records end in one delimiter too many. */
  trailingDelimiter: boolean
  /** Fields of a data record. */
  columnCount: number
}

const MAX_COLUMNS = 10_000

/** A dialect may come from a person. @throws `file.dialect_invalid` `file.too_many_columns` */
export function checkDialect(dialect: FileDialect): void {
  const { delimiter, quote, newline, headerLine, dataLine, columnCount } = dialect
  const isLine = (line: number) => Number.isSafeInteger(line) && line > 0
  const wrong =
    (!/^[\t\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]$/.test(delimiter) && delimiter !== '\x01' ? 'delimiter' : undefined) ??
    ((quote !== null && quote !== '"' && quote !== "'") || quote === delimiter ? 'quote' : undefined) ??
    (['lf', 'crlf', 'cr', 'mixed'].includes(newline) ? undefined : 'newline') ??
    (isLine(dataLine) && (headerLine === null || (isLine(headerLine) && headerLine < dataLine)) ? undefined : 'dataLine') ??
    (isLine(columnCount) ? undefined : 'columnCount')
  if (wrong) throw invalid('file.dialect_invalid', { field: wrong })
  if (columnCount > MAX_COLUMNS) throw invalid('file.too_many_columns', { found: columnCount, limit: MAX_COLUMNS })
}

/** Why a record cannot be read. */
export type DefectReason =
  | 'ragged' // more or fewer fields than the file has columns
  | 'unbalanced_quote' // a quote that never closes
  | 'text_after_quote' // "abc"def
  | 'suspected_merge' // a quoted field that swallowed whole records
  | 'stray_return' // a CR in the middle of a line
  | 'bad_bytes' // bytes that are no characters
  | 'nul' // a NUL byte
  | 'line_too_long'
  | 'xml_broken' // a record of XML that is not well-formed
  | 'bad_characters' // bytes that are no characters, somewhere in a record of XML or of a dump
  | 'sql_value' // an expression where a value should stand
  | 'message_null' // a message of a topic without a value
  | 'message_not_json'
  | 'message_not_object'
  | 'message_key_twice'
  | 'message_bytes'
  | 'cell_problem' // a cell of a workbook that cannot be trusted; `problem` tells why

/** One quarantined record. */
export interface Defect {
  /** Physical line (1-based); the row number in a workbook, that of the record in XML and dumps. */
  line: number
  /** Byte offset in the source file at which the record starts; for `bad_bytes` and `nul`, of the first such byte. 0 in a workbook. */
  offset: number
  reason: DefectReason
  params?: Record<string, string | number>
  /** The record as text, at most RAW_LIMIT_BYTES of it; bytes without meaning as `\xHH`. */
  raw: string
  isRawCut: boolean
}

export const RAW_LIMIT_BYTES = 65_536
