import type { Item } from '#contract/catalog.ts'
import type { Cell, Xlsx, XlsxRow } from '../../store/index.ts'
import {
  type Column,
  type EntryCells,
  entryColumns,
  entrySheet,
  fromHeader,
  itemColumns,
  itemSheet,
  keyHeaders,
  shownHeaders,
} from './sheet-columns.ts'

/** One thing wrong with a workbook, at its place. `blocks`: the row cannot be imported before it is corrected. */
export interface SheetProblem {
  sheet: string
  row: number
  column: string
  code: string
  params?: Record<string, string | number> | undefined
  blocks: boolean
}

/** A row as it was read: only fields whose column the sheet has; an empty cell is null. */
export interface SheetRow<Cells> {
  row: number
  key: { code: string; provider: string; name: string }
  cells: { [K in keyof Cells]?: Cells[K] | null }
}

export interface Workbook {
  entries: SheetRow<EntryCells>[]
  items: SheetRow<Item>[]
  problems: SheetProblem[]
}

/** More is for the bulk road of an operator, not for one transaction of a steward. */
const limits = { entries: 5000, items: 200_000 }

/** Reads both sheets. Everything that is wrong is a problem in the answer; nothing is thrown but what makes the file unreadable. */
export async function readWorkbook(book: Xlsx): Promise<Workbook> {
  const problems: SheetProblem[] = []
  const entries = await readSheet<EntryCells>(book, entrySheet, entryColumns as never, problems, limits.entries)
  const items = await readSheet<Item>(book, itemSheet, itemColumns as never, problems, limits.items)
  return { entries, items, problems }
}

interface Header<Cells> {
  /** By column number. */
  columns: Map<number, Column<Cells>>
  keys: Map<number, keyof SheetRow<Cells>['key']>
}

async function readSheet<Cells>(book: Xlsx, sheet: string, columns: Column<Cells>[], problems: SheetProblem[], limit: number) {
  const rows: SheetRow<Cells>[] = []
  if (!book.sheets.some(({ name }) => name === sheet)) {
    problems.push({ sheet, row: 1, column: '', code: 'catalog.import_sheet_missing', params: { sheet }, blocks: true })
    return rows
  }
  let header: Header<Cells> | undefined
  for await (const row of book.rows(sheet)) {
    if (!header) header = readHeader(row, sheet, columns, problems)
    else if (rows.length >= limit) {
      problems.push({ sheet, row: row.number, column: '', code: 'catalog.import_too_large', params: { limit }, blocks: true })
      break
    } else rows.push(readRow(row, sheet, header, problems))
  }
  return rows
}

function readHeader<Cells>(row: XlsxRow, sheet: string, columns: Column<Cells>[], problems: SheetProblem[]): Header<Cells> {
  const byName = new Map(columns.map((column) => [column.header, column]))
  const keyByName = new Map(Object.entries(keyHeaders).map(([key, name]) => [name as string, key as keyof typeof keyHeaders]))
  const ignored = new Set<string>(Object.values(shownHeaders))
  const header: Header<Cells> = { columns: new Map(), keys: new Map() }
  const seen = new Set<string>()
  const say = (column: string, code: string) => problems.push({ sheet, row: row.number, column, code, params: { column }, blocks: true })
  for (const cell of row.cells) {
    const name = fromHeader(cell.text)
    const [column, key] = [byName.get(name), keyByName.get(name)]
    if (name === '' || ignored.has(name)) continue
    if (seen.has(name)) say(name, 'catalog.import_column_twice')
    else if (!column && !key) say(name, 'catalog.import_column_unknown')
    // On the sheet of entries the name is both the key and a field; on the sheet of items it is the item's own name or the key.
    if (column && !seen.has(name)) header.columns.set(cell.column, column)
    if (key && !seen.has(name)) header.keys.set(cell.column, key)
    seen.add(name)
  }
  const needed = [...columns.filter(({ isRequired }) => isRequired).map((column) => column.header), keyHeaders.name]
  for (const name of new Set(needed)) if (!seen.has(name)) say(name, 'catalog.import_column_missing')
  return header
}

function readRow<Cells>(row: XlsxRow, sheet: string, header: Header<Cells>, problems: SheetProblem[]): SheetRow<Cells> {
  const byColumn = new Map(row.cells.map((cell) => [cell.column, cell]))
  const read: SheetRow<Cells> = { row: row.number, key: { code: '', provider: '', name: '' }, cells: {} }
  for (const [at, key] of header.keys) read.key[key] = byColumn.get(at)?.text.trim() ?? ''
  for (const [at, column] of header.columns) {
    const result = readOne(byColumn.get(at), column)
    if ('value' in result) read.cells[column.field] = result.value as never
    else problems.push({ sheet, row: row.number, column: column.header, blocks: true, ...result })
  }
  return read
}

/** A cell whose text cannot be trusted (a number that Excel has rounded, an error value) is never taken for a value. */
function readOne<Cells>(
  cell: Cell | undefined,
  { codec, isRequired }: Column<Cells>,
): { value: unknown } | Pick<SheetProblem, 'code' | 'params'> {
  if (cell?.problem) return { code: `catalog.cell_${cell.problem}` }
  if (cell === undefined || cell.text.trim() === '') return isRequired ? { code: 'value.required' } : { value: null }
  return codec.read(cell.text)
}
