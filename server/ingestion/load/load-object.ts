import { rowColumn, type TypedItem } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import type { Reading } from '../connectors/connector.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import type { FileRow } from '../append/file-store.ts'
import type { KeptHistory } from '../history/keep-history.ts'
import type { CarriedQuarantine } from '../version/carry-quarantine.ts'
import { mostRows, type QuarantineLimit, refuseMuch, tooMuch } from '../quarantine/limit-quarantine.ts'
import type { NewVersion } from '../version/make-version.ts'
import { compareContents } from './compare-contents.ts'
import { isUnreadableFile } from './unreadable-file.ts'
import { type Conversions, type Counted, fillTables } from './fill-tables.ts'
import { LoadFailure } from './load-failure.ts'
import { createQuarantine, dropTables, type LoadTables, quarantineColumns, unreadableRows } from './lake-tables.ts'

export interface FiveNumbers {
  read: number
  sent: number
  written: number
  quarantined: number
  /** Null where contents were not to be compared. */
  agrees: boolean | null
}

export interface Outcome extends FiveNumbers {
  /** Faults by item and code, most frequent first. */
  reasons: { column: string; reason: string; count: number }[]
  /** Where the load built on what was there. */
  next?: NextVersion
  /** The newest value of the watermark's column that is loaded now. */
  watermark?: { column: string; value: string | null }
  /** Files of a watched folder that were met. */
  files?: FileRow[]
  /** Rows of the whole object at the source, where only some were read. */
  sourceRows?: number
}

/** A version of the entry's table that was made from the one before. */
export interface NextVersion {
  /** The table that it was built on; null: none. */
  base: string | null
  version: NewVersion
  quarantine: CarriedQuarantine
  history: KeptHistory | null
}

export interface ObjectLoad {
  lake: LakeEngine
  reading: Reading
  columns: readonly ColumnPlan[]
  tables: LoadTables
  verify: 'count' | 'content'
  /** The target lies in the order of the key, and every row has its digest; `keysOnly`: the key and the hash are all it has. */
  isKeyed?: boolean | 'keysOnly'
  /** Rows bring the hash that their source makes of them with this number. */
  rowHash?: string
  quarantineLimit: QuarantineLimit
  /** Aborts when more is certain to go to quarantine: it ends the reading too. */
  full?: AbortController
  signal: AbortSignal
  /** Rows and count by one statement of the source: for a source that does not stand still. */
  asSnapshot: boolean
  /** Every item of the entry: the table has a column for each, filled or not. */
  items: readonly TypedItem[]
  onCounted?: (rows: number) => void
  onReconcile?: () => Promise<void>
  conversions?: Conversions
}

/**
 * Fills fresh tables from a source and proves that they hold what the source holds: read = sent = written + quarantined, and
 * where asked the content of every row. Nothing is live yet when it returns.
 * @throws LoadFailure `ingestion.counts_differ` `ingestion.contents_differ` `ingestion.source_moved` `ingestion.quarantine_limit`
 */
export async function loadObject(load: ObjectLoad): Promise<Outcome> {
  try {
    return await loadOnce(load)
  } catch (error) {
    if (!isUnreadableFile(error) || !(await load.reading.proveAgain?.())) throw error
    await dropTables(load.lake, load.tables)
    return loadOnce(load)
  }
}

async function loadOnce(load: ObjectLoad): Promise<Outcome> {
  const { lake, reading, columns, tables, signal, conversions, asSnapshot } = load
  const withDigest = load.verify === 'content'
  const before = await reading.count()
  load.onCounted?.(before)
  const input = await reading.input(columns, { withDigest, asSnapshot, landing: tables.landing, ...hashOf(load) })
  const counted = await fillTables({
    lake,
    tables,
    items: load.items,
    columns,
    input,
    withDigest,
    ...(load.isKeyed && { isKeyed: load.isKeyed }),
    mostQuarantined: mostRows(load.quarantineLimit, asSnapshot ? null : before) - reading.unreadable,
    ...(load.full && { full: load.full }),
    signal,
    ...(conversions && { conversions }),
  })
  if (counted === 'full') {
    await quarantineUnreadable(load)
    throw tooMuch(load.quarantineLimit, { read: before, ...(await countQuarantine(lake, tables.quarantine)) }, tables.quarantine)
  }
  await load.onReconcile?.()
  const unreadable = await quarantineUnreadable(load)
  const outcome = { ...(await countRows(load, input.parts.length, counted)), read: counted?.rows ?? before }
  const after = counted ? before : await reading.count()
  if (before !== after) throw new LoadFailure('ingestion.source_moved', { before, after }, { ...outcome, read: after })
  if (outcome.sent !== outcome.read || outcome.written + outcome.quarantined !== outcome.read)
    throw new LoadFailure('ingestion.counts_differ', numbersOf(outcome), outcome)
  refuseMuch(load.quarantineLimit, outcome, tables.quarantine)
  if (!withDigest) return outcome
  const differing = await compareContents(lake, tables, outcome.quarantined > unreadable, columns)
  if (differing.length > 0)
    throw new LoadFailure('ingestion.contents_differ', { rows: differing.length }, { ...outcome, agrees: false }, differing)
  return { ...outcome, agrees: true }
}

export const hashOf = ({ rowHash }: Pick<ObjectLoad, 'rowHash'>) => (rowHash === undefined ? {} : { rowHash })

const numbersOf = ({ read, sent, written, quarantined }: FiveNumbers) => ({ read, sent, written, quarantined })

/** Records that never reached the engine: they are counted and kept all the same. */
async function quarantineUnreadable({ lake, reading, tables, columns, verify }: ObjectLoad): Promise<number> {
  if (reading.unreadable === 0) return 0
  if (!(await hasTable(lake, tables.quarantine))) await createQuarantine(lake, tables, columns, verify === 'content')
  await reading.quarantineUnreadable!(lake, tables.quarantine)
  return reading.unreadable
}

async function countRows({ lake, tables, reading }: ObjectLoad, parts: number, counted: Counted | null): Promise<Outcome> {
  const row = quoteIdentifier(rowColumn)
  const hasQuarantine = await hasTable(lake, tables.quarantine)
  const names = [tables.target, ...(hasQuarantine ? [tables.quarantine] : [])]
  // Rows of a part are numbered i, i + parts, i + 2 parts …: its highest number says how many were sent.
  const perPart = names.map((name, i) => `SELECT ${i} AS t, ${row} AS r FROM lake.${quoteIdentifier(name)}`).join(' UNION ALL ')
  const found = await lake.measure<{ part: number; last: string; written: string; quarantined: string }>(
    `SELECT (r - 1) % ${parts} AS part, max(r) AS last, countIf(t = 0) AS written, countIf(t = 1) AS quarantined FROM (${perPart}) WHERE r <= {limit:UInt64} GROUP BY part`,
    { limit: unreadableRows - 1 },
    { priority: 'bulk' },
  )
  const sum = (count: (line: (typeof found)[number]) => number) => found.reduce((total, line) => total + count(line), 0)
  // The row of the count took a number too, mostly the last one.
  const sent = sum(({ part, last }) => (Number(last) - 1 - Number(part)) / parts + 1 - (counted && Number(last) > counted.at ? 1 : 0))
  return {
    read: 0,
    sent: sent + reading.unreadable,
    written: sum(({ written }) => Number(written)),
    quarantined: hasQuarantine ? await countTable(lake, tables.quarantine) : 0,
    agrees: null,
    reasons: hasQuarantine ? await countReasons(lake, tables.quarantine) : [],
  }
}

export const countQuarantine = async (lake: LakeEngine, table: string): Promise<Pick<Outcome, 'quarantined' | 'reasons'>> => ({
  quarantined: await countTable(lake, table),
  reasons: await countReasons(lake, table),
})

export const hasTable = async (lake: LakeEngine, table: string) =>
  (await lake.measure("SELECT 1 AS found FROM system.tables WHERE database = 'lake' AND name = {table:String}", { table })).length > 0

export async function countTable(lake: LakeEngine, table: string): Promise<number> {
  const [found] = await lake.measure<{ n: string }>(`SELECT count() AS n FROM lake.${quoteIdentifier(table)}`)
  return Number(found!.n)
}

export async function countReasons(lake: LakeEngine, table: string): Promise<Outcome['reasons']> {
  const { item, reason } = quarantineColumns
  const rows = await lake.measure<{ column: string; reason: string; n: string }>(
    `SELECT ${quoteIdentifier(item)} AS column, ${quoteIdentifier(reason)} AS reason, count() AS n FROM lake.${quoteIdentifier(table)}
     GROUP BY column, reason ORDER BY n DESC, column, reason LIMIT 200`,
  )
  return rows.map(({ column, reason, n }) => ({ column, reason, count: Number(n) }))
}

export const isMoved = (error: unknown) => error instanceof LoadFailure && error.code === 'ingestion.source_moved'
