import type { Item } from '#contract/catalog.ts'
import { fieldOfTitle, type ItemField, itemColumns, newItem, parseCell } from './item-columns.ts'

export interface PasteResult {
  items: Item[]
  rows: number
  /** Cells that were not understood: row and text as pasted. */
  problems: { row: number; field: ItemField; value: string }[]
}

/**
 * Puts a copied table (tab-separated lines, as Excel and WPS give it) into the items: from a cell onwards, or after the last
 * item where `at` is left out. A first line of column names decides the columns; else they follow those of the editor.
 */
export function pasteItems(items: readonly Item[], text: string, at?: { row: number; field: ItemField }): PasteResult {
  const table = parseTable(text)
  const titles = (table[0] ?? []).map(fieldOfTitle)
  const hasTitles = titles.filter(Boolean).length >= Math.min(2, titles.length) && titles.some(Boolean)
  const first = at && !hasTitles ? itemColumns.findIndex(({ field }) => field === at.field) : 0
  const fields = hasTitles ? titles : itemColumns.slice(first).map(({ field }) => field)
  const lines = hasTitles ? table.slice(1) : table
  const result: Item[] = [...items]
  const problems: PasteResult['problems'] = []
  const start = at && !hasTitles ? at.row : items.length
  for (const [index, cells] of lines.entries()) {
    const item: Record<string, unknown> = { ...(result[start + index] ?? newItem()) }
    for (const [column, value] of cells.entries()) {
      const field = fields[column]
      if (!field) continue
      const parsed = parseCell(field, value)
      if (parsed !== undefined) item[field] = parsed
      else if (value.trim() !== '') problems.push({ row: index + 1, field, value })
    }
    result[start + index] = item as Item
  }
  return { items: result, rows: lines.length, problems }
}

/** Lines and cells of a copied table; a quoted cell may hold tabs, line breaks and doubled quotes. */
function parseTable(text: string): string[][] {
  const cell = /("(?:[^"]|"")*"|[^\t\r\n]*)(\t|\r?\n|$)/gy
  const table: string[][] = [[]]
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    const [whole, value, end] = match as unknown as [string, string, string]
    table.at(-1)!.push(value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1).replaceAll('""', '"') : value)
    if (end !== '\t' && end !== '') table.push([])
    if (whole === '' || end === '') break
  }
  return table.filter((line) => line.some((value) => value.trim() !== ''))
}
