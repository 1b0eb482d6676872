import { AppError } from '../../kernel/errors.ts'
import { rowColumn } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn } from '../connectors/connector.ts'
import { dropTable, type LoadTables } from '../load/lake-tables.ts'
import { LoadFailure } from '../load/load-failure.ts'
import { countTable, type Outcome } from '../load/load-object.ts'
import { cloneRows } from './clone-rows.ts'
import { findChanges, isAmong, type KeyChanges } from './find-changes.ts'

const q = quoteIdentifier

export interface VersionWork {
  lake: LakeEngine
  tables: LoadTables
  /** The table that is live, in which readers go on reading; null: there is none to build on. */
  live: string | null
  keys: readonly string[]
  /** The staged rows are all there are: what is not among them is gone from the source. Else the others stay. */
  isWhole: boolean
  /** The largest share of keys that may be gone (0–1). */
  deletionLimit: number
  /** New rows are numbered from the next one on. */
  rowsBefore: number
  /** What the load knows of itself so far: a failure tells it. */
  outcome: Outcome
  signal: AbortSignal
}

export interface NewVersion extends KeyChanges {
  /** Rows of the new version. */
  rows: number
  unchanged: number
  /** It is the live table over again: nothing has changed. */
  isSame: boolean
}

/**
 * The next version of an entry's table: a clone of the live one, without the keys that changed or are gone, with the rows that are
 * new. Costs what the change costs, but for the comparison; the live table is only read.
 * @throws LoadFailure `ingestion.deletion_limit` `ingestion.version_differs`
 */
export async function makeVersion(work: VersionWork): Promise<NewVersion> {
  const { lake, tables, live, keys, isWhole, outcome, signal } = work
  const { staged, target, changes } = tables
  const read = await countTable(lake, staged)
  if (live === null) {
    await lake.define(`CREATE TABLE lake.${q(target)} AS lake.${q(staged)}`, {}, { shardBy: keys })
    await cloneRows(lake, staged, target, signal)
    await dropTable(lake, staged)
    return { rows: read, inserted: read, changed: 0, deleted: 0, unchanged: 0, isSame: false }
  }
  await lake.define(`CREATE TABLE lake.${q(target)} AS lake.${q(staged)}`, {}, { shardBy: keys })
  const isLinked = await cloneRows(lake, live, target, signal)
  const before = await countTable(lake, target)
  const key = keys.map(q).join(', ')
  const same = isWhole ? '' : ` WHERE (${key}) IN (SELECT ${key} FROM lake.${q(staged)})`
  const found = await findChanges({
    lake,
    before: `lake.${q(target)}${same}`,
    after: `lake.${q(staged)}`,
    like: staged,
    keys,
    into: changes,
    signal,
  })
  if (isWhole) refuseDeletions(found.deleted, before, work.deletionLimit, outcome)
  await replaceRows(work, found)
  const { inserted, changed, deleted } = found
  const isSame = isLinked && inserted + changed + deleted === 0
  const version = { ...found, rows: before + inserted - deleted, unchanged: read - inserted - changed, isSame }
  await proveVersion(work, same, version.rows)
  for (const table of [staged, changes]) await dropTable(lake, table)
  return version
}

async function replaceRows({ lake, tables, keys, rowsBefore, signal }: VersionWork, found: KeyChanges): Promise<void> {
  const { staged, target, changes } = tables
  const limits = { signal, threads: 2 }
  if (found.changed + found.deleted > 0)
    await lake.command(`DELETE FROM lake.${q(target)} WHERE ${isAmong(keys, changes, ['changed', 'deleted'])}`, {}, limits)
  if (found.inserted + found.changed === 0) return
  const columns = await lake.measure<{ name: string }>(
    "SELECT name FROM system.columns WHERE database = 'lake' AND table = {staged:String} AND name != {row:String} ORDER BY position",
    { staged, row: rowColumn },
  )
  const names = columns.map(({ name }) => q(name)).join(', ')
  await lake.command(
    `INSERT INTO lake.${q(target)} (${q(rowColumn)}, ${names}) SELECT {rowsBefore:UInt64} + row_number() OVER (), ${names}
     FROM lake.${q(staged)} WHERE ${isAmong(keys, changes, ['inserted', 'changed'])}`,
    { rowsBefore },
    limits,
  )
}

function refuseDeletions(deleted: number, before: number, limit: number, outcome: Outcome): void {
  const share = deleted / Math.max(1, before)
  if (share > limit)
    throw new LoadFailure(
      'ingestion.deletion_limit',
      { deleted, percent: Math.round(share * 1000) / 10, limit: Math.round(limit * 1000) / 10 },
      outcome,
    )
}

/** The new version holds every staged row as it was read, and as many rows as the changes leave. */
async function proveVersion({ lake, tables, outcome }: VersionWork, same: string, rows: number): Promise<void> {
  const state = (table: string, where: string) => `SELECT count() AS n, sum(${q(digestColumn)}) AS digests FROM lake.${q(table)}${where}`
  const [found] = await lake.measure<{ agrees: number; rows: string }>(
    `SELECT (read.n, read.digests) = (kept.n, kept.digests) AS agrees, whole.n AS rows
     FROM (${state(tables.staged, '')}) AS read, (${state(tables.target, same)}) AS kept, (SELECT count() AS n FROM lake.${q(tables.target)}) AS whole`,
    {},
    { priority: 'bulk' },
  )
  if (found!.agrees !== 1 || Number(found!.rows) !== rows) throw new LoadFailure('ingestion.version_differs', { rows }, outcome)
}

/** Another load of the entry has moved the pointer since this one began: its changes were found against what is no longer live. */
export const baseMoved = () => new AppError('unavailable', 'ingestion.base_moved')
