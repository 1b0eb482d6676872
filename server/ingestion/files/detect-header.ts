// Where the table begins: banner lines above it, the header record, the first record of data. Works on rows of texts, whatever they came from.
import { looksLikeData } from './guess-type.ts'
import type { Reason } from './file-description.ts'

export interface DetectedHeader {
  /** Index of the header row, null when the table has none. */
  headerIndex: number | null
  /** Index of the first row of data (may be rows.length). */
  dataIndex: number
  /** Fields of a row of data. */
  columnCount: number
  trailingDelimiter: boolean
  confidence: number
  reasons: Reason[]
}

type Row = readonly string[]
/** Rows above the table that may be banner. */
const MAX_BANNER_ROWS = 10
const MAX_NAME_LENGTH = 64

export function detectHeader(rows: readonly Row[]): DetectedHeader {
  const width = modalWidth(rows)
  const reasons: Reason[] = []
  const first = findTableStart(rows, width)
  if (first > 0) reasons.push({ code: 'file.reason.banner', params: { count: first } })
  const judged = judgeHeader(rows[first] ?? [], rows.slice(first + 1, first + 501), width)
  reasons.push(judged.reason)
  const dataIndex = judged.isHeader ? first + 1 : first
  const trailingDelimiter = hasTrailingDelimiter(judged.isHeader ? rows[first]! : undefined, rows.slice(dataIndex), width)
  if (trailingDelimiter) reasons.push({ code: 'file.reason.trailing_delimiter' })
  return {
    headerIndex: judged.isHeader ? first : null,
    dataIndex,
    columnCount: trailingDelimiter ? width - 1 : width,
    trailingDelimiter,
    confidence: judged.confidence,
    reasons,
  }
}

/** The most frequent number of fields; among equals the larger one, since banners are narrow. */
export function modalWidth(rows: readonly Row[]): number {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1)
  let [best, most] = [1, 0]
  for (const [width, count] of counts) if (count > most || (count === most && width > best)) [best, most] = [width, count]
  return best
}

/** Skips rows that are narrower than the table, or hold one text and padding (`标题,,,,`). */
function findTableStart(rows: readonly Row[], width: number): number {
  for (let index = 0; index < Math.min(rows.length - 1, MAX_BANNER_ROWS); index++) {
    const row = rows[index]!
    const isPadded = width > 2 && filledCells(row) <= 1 && rows.slice(index + 1, MAX_BANNER_ROWS + 2).some((one) => filledCells(one) > 1)
    const isNarrow = row.length < width - 1 && filledCells(row) <= Math.max(1, width / 2)
    if (!isPadded && !isNarrow) return index
  }
  return 0
}

const filledCells = (row: Row) => row.filter((cell) => cell.trim() !== '').length

function judgeHeader(row: Row, following: readonly Row[], width: number): { isHeader: boolean; confidence: number; reason: Reason } {
  const verdict = (isHeader: boolean, confidence: number, reason: string, params: Reason['params'] = {}) => ({
    isHeader,
    confidence,
    reason: { code: `file.reason.${reason}`, params },
  })
  const names = withoutTrailingBlank(row).map((cell) => cell.trim())
  if (names.length === 0) return verdict(false, 0.9, 'no_header_empty_cells')
  const dataCell = names.find(looksLikeData)
  if (dataCell !== undefined) return verdict(false, 0.95, 'no_header_data_cell', { value: dataCell.slice(0, 40) })
  const blank = names.filter((name) => name === '').length
  if (blank > 1 || blank * 4 > names.length) return verdict(false, 0.8, 'no_header_empty_cells')
  if (names.some((name) => name.length > MAX_NAME_LENGTH)) return verdict(false, 0.7, 'no_header_long_cell')
  if (following.length === 0) return verdict(true, 0.5, 'header_alone')
  const typed = names.findIndex((_, column) => {
    const values = following.map((one) => one[column] ?? '').filter((value) => value.trim() !== '')
    return values.length > 0 && values.filter(looksLikeData).length >= values.length * 0.8
  })
  if (typed >= 0) return verdict(true, 0.95, 'header_above_numbers', { name: names[typed]! })
  const recurs = names.some((name, column) => name !== '' && following.some((one) => one[column]?.trim() === name))
  if (recurs) return verdict(false, 0.7, 'no_header_recurring')
  const distinct = new Set(names).size === names.length
  return distinct && row.length >= width - 1 ? verdict(true, 0.7, 'header_distinct_names') : verdict(false, 0.5, 'no_header_repeated_names')
}

const withoutTrailingBlank = (row: Row) => (row.at(-1)?.trim() === '' ? row.slice(0, -1) : row)

/** Every record ends in an empty field for which the header has no name. */
function hasTrailingDelimiter(header: Row | undefined, data: readonly Row[], width: number): boolean {
  if (width < 3 || data.length === 0) return false
  const isUnnamed = header !== undefined && (header.length === width - 1 || header.at(-1)?.trim() === '')
  return isUnnamed && data.every((row) => row.length < width || row[width - 1] === '')
}

/** Names for all columns: blanks and repetitions get a number, line breaks become a blank. */
export function toColumnNames(header: Row | undefined, columnCount: number): string[] {
  const seen = new Map<string, number>()
  return Array.from({ length: columnCount }, (_, column) => {
    const name = (header?.[column] ?? '').replace(/\s+/g, ' ').trim() || `列${column + 1}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name}_${times}`
  })
}
