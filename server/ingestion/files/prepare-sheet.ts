// One sheet of a workbook → CSV for the engine. A row with a cell that cannot be trusted goes to quarantine with the cell's name.
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { type Cell, openXlsx, type XlsxRow } from '../../store/index.ts'
import { toTexts } from './describe-sheet.ts'
import { toCsvInput } from './engine-input.ts'
import type { PreparedRecords, SheetDialect } from './file-description.ts'
import { type Defect, RAW_LIMIT_BYTES } from './text/file-dialect.ts'
import { toCsvLine } from './to-csv-line.ts'
import { openQuarantine } from './write-quarantine.ts'

export interface PrepareSheetInput {
  path: string
  sheet: SheetDialect
  /** Folder for the CSV and the quarantine; the caller removes it when the load is done. */
  workFolder: string
  maxDefects?: number
  signal?: AbortSignal
}

const FLUSH_CHARACTERS = 2 ** 18
const MAX_DEFECTS = 100_000

/** @throws `file.too_many_defects` and what openXlsx throws */
export async function prepareSheet(input: PrepareSheetInput): Promise<PreparedRecords> {
  const { sheet, workFolder } = input
  const path = join(workFolder, 'records.csv')
  const quarantinePath = join(workFolder, 'quarantine.jsonl')
  const counts = { read: 0, written: 0, quarantined: 0, blank: 0 }
  const book = await openXlsx(input.path)
  const output = await open(path, 'w', 0o600)
  const quarantine = await openQuarantine(quarantinePath, input.maxDefects ?? MAX_DEFECTS)
  try {
    let pending = ''
    const flush = async () => {
      await output.appendFile(pending)
      pending = ''
      await quarantine.flush()
    }
    for await (const row of book.rows(sheet.sheet, sheet)) {
      input.signal?.throwIfAborted()
      if (row.number < sheet.dataRow) continue
      counts.read++
      const defect = judgeRow(row, sheet.columnCount)
      if (defect) {
        counts.quarantined++
        quarantine.add(defect)
      } else {
        counts.written++
        pending += toCsvLine(padTo(toTexts(row), sheet.columnCount))
      }
      if (pending.length > FLUSH_CHARACTERS) await flush()
    }
    await flush()
    return {
      input: toCsvInput(path, { delimiter: ',', quote: '"', columnCount: sheet.columnCount }, 0),
      isUntouched: false,
      proof: 'records',
      counts,
      ...(counts.quarantined > 0 && { quarantinePath }),
      reasons: quarantine.reasons,
      firstDefects: quarantine.firstDefects,
    }
  } finally {
    book.close()
    await output.close()
    await quarantine.close()
  }
}

function judgeRow(row: XlsxRow, columnCount: number): Defect | undefined {
  const outside = row.cells.find((cell) => cell.column >= columnCount)
  if (outside) return toDefect(row, 'ragged', { expected: columnCount, found: (row.cells.at(-1)?.column ?? 0) + 1, cell: outside.ref })
  const bad = row.cells.find((cell) => cell.problem)
  return bad && toDefect(row, 'cell_problem', { cell: bad.ref, problem: (bad as Required<Cell>).problem, value: bad.raw.slice(0, 200) })
}

function toDefect(row: XlsxRow, reason: Defect['reason'], params: Record<string, string | number>): Defect {
  const raw = toTexts(row).join('\t')
  return { line: row.number, offset: 0, reason, params, raw: raw.slice(0, RAW_LIMIT_BYTES), isRawCut: raw.length > RAW_LIMIT_BYTES }
}

const padTo = (texts: readonly string[], width: number) => Array.from({ length: width }, (_, column) => texts[column] ?? '')
