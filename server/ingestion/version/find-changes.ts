import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { rowColumn } from '../../kernel/lake-types.ts'
import { digestColumn, type hashColumn } from '../connectors/connector.ts'

const q = quoteIdentifier

export const changeColumn = '#change'
export const changeKinds = { inserted: 1, changed: 2, deleted: 3 } as const

export interface KeyChanges {
  inserted: number
  changed: number
  deleted: number
}

export interface TwoStates {
  lake: LakeEngine
  /** FROM clauses of tables with the key, `_row` and what tells whether a row is the same, each key at most once. */
  before: string
  after: string
  /** A table with the types of the keys. */
  like: string
  keys: readonly string[]
  by?: typeof digestColumn | typeof hashColumn
  /** Table to be made: each key that differs, and how. */
  into: string
  signal: AbortSignal
}

/**
 * The keys that are in one state only or whose rows differ, found by the engine. Both lie in the order of the key, so that they are
 * merged as they are read: memory does not grow with the table.
 */
export async function findChanges({ lake, before, after, like, keys, by = digestColumn, into, signal }: TwoStates): Promise<KeyChanges> {
  const key = keys.map(q).join(', ')
  const { inserted, changed, deleted } = changeKinds
  const typed = await lake.measure<{ name: string; type: string }>(
    "SELECT name, type FROM system.columns WHERE database = 'lake' AND table = {like:String} AND name IN {keys:Array(String)}",
    { like, keys: [...keys] },
  )
  await lake.define(
    `CREATE TABLE lake.${q(into)} (${typed.map(({ name, type }) => `${q(name)} ${type}`).join(', ')}, ${q(changeColumn)} UInt8) ENGINE = MergeTree ORDER BY tuple()`,
  )
  // A row number is never 0: that side of the join has no row.
  const side = (from: string) => `(SELECT ${key}, ${q(rowColumn)} AS row, ${q(by)} AS digest FROM ${from})`
  await lake.command(
    `INSERT INTO lake.${q(into)} (${key}, ${q(changeColumn)}) SELECT ${key}, multiIf(old.row = 0, ${inserted}, new.row = 0, ${deleted}, ${changed})
     FROM ${side(before)} AS old FULL JOIN ${side(after)} AS new USING (${key})
     WHERE old.row = 0 OR new.row = 0 OR old.digest != new.digest`,
    {},
    { signal, threads: 2, settings: { join_algorithm: 'full_sorting_merge', join_use_nulls: 0 } },
  )
  const found = await lake.measure<{ change: number; n: string }>(
    `SELECT ${q(changeColumn)} AS change, count() AS n FROM lake.${q(into)} GROUP BY change`,
  )
  const countOf = (kind: number) => Number(found.find(({ change }) => change === kind)?.n ?? 0)
  return { inserted: countOf(inserted), changed: countOf(changed), deleted: countOf(deleted) }
}

/** Condition on rows whose key changed in one of these ways. */
export const isAmong = (keys: readonly string[], changes: string, kinds: readonly (keyof KeyChanges)[]): string => {
  const key = keys.map(q).join(', ')
  return `(${key}) IN (SELECT ${key} FROM lake.${q(changes)} WHERE ${q(changeColumn)} IN (${kinds.map((kind) => changeKinds[kind]).join(', ')}))`
}
