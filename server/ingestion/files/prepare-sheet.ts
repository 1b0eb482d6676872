// One sheet of a workbook → CSV for the engine. A row with a cell that cannot be trusted goes to quarantine with the cell's name.
import { type Cell, openXlsx, type XlsxRow } from '../../store/index.ts'
import { toTexts } from './describe-sheet.ts'
import type { PreparedRecords, SheetDialect } from './file-description.ts'
import { type BrokenRecord, type Rewriting, rewriteAsCsv } from './rewrite-as-csv.ts'

export interface PrepareSheetInput extends Rewriting {
  path: string
  sheet: SheetDialect
}

/** @throws `file.too_many_defects` and what openXlsx throws */
export async function prepareSheet(input: PrepareSheetInput): Promise<PreparedRecords> {
  const { sheet } = input
  const book = await openXlsx(input.path)
  try {
    return await rewriteAsCsv(input, sheet.columnCount, async (sink) => {
      for await (const row of book.rows(sheet.sheet, sheet)) {
        if (row.number < sheet.dataRow) continue
        const broken = judgeRow(row, sheet.columnCount)
        if (broken) sink.setAside(broken, row.number)
        else sink.keep(padTo(toTexts(row), sheet.columnCount))
        await sink.flush()
      }
    })
  } finally {
    book.close()
  }
}

function judgeRow(row: XlsxRow, columnCount: number): BrokenRecord | undefined {
  const broken = (reason: BrokenRecord['reason'], params: Record<string, string | number>) => ({
    reason,
    params,
    raw: toTexts(row).join('\t'),
  })
  const outside = row.cells.find((cell) => cell.column >= columnCount)
  if (outside) return broken('ragged', { expected: columnCount, found: (row.cells.at(-1)?.column ?? 0) + 1, cell: outside.ref })
  const bad = row.cells.find((cell) => cell.problem)
  return bad && broken('cell_problem', { cell: bad.ref, problem: (bad as Required<Cell>).problem, value: bad.raw.slice(0, 200) })
}

const padTo = (texts: readonly string[], width: number) => Array.from({ length: width }, (_, column) => texts[column] ?? '')
