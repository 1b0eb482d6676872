// Merged cells: only the top-left one holds a value; expanded, every covered cell of a row that exists repeats it.
import { invalid } from '../../kernel/errors.ts'
import type { XlsxArchive } from './xlsx-archive.ts'
import { readWholeXml } from './read-xml.ts'
import { columnLetters, parseReference } from './xlsx-reference.ts'
import type { Cell } from './read-cell.ts'

interface Merge {
  top: number
  bottom: number
  left: number
  right: number
}

/** Above these, merging is decoration or an attack on memory, not data. */
const MAX_MERGES = 200_000
const MAX_MERGED_COLUMNS = 1_000

/** `mergeCells` stands behind the rows in the XML, so it takes a pass of its own. @throws `file.xlsx_too_many_merges` */
export async function readMerges(archive: XlsxArchive, part: string): Promise<Merge[]> {
  const merges: Merge[] = []
  await readWholeXml(part, await archive.openPart(part), {
    open(name, attributes) {
      if (name !== 'mergeCell') return
      const [from, to] = (attributes.ref ?? '').split(':').map(parseReference)
      if (!from || !to) return
      if (merges.length === MAX_MERGES || to.column - from.column >= MAX_MERGED_COLUMNS)
        throw invalid('file.xlsx_too_many_merges', { limit: MAX_MERGES })
      merges.push({ top: from.row, bottom: to.row, left: from.column, right: to.column })
    },
  })
  return merges.sort((a, b) => a.top - b.top)
}

/** A function that fills the covered cells of rows, which must come from top to bottom. */
export function createMergeFiller(merges: Merge[]): (row: number, cells: Cell[]) => Cell[] {
  let next = 0
  let open: { merge: Merge; origin: Cell | undefined }[] = []
  return (row, cells) => {
    open = open.filter(({ merge }) => merge.bottom >= row)
    for (; next < merges.length && merges[next]!.top <= row; next++) {
      const merge = merges[next]!
      if (merge.bottom >= row)
        open.push({ merge, origin: merge.top === row ? cells.find((cell) => cell.column === merge.left) : undefined })
    }
    if (open.length === 0) return cells
    const byColumn = new Map(cells.map((cell) => [cell.column, cell]))
    for (const { merge, origin } of open) {
      if (!origin) continue
      for (let column = merge.left; column <= merge.right; column++) {
        if (!byColumn.has(column)) byColumn.set(column, { ...origin, column, ref: `${columnLetters(column)}${row}` })
      }
    }
    return [...byColumn.values()].sort((a, b) => a.column - b.column)
  }
}
