import type { Item } from '#contract/catalog.ts'
import { lakeTypeOf, rowColumn, type TypedItem } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { countColumn, digestColumn, hashColumn, markColumn } from '../connectors/connector.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { storedText } from '../digest/canonical-text.ts'
import { lakeDigest } from '../digest/source-digest.ts'

/** The tables of one run of one load. Each run has names of its own, so a worker that was believed dead writes past the new one. */
export interface LoadTables {
  target: string
  quarantine: string
  /** Rows that a driver has brought, as texts. */
  landing: string
  /** Takes the rows of the source and keeps none. */
  input: string
  /** Rows that are not plain, until they have gone the long way. */
  aside: string
  plainView: string
  asideView: string
  /** Counts and adds up the marks of the rows that arrive. */
  sums: string
  sumsView: string
  /** Of modes that change what is there: rows and quarantine as they were read, the keys that changed, and every version of each row. */
  staged: string
  stagedQuarantine: string
  changes: string
  history: string
  /** Key and hash of each row at the source, and the keys of those that differ from the live table. */
  keyHashes: string
  differing: string
}

/** Of a run, or of one slice in it. */
export function tablesOf(loadId: string, attempt: number, slice?: number): LoadTables {
  const suffix = `${loadId.replaceAll('-', '')}_${attempt}${slice === undefined ? '' : `_${slice}`}`
  return {
    target: `r_${suffix}`,
    quarantine: `q_${suffix}`,
    landing: `b_${suffix}`,
    input: `in_${suffix}`,
    aside: `a_${suffix}`,
    plainView: `v_${suffix}`,
    asideView: `w_${suffix}`,
    sums: `s_${suffix}`,
    sumsView: `y_${suffix}`,
    staged: `t_${suffix}`,
    stagedQuarantine: `p_${suffix}`,
    changes: `d_${suffix}`,
    history: `h_${suffix}`,
    keyHashes: `k_${suffix}`,
    differing: `x_${suffix}`,
  }
}

/** The load that a table of the lake belongs to; null for tables of others. */
export function loadOfTable(table: string): string | null {
  const hex = /^(?:r|q|b|in|a|v|w|s|y|c|t|p|d|h|k|x)_([0-9a-f]{32})_\d+(?:_\d+)?$/.exec(table)?.[1]
  return hex ? `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` : null
}

/** Columns of a quarantine table beside the raw text of each item; `#` stands in no item's code. */
export const quarantineColumns = { row: '#row', item: '#item', reason: '#reason', detail: '#detail' } as const
export const plainFlag = '#plain'

/** Rows from here on were never sent: records that cannot be read, by the line on which they start. */
export const unreadableRows = 2 ** 40

const q = quoteIdentifier
const inputTypes = { text: 'Nullable(String)', integer: 'Nullable(Int64)', float: 'Nullable(Float64)', truth: 'Nullable(Bool)' } as const
/** How a column is typed among the engine's input. */
export function inputType({ type, arrival: { as, isNullable } }: Pick<ColumnPlan, 'type' | 'arrival'>): string {
  if (as === 'value') return type.column
  return as === 'text' && !isNullable ? 'String' : inputTypes[as]
}

const digestSql = (hasDigest: boolean, codec: string) => (hasDigest ? `, ${q(digestColumn)} UInt64${codec}` : '')

const targetSql = (tables: LoadTables, items: readonly TypedItem[], hasDigest: boolean) =>
  `CREATE TABLE lake.${q(tables.target)} (${q(rowColumn)} UInt64, ${itemsSql(items)}${digestSql(hasDigest, ' CODEC(NONE)')})
   ENGINE = MergeTree ORDER BY ${q(rowColumn)}`
const itemsSql = (items: readonly TypedItem[]) => items.map((item) => `${q(item.code)} ${lakeTypeOf(item).column}`).join(', ')

/** What a row of a keyed table has beside its items. */
interface Carried {
  withDigest: boolean
  withHash: boolean
}

/**
 * In the order of the key, so that two states are compared as they lie. Every row has its digest: the source's where contents are
 * verified, else the same made here of what is stored.
 */
const keyedSql = (tables: LoadTables, items: readonly TypedItem[], columns: readonly ColumnPlan[], { withDigest, withHash }: Carried) =>
  `CREATE TABLE lake.${q(tables.target)} (${q(rowColumn)} UInt64, ${itemsSql(items)}${
    withDigest
      ? `, ${q(digestColumn)} UInt64 DEFAULT ${lakeDigest(columns.map((column) => storedText(column, q(column.item.code))))} CODEC(NONE)`
      : ''
  }${withHash ? `, ${q(hashColumn)} Int64 CODEC(NONE)` : ''})
   ENGINE = MergeTree ORDER BY (${[...keysOf(columns.map(({ item }) => item)), rowColumn].map(q).join(', ')}) SETTINGS allow_nullable_key = 1`
export const keysOf = (items: readonly Pick<Item, 'code' | 'isKey'>[]): string[] =>
  items.filter(({ isKey }) => isKey).map(({ code }) => code)

const quarantineSql = (tables: LoadTables, columns: readonly Pick<ColumnPlan, 'item'>[], hasDigest: boolean) =>
  `CREATE TABLE lake.${q(tables.quarantine)} (${q(rowColumn)} UInt64, ${Object.values(quarantineColumns)
    .map((name) => `${q(name)} String`)
    .join(', ')},
   ${columns.map(({ item }) => `${q(item.code)} Nullable(String)`).join(', ')}${digestSql(hasDigest, '')}) ENGINE = MergeTree ORDER BY ${q(rowColumn)}`

/** On a cluster the rows of one key lie on one node, load after load. */
export const createTarget = (
  lake: LakeEngine,
  tables: LoadTables,
  items: readonly (TypedItem & { isKey?: boolean })[],
  hasDigest: boolean,
) => lake.define(targetSql(tables, items, hasDigest), {}, { shardBy: items.filter(({ isKey }) => isKey).map(({ code }) => code) })
export const createKeyedTarget = (
  lake: LakeEngine,
  tables: LoadTables,
  items: readonly TypedItem[],
  columns: readonly ColumnPlan[],
  carried: Carried,
) => lake.define(keyedSql(tables, items, columns, carried), {}, { shardBy: keysOf(columns.map(({ item }) => item)) })
export const createQuarantine = (lake: LakeEngine, tables: LoadTables, columns: readonly Pick<ColumnPlan, 'item'>[], hasDigest: boolean) =>
  lake.define(quarantineSql(tables, columns, hasDigest))

/**
 * A table that keeps nothing, and two views on it: what is inserted goes to the target or, where it is not plain, aside, in the
 * same pass.
 */
export async function createFanOut(
  lake: LakeEngine,
  tables: LoadTables,
  columns: readonly ColumnPlan[],
  { withDigest, withHash, isSnapshot, mark }: Carried & { isSnapshot: boolean; mark: string | null },
): Promise<void> {
  const row = `${q(rowColumn)} UInt64`
  const items = columns.map(({ item, type }) => `${q(item.code)} ${type.column}`)
  const inputs = columns.map((column) => `${q(column.input)} ${inputType(column)}`)
  const digest = withDigest ? [`${q(digestColumn)} UInt64`] : []
  const count = isSnapshot ? [`${q(countColumn)} Nullable(Int64)`] : []
  const sum = mark ? [`${q(markColumn)} Nullable(Int64)`] : []
  const hash = withHash ? [`${q(hashColumn)} Int64`] : []
  const asideColumns = [row, ...inputs, ...digest, ...hash, ...count, ...sum]
  await lake.define(`CREATE TABLE lake.${q(tables.aside)} (${asideColumns.join(', ')}) ENGINE = MergeTree ORDER BY ${q(rowColumn)}`)
  await lake.define(
    `CREATE TABLE lake.${q(tables.input)} (${[`${q(plainFlag)} UInt8`, ...items, ...asideColumns].join(', ')}) ENGINE = Null`,
  )
  const nameOf = (column: string) => column.slice(0, column.lastIndexOf('`') + 1)
  const view = (name: string, target: string, typed: string[], where: string) =>
    lake.define(
      `CREATE MATERIALIZED VIEW lake.${q(name)} TO lake.${q(target)} AS SELECT ${typed.map(nameOf).join(', ')} FROM lake.${q(tables.input)} WHERE ${where}`,
    )
  await view(tables.plainView, tables.target, [row, ...items, ...digest, ...hash], q(plainFlag))
  await view(tables.asideView, tables.aside, asideColumns, `NOT ${q(plainFlag)}`)
  if (!mark) return
  await lake.define(`CREATE TABLE lake.${q(tables.sums)} (rows UInt64, marks Int64) ENGINE = MergeTree ORDER BY rows`)
  await lake.define(
    `CREATE MATERIALIZED VIEW lake.${q(tables.sumsView)} TO lake.${q(tables.sums)} AS SELECT count() AS rows, sum(ifNull(${mark}, 0)) AS marks FROM lake.${q(tables.input)} WHERE isNull(${q(countColumn)})`,
  )
}

/** Views first: a table with views on it is still written through them. */
export async function dropInput(lake: LakeEngine, tables: LoadTables): Promise<void> {
  for (const table of [tables.plainView, tables.asideView, tables.sumsView, tables.input, tables.aside, tables.sums])
    await dropTable(lake, table)
}
export const dropTable = (lake: LakeEngine, table: string) => lake.define(`DROP TABLE IF EXISTS lake.${q(table)} SYNC`)

/** `kept`: the one that stays. */
export async function dropTables(lake: LakeEngine, tables: LoadTables, kept: string | null = null): Promise<void> {
  await dropInput(lake, tables)
  const { target, quarantine, staged, stagedQuarantine, changes, history, keyHashes, differing } = tables
  for (const table of [target, quarantine, staged, stagedQuarantine, changes, history, keyHashes, differing])
    if (table !== kept) await dropTable(lake, table)
}
