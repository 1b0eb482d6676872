import { rowColumn } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn } from '../connectors/connector.ts'
import { dropTable, type LoadTables } from '../load/lake-tables.ts'
import { LoadFailure } from '../load/load-failure.ts'
import { hasTable, type Outcome } from '../load/load-object.ts'
import { cloneRows } from '../version/clone-rows.ts'
import { findChanges, isAmong } from '../version/find-changes.ts'

const q = quoteIdentifier

/** From when until when a version of a row was the data of its entry: instants of loads, in UTC. `#` stands in no item's code. */
export const validColumns = { from: '#valid_from', to: '#valid_to' } as const
/** A version that is valid still. */
const open = "toDateTime64('2299-12-31 23:59:59', 3, 'UTC')"
const instant = "DateTime64(3, 'UTC')"

/** An instant as the lake reads it. */
export const toLakeInstant = (at: Date): string => at.toISOString().slice(0, -1).replace('T', ' ')

export interface KeptHistory {
  table: string
  /** From this instant on the new version is the data. */
  at: Date
}

export interface HistoryWork {
  lake: LakeEngine
  tables: LoadTables
  /** The history so far. */
  before: string | null
  keys: readonly string[]
  now: Date
  outcome: Outcome
  signal: AbortSignal
}

/**
 * The next version of an entry's history 历史拉链: versions whose row has changed or is gone end now, what is new begins now. It is
 * found against the new version of the entry's table itself, so that replays and loads from scratch leave no gap.
 */
export async function keepHistory(work: HistoryWork): Promise<KeptHistory> {
  const { lake, tables, before, keys, signal } = work
  const { target, history, changes } = tables
  const from = before !== null && (await hasTable(lake, before)) ? before : null
  await lake.define(`CREATE TABLE lake.${q(history)} AS lake.${q(target)}`, {}, { shardBy: keys })
  await lake.define(
    `ALTER TABLE lake.${q(history)} ADD COLUMN ${q(validColumns.from)} ${instant}, ADD COLUMN ${q(validColumns.to)} ${instant}`,
  )
  if (from) await cloneRows(lake, from, history, signal)
  const { last, newest } = await lastOf(lake, history)
  // A clock that was set back must not let a version end before it began.
  const at = new Date(Math.max(work.now.getTime(), newest + 1))
  const values = { at: toLakeInstant(at), last }
  const limits = { signal, threads: 2 }
  const names = (await columnsOf(lake, target)).map(q).join(', ')
  const isOpen = `${q(validColumns.to)} = ${open}`
  const found = await findChanges({
    lake,
    before: `lake.${q(history)} WHERE ${isOpen}`,
    after: `lake.${q(target)}`,
    like: target,
    keys,
    into: changes,
    signal,
  })
  if (from && found.changed + found.deleted > 0) {
    const ended = isAmong(keys, changes, ['changed', 'deleted'])
    await lake.command(`DELETE FROM lake.${q(history)} WHERE ${isOpen} AND ${ended}`, {}, limits)
    const old = [rowColumn, ...(await commonColumns(lake, from, history))].map(q).join(', ')
    await lake.command(
      `INSERT INTO lake.${q(history)} (${old}, ${q(validColumns.to)}) SELECT ${old}, {at:${instant}} FROM lake.${q(from)} WHERE ${isOpen} AND ${ended}`,
      { at: values.at },
      limits,
    )
  }
  await lake.command(
    `INSERT INTO lake.${q(history)} (${q(rowColumn)}, ${names}, ${q(validColumns.from)}, ${q(validColumns.to)})
     SELECT {last:UInt64} + row_number() OVER (), ${names}, {at:${instant}}, ${open} FROM lake.${q(target)} WHERE ${isAmong(keys, changes, ['inserted', 'changed'])}`,
    values,
    limits,
  )
  await dropTable(lake, changes)
  await proveHistory(work, isOpen)
  return { table: history, at }
}

async function lastOf(lake: LakeEngine, table: string): Promise<{ last: number; newest: number }> {
  const [found] = await lake.measure<{ last: string; newest: string }>(
    `SELECT max(${q(rowColumn)}) AS last, toUnixTimestamp64Milli(max(${q(validColumns.from)})) AS newest FROM lake.${q(table)}`,
    {},
    { priority: 'bulk' },
  )
  return { last: Number(found!.last), newest: Number(found!.newest) }
}

async function columnsOf(lake: LakeEngine, table: string): Promise<string[]> {
  const found = await lake.measure<{ name: string }>(
    "SELECT name FROM system.columns WHERE database = 'lake' AND table = {table:String} AND name != {row:String} ORDER BY position",
    { table, row: rowColumn },
  )
  return found.map(({ name }) => name)
}

const commonColumns = async (lake: LakeEngine, from: string, to: string) => {
  const there = new Set(await columnsOf(lake, from))
  return (await columnsOf(lake, to)).filter((name) => there.has(name) && name !== validColumns.to && name !== digestColumn)
}

/** The versions that are valid now are the rows of the new version. */
async function proveHistory({ lake, tables: { target, history }, outcome }: HistoryWork, isOpen: string): Promise<void> {
  const state = (from: string) => `(SELECT count() AS n, sum(${q(digestColumn)}) AS digests FROM ${from})`
  const [found] = await lake.measure<{ agrees: number }>(
    `SELECT (kept.n, kept.digests) = (live.n, live.digests) AS agrees
     FROM ${state(`lake.${q(history)} WHERE ${isOpen}`)} AS kept, ${state(`lake.${q(target)}`)} AS live`,
    {},
    { priority: 'bulk' },
  )
  if (found!.agrees !== 1) throw new LoadFailure('ingestion.version_differs', { rows: outcome.written }, outcome)
}
