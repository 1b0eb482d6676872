// Streams the rows of an .xlsx: one row object at a time, numbers as their XML text, nothing evaluated, nothing fetched.
import { invalid } from '../../kernel/errors.ts'
import { type Cell, type CellContext, type RawCell, readCell } from './read-cell.ts'
import { readXml, type XmlHandlers } from './read-xml.ts'
import { openXlsxArchive, XLSX_LIMITS, type XlsxArchive, type XlsxLimits } from './xlsx-archive.ts'
import { createMergeFiller, readMerges } from './xlsx-merge.ts'
import { columnLetters, MAX_ROWS, parseReference } from './xlsx-reference.ts'
import { readSharedStrings, readStyles, readWorkbook, type SheetInfo } from './xlsx-workbook.ts'

export interface XlsxRow {
  /** 1-based, as Excel shows it. */
  number: number
  /** Cells that hold something, from left to right. */
  cells: Cell[]
}

export interface ReadRowsOptions {
  /** Repeat a merged value in every cell that it covers. Reads the sheet twice. */
  expandMerged?: boolean
  /** Read a hidden sheet too. */
  includeHidden?: boolean
}

export interface Xlsx {
  sheets: readonly SheetInfo[]
  hasExternalLinks: boolean
  /** Rows that hold at least one cell. @throws `file.sheet_unknown` `file.sheet_hidden` `file.xlsx_damaged` */
  rows(sheet: string, options?: ReadRowsOptions): AsyncGenerator<XlsxRow>
  /** The last row that the sheet claims to have, without reading its rows; undefined when it does not say. */
  lastRow(sheet: string): Promise<number | undefined>
  close(): void
}

/** Opens a workbook; `close` it. @throws `file.legacy_xls` `file.password_protected` `file.zip_bomb` `file.xlsx_damaged` `file.xlsx_dtd` … */
export async function openXlsx(path: string, limits: Partial<XlsxLimits> = {}): Promise<Xlsx> {
  const bounds = { ...XLSX_LIMITS, ...limits }
  const archive = await openXlsxArchive(path, bounds)
  try {
    const workbook = await readWorkbook(archive)
    let context: Promise<CellContext> | undefined
    const load = async (): Promise<CellContext> => ({
      strings: await readSharedStrings(archive, workbook.sharedStringsPart, bounds.maxSharedStringBytes),
      styles: await readStyles(archive, workbook.stylesPart),
      date1904: workbook.date1904,
    })
    return {
      sheets: workbook.sheets,
      hasExternalLinks: workbook.hasExternalLinks,
      async *rows(name, options = {}) {
        const sheet = findSheet(workbook.sheets, name, options)
        context ??= load()
        yield* readRows(archive, sheet.part, await context, options)
      },
      lastRow: (name) => readLastRow(archive, findSheet(workbook.sheets, name, { includeHidden: true }).part),
      close: () => archive.close(),
    }
  } catch (error) {
    archive.close()
    throw error
  }
}

function findSheet(sheets: SheetInfo[], name: string, options: ReadRowsOptions): SheetInfo {
  const sheet = sheets.find((one) => one.name === name)
  if (!sheet) throw invalid('file.sheet_unknown', { sheet: name, sheets: sheets.map((one) => one.name).join('、') })
  if (sheet.state !== 'visible' && !options.includeHidden) throw invalid('file.sheet_hidden', { sheet: name })
  return sheet
}

async function* readRows(archive: XlsxArchive, part: string, context: CellContext, options: ReadRowsOptions): AsyncGenerator<XlsxRow> {
  const fill = options.expandMerged ? createMergeFiller(await readMerges(archive, part)) : undefined
  const ready: XlsxRow[] = []
  const handlers = rowHandlers(part, context, (row) => {
    const cells = fill ? fill(row.number, row.cells) : row.cells
    if (cells.length > 0) ready.push({ number: row.number, cells })
  })
  const source = await archive.openPart(part)
  try {
    for await (const _ of readXml(part, source, handlers)) yield* ready.splice(0)
  } finally {
    source.destroy()
  }
}

async function readLastRow(archive: XlsxArchive, part: string): Promise<number | undefined> {
  const source = await archive.openPart(part)
  let lastRow: number | undefined
  let isDone = false
  const open = (name: string, attributes: Record<string, string>) => {
    if (name === 'dimension') lastRow = parseReference((attributes.ref ?? '').split(':').pop() ?? '')?.row
    if (name === 'sheetData') isDone = true
  }
  for await (const _ of readXml(part, source, { open })) if (isDone) break
  source.destroy()
  return lastRow
}

/** Turns the events of a sheet into rows. A missing `r` attribute means "the next one" (some generators leave it out). */
function rowHandlers(part: string, context: CellContext, emit: (row: XlsxRow) => void): XmlHandlers {
  let row: XlsxRow = { number: 0, cells: [] }
  let cell: RawCell | undefined
  let nextColumn = 0
  let collects = false
  let inPhonetic = false
  const damaged = () => invalid('file.xlsx_damaged', { part })
  const openRow = (attributes: Record<string, string>) => {
    const number = attributes.r === undefined ? row.number + 1 : Number(attributes.r)
    if (!(Number.isInteger(number) && number > row.number && number <= MAX_ROWS)) throw damaged()
    row = { number, cells: [] }
    nextColumn = 0
  }
  const openCell = (attributes: Record<string, string>) => {
    const at = attributes.r === undefined ? { column: nextColumn, row: row.number } : parseReference(attributes.r)
    if (!at || at.column < nextColumn) throw damaged()
    nextColumn = at.column + 1
    const ref = `${columnLetters(at.column)}${row.number}`
    cell = {
      ref,
      column: at.column,
      valueType: attributes.t ?? 'n',
      style: Number(attributes.s ?? 0),
      value: '',
      hasValue: false,
      hasFormula: false,
    }
  }
  return {
    open(name, attributes) {
      if (name === 'row') openRow(attributes)
      else if (name === 'c') openCell(attributes)
      else if (!cell) return
      else if (name === 'f') cell.hasFormula = true
      else if (name === 'rPh') inPhonetic = true
      else if (name === 'v' || (name === 't' && !inPhonetic)) collects = cell.hasValue = true
    },
    text(text) {
      if (collects && cell) cell.value += text
    },
    close(name) {
      if (name === 'v' || name === 't') collects = false
      else if (name === 'rPh') inPhonetic = false
      else if (name === 'c' && cell) {
        const read = readCell(cell, context)
        if (read) row.cells.push(read)
        cell = undefined
      } else if (name === 'row') emit(row)
    },
  }
}
