import { AppError } from '../../kernel/errors.ts'
import { rowColumn } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn, hashColumn } from '../connectors/connector.ts'
import { dropTable, type LoadTables } from '../load/lake-tables.ts'
import { LoadFailure } from '../load/load-failure.ts'
import { countTable, type Outcome } from '../load/load-object.ts'
import { cloneRows } from './clone-rows.ts'
import { findChanges, isAmong, type KeyChanges } from './find-changes.ts'
import { hasHashes } from './has-hashes.ts'

const q = quoteIdentifier

export interface VersionWork {
  lake: LakeEngine
  tables: LoadTables
  /** The table that is live, in which readers go on reading; null: there is none to build on. */
  live: string | null
  keys: readonly string[]
  /**
   * Which keys the staged rows speak for: what is not among them is gone from the source. All of them (`whole`), those of another
   * table (`among`), or their own, so that none is gone.
   */
  scope: Scope
  /** The largest share of keys that may be gone (0–1). */
  deletionLimit: number
  /** New rows are numbered from the next one on. */
  rowsBefore: number
  /** What the load knows of itself so far: a failure tells it. */
  outcome: Outcome
  signal: AbortSignal
}

export type Scope = 'whole' | 'own' | { among: string }

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
  const { lake, tables, live, keys, scope, outcome, signal } = work
  const { staged, target, changes } = tables
  const read = await countTable(lake, staged)
  if (live === null) {
    await lake.define(`CREATE TABLE lake.${q(target)} AS lake.${q(staged)}`, {}, { shardBy: keys })
    await cloneRows(lake, staged, target, signal)
    await dropTable(lake, staged)
    return { rows: read, inserted: read, changed: 0, deleted: 0, unchanged: 0, isSame: false }
  }
  const isHashed = await hasHashes(lake, live)
  // Rows from quarantine have no hash: the next comparison reads them again.
  if (isHashed && !(await hasHashes(lake, staged)))
    await lake.define(`ALTER TABLE lake.${q(staged)} ADD COLUMN ${q(hashColumn)} Int64 CODEC(NONE)`)
  await lake.define(`CREATE TABLE lake.${q(target)} AS lake.${q(staged)}`, {}, { shardBy: keys })
  const isLinked = await cloneRows(lake, live, target, signal)
  const before = await countTable(lake, target)
  const key = keys.map(q).join(', ')
  const same = scope === 'whole' ? '' : ` WHERE (${key}) IN (SELECT ${key} FROM lake.${q(scope === 'own' ? staged : scope.among)})`
  const found = await findChanges({
    lake,
    before: `lake.${q(target)}${same}`,
    after: `lake.${q(staged)}`,
    like: staged,
    keys,
    into: changes,
    signal,
  })
  if (scope !== 'own') refuseDeletions(found.deleted, before, work.deletionLimit, outcome)
  const isSame =
    isLinked && found.inserted + found.changed + found.deleted === 0 && (scope === 'own' || !isHashed || (await hashAlike(work, same)))
  if (scope === 'whole' && !isSame) await takeStaged(work)
  else await replaceRows(work, found)
  const { inserted, changed, deleted } = found
  const rows = before + inserted - deleted
  // Of what the source has now, the rows that were there before and are the same.
  const unchanged = (scope === 'own' ? read : rows) - inserted - changed
  const version = { ...found, rows, unchanged, isSame }
  if (scope !== 'own' && rows !== outcome.written) throw new LoadFailure('ingestion.version_differs', { rows }, outcome)
  await proveVersion(work, same, rows)
  for (const table of [staged, changes, ...(typeof scope === 'object' ? [scope.among] : [])]) await dropTable(lake, table)
  return version
}

/** Whether the source's hashes of the rows are still those of the live table: else they would differ each time. */
async function hashAlike({ lake, tables: { staged, target } }: VersionWork, same: string): Promise<boolean> {
  const sum = (from: string) => `(SELECT sum(${q(hashColumn)}) FROM lake.${from})`
  const [found] = await lake.measure<{ alike: number }>(`SELECT ${sum(q(staged))} = ${sum(q(target) + same)} AS alike`)
  return found!.alike === 1
}

/** All rows have been read: they are linked as they lie, and nothing is deleted or written again. */
async function takeStaged({ lake, tables: { staged, target }, keys, signal }: VersionWork): Promise<void> {
  await dropTable(lake, target)
  await lake.define(`CREATE TABLE lake.${q(target)} AS lake.${q(staged)}`, {}, { shardBy: keys })
  await cloneRows(lake, staged, target, signal)
}

/** Where some keys were read again, their rows are replaced also where only the source's hash of them has changed. */
async function replaceRows({ lake, tables, keys, scope, rowsBefore, signal }: VersionWork, found: KeyChanges): Promise<void> {
  const { staged, target, changes } = tables
  const limits = { signal, threads: 2 }
  const among = typeof scope === 'object' ? scope.among : null
  const key = keys.map(q).join(', ')
  const gone = among ? `(${key}) IN (SELECT ${key} FROM lake.${q(among)})` : isAmong(keys, changes, ['changed', 'deleted'])
  if (among || found.changed + found.deleted > 0) await lake.command(`DELETE FROM lake.${q(target)} WHERE ${gone}`, {}, limits)
  if (!among && found.inserted + found.changed === 0) return
  const columns = await lake.measure<{ name: string }>(
    "SELECT name FROM system.columns WHERE database = 'lake' AND table = {staged:String} AND name != {row:String} ORDER BY position",
    { staged, row: rowColumn },
  )
  const names = columns.map(({ name }) => q(name)).join(', ')
  await lake.command(
    `INSERT INTO lake.${q(target)} (${q(rowColumn)}, ${names}) SELECT {rowsBefore:UInt64} + row_number() OVER (), ${names}
     FROM lake.${q(staged)}${among ? '' : ` WHERE ${isAmong(keys, changes, ['inserted', 'changed'])}`}`,
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
