// Describes one sheet of a workbook.
import { openXlsx, type Xlsx, type XlsxRow } from '../../store/index.ts'
import { invalid } from '../../kernel/errors.ts'
import { detectHeader, toColumnNames } from './detect-header.ts'
import { type FileDescription, PREVIEW_ROWS, type Reason, SAMPLE_ROWS, type SheetDialect } from './file-description.ts'
import { guessColumn } from './guess-type.ts'

/** Without a sheet named, the longest visible one. */
export async function describeSheet(path: string, known: Partial<SheetDialect> = {}): Promise<FileDescription> {
  const book = await openXlsx(path)
  try {
    const reading = { includeHidden: known.includeHidden ?? false, expandMerged: known.expandMerged ?? false }
    const { sheet, rows, isWhole } = await sampleSheet(book, known.sheet, reading)
    const texts = rows.map(toTexts)
    const found = detectHeader(padded(texts))
    const headerIndex = known.headerRow === undefined ? found.headerIndex : rows.findIndex((row) => row.number === known.headerRow)
    const dataIndex =
      known.dataRow === undefined
        ? headerIndex === null
          ? found.dataIndex
          : headerIndex + 1
        : rows.findIndex((row) => row.number >= known.dataRow!)
    const columnCount =
      known.columnCount ??
      texts.slice(dataIndex < 0 ? 0 : dataIndex).reduce((most, row) => Math.max(most, row.length), texts[headerIndex ?? 0]?.length ?? 1)
    const header = headerIndex === null || headerIndex < 0 ? undefined : texts[headerIndex]
    const data =
      dataIndex < 0 ? [] : texts.slice(dataIndex).map((row) => Array.from({ length: columnCount }, (_, column) => row[column] ?? null))
    const lastRow = isWhole ? undefined : await book.lastRow(sheet)
    return {
      reading: {
        format: 'xlsx',
        sheet: {
          sheet,
          headerRow: header ? rows[headerIndex!]!.number : null,
          dataRow: rows[dataIndex]?.number ?? (rows.at(-1)?.number ?? 0) + 1,
          columnCount,
          ...reading,
        },
      },
      sheets: book.sheets.map(({ name, state }) => ({ name, state })),
      columns: toColumnNames(header, columnCount).map((name, column) => ({
        name,
        ...guessColumn(
          name,
          data.map((row) => row[column] ?? null),
        ),
      })),
      previewRows: data.slice(0, PREVIEW_ROWS),
      estimatedRows: lastRow === undefined ? data.length : Math.max(data.length, lastRow - (rows[dataIndex]?.number ?? 1) + 1),
      isRowCountExact: isWhole,
      confidence: found.confidence,
      reasons: [...found.reasons, ...sheetReasons(book, rows)],
      defects: [],
    }
  } finally {
    book.close()
  }
}

async function sampleSheet(book: Xlsx, name: string | undefined, options: { includeHidden: boolean; expandMerged: boolean }) {
  for (const sheet of name === undefined ? await visibleSheets(book) : [name]) {
    const rows: XlsxRow[] = []
    let isWhole = true
    for await (const row of book.rows(sheet, options)) {
      if (rows.push(row) < SAMPLE_ROWS) continue
      isWhole = false
      break
    }
    if (rows.length > 0 || name !== undefined) return { sheet, rows, isWhole }
  }
  throw invalid('file.no_rows')
}

/** The longest first: covers and notes stand on short sheets. */
async function visibleSheets(book: Xlsx): Promise<string[]> {
  const sheets: { name: string; lastRow: number }[] = []
  for (const { name, state } of book.sheets) if (state === 'visible') sheets.push({ name, lastRow: (await book.lastRow(name)) ?? 0 })
  return sheets.sort((a, b) => b.lastRow - a.lastRow).map(({ name }) => name)
}

/** A row as texts from column A on. */
export function toTexts(row: XlsxRow): string[] {
  const texts = new Array<string>((row.cells.at(-1)?.column ?? -1) + 1).fill('')
  for (const cell of row.cells) texts[cell.column] = cell.text
  return texts
}

/** Rows of a sheet end at their last filled cell: give them the common width, or rows with blanks at the end look like banners. */
function padded(rows: string[][]): string[][] {
  const widths = rows.map((row) => row.length).sort((a, b) => a - b)
  const common = widths[Math.floor(widths.length * 0.9)] ?? 1
  return rows.map((row) => (row.length < common ? [...row, ...new Array<string>(common - row.length).fill('')] : row))
}

function sheetReasons(book: Xlsx, rows: XlsxRow[]): Reason[] {
  const cells = rows.flatMap((row) => row.cells)
  const formulas = cells.filter((cell) => cell.type === 'formula').length
  const problems = cells.filter((cell) => cell.problem).length
  return [
    ...(book.hasExternalLinks ? [{ code: 'file.reason.external_links' }] : []),
    ...(formulas > 0 ? [{ code: 'file.reason.formulas', params: { count: formulas } }] : []),
    ...(problems > 0 ? [{ code: 'file.reason.cell_problems', params: { count: problems } }] : []),
  ]
}
