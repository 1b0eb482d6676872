import { rowColumn } from '../../kernel/lake-types.ts'
import { quoteIdentifier } from '../../store/index.ts'
import { compareContents } from '../load/compare-contents.ts'
import { type Counted, fillTables } from '../load/fill-tables.ts'
import type { WholeObject } from '../load/load-full.ts'
import { dropTables } from '../load/lake-tables.ts'
import { LoadFailure } from '../load/load-failure.ts'
import { hashOf, hasTable } from '../load/load-object.ts'
import { mostRows, tooMuch } from '../quarantine/limit-quarantine.ts'
import { type SliceBounds, sliceName } from './slice-bounds.ts'
import type { SliceRow } from './slice-store.ts'

const q = quoteIdentifier

/** Row numbers of a slice begin here, times its number: 2^28 rows a slice, and 4096 slices below the numbers of unreadable rows. */
const rowsApart = 2 ** 28

interface Filling {
  object: WholeObject
  bounds: SliceBounds
  number: number
  /** Called when the source has given all its rows. */
  onRead?: () => void
}

export type FilledSlice = {
  [Key in 'read_rows' | 'written_rows' | 'quarantined_rows' | 'checksum' | 'lake_table']: NonNullable<SliceRow[Key]>
} & Pick<SliceRow, 'quarantine_table'>

/**
 * Reads one slice into tables of its own and proves it: the source's count and checksum, from the same statement as the rows, are
 * those of what arrived; every row that arrived is stored once; where asked, each row's content is the source's. What does not
 * agree is read a second time. @throws LoadFailure `ingestion.slice_differs`
 */
export async function fillSlice(filling: Filling): Promise<FilledSlice> {
  const { object, bounds, number, onRead } = filling
  const { lake, tables, reading, columns, items, signal, conversions } = object
  const withDigest = object.verify === 'content'
  for (let turn = 1; ; turn++) {
    const { run, ...read } = await reading.input(columns, { withDigest, asSnapshot: true, slice: bounds, ...hashOf(object) })
    const input = {
      ...read,
      rowsBefore: number * rowsApart,
      run: async (statement: () => Promise<number>) => {
        await (run ? run(statement) : statement())
        onRead?.()
      },
    }
    const counted = await fillTables({
      lake,
      tables,
      items,
      columns,
      input,
      withDigest,
      ...(object.isKeyed && { isKeyed: object.isKeyed }),
      mostQuarantined: mostRows(object.quarantineLimit, null),
      ...(object.full && { full: object.full }),
      signal,
      ...(conversions && { conversions }),
    })
    if (counted === 'full') {
      const found = (await hasTable(lake, tables.quarantine)) ? tables.quarantine : null
      throw tooMuch(object.quarantineLimit, { read: 0, quarantined: 0 }, found)
    }
    const { differing, ...filled } = await proveSlice(object, counted!, number)
    if (!differing) return filled
    if (turn === 2) {
      const { read_rows: read, written_rows: written, quarantined_rows: quarantined } = filled
      throw new LoadFailure(
        'ingestion.slice_differs',
        { slice: sliceName(bounds), read, written, quarantined },
        { agrees: false },
        differing,
      )
    }
    await dropTables(lake, tables)
  }
}

/** `differing`: the keys that do, as far as they are known; null where all agrees. */
async function proveSlice(
  { lake, tables, columns, verify }: Filling['object'],
  { rows, marks }: Counted,
  number: number,
): Promise<FilledSlice & { differing: string[] | null }> {
  const hasQuarantine = await hasTable(lake, tables.quarantine)
  const tablesOf = [tables.target, ...(hasQuarantine ? [tables.quarantine] : [])]
  const all = tablesOf.map((table, i) => `SELECT ${i} AS t, ${q(rowColumn)} AS r FROM lake.${q(table)}`).join(' UNION ALL ')
  const [stored] = await lake.measure<{ written: string; quarantined: string; once: string }>(
    `SELECT countIf(t = 0) AS written, countIf(t = 1) AS quarantined, groupBitmap(toUInt32(r - {before:UInt64})) AS once FROM (${all})`,
    { before: number * rowsApart },
    { priority: 'bulk' },
  )
  const [written, quarantined] = [Number(stored!.written), Number(stored!.quarantined)]
  const isWhole = marks!.rows === rows && marks!.arrived === marks!.sent && written + quarantined === rows && Number(stored!.once) === rows
  const differing = isWhole && verify === 'content' ? await compareContents(lake, tables, hasQuarantine, columns) : []
  return {
    read_rows: rows,
    written_rows: written,
    quarantined_rows: quarantined,
    checksum: marks!.sent,
    lake_table: tables.target,
    quarantine_table: hasQuarantine ? tables.quarantine : null,
    differing: isWhole && differing.length === 0 ? null : differing,
  }
}
