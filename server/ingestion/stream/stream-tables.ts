import { isStreamTable, lakeTypeOf, rowColumn, type TypedItem } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn } from '../connectors/connector.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { inputType, quarantineColumns } from '../load/lake-tables.ts'

/** The tables of one copy of one stream. */
export interface StreamTables {
  /** Every version of every row; the last one counts. */
  target: string
  quarantine: string
  /** Changes on their way, in memory. One for each who takes the stream up: whoever was believed dead fills his own. */
  arrivals: string
  /** Keys that are read again, beside them. */
  changed: string
}

/** What one copy fills. */
export type CopyTables = Pick<StreamTables, 'target' | 'quarantine'>

/** The source's key as text: it finds a row again even where an item cannot hold its value. */
export const keyName = (index: number): string => `#k${index}`
export const versionColumn = '_version'
export const deletedColumn = '_deleted'
export const positionColumn = '_position'
/** Columns of a stream's tables that are no content. */
export const isStreamColumn = (name: string): boolean => /^(#k\d+|_version|_deleted|_position)$/.test(name)

const q = quoteIdentifier

export function streamTables(streamId: string, copy: number, attempt: number): StreamTables {
  const hex = streamId.replaceAll('-', '')
  return {
    target: `m_${hex}_${copy}`,
    quarantine: `mq_${hex}_${copy}`,
    arrivals: `ma_${hex}_${copy}_${attempt}`,
    changed: `mk_${hex}_${copy}_${attempt}`,
  }
}

/** Of a second copy, which the first is compared with. */
export const proofTables = ({ target, quarantine }: CopyTables): CopyTables => ({
  target: target.replace(/^m_/, 'mp_'),
  quarantine: quarantine.replace(/^mq_/, 'mr_'),
})

/** Which stream and copy a table belongs to; null for tables of others. */
export function streamOfTable(table: string): { id: string; copy: number } | null {
  const found = /^m[qakpr]?_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_(\d+)(?:_\d+)?$/.exec(table)
  return found && { id: found.slice(1, 6).join('-'), copy: Number(found[6]) }
}

/** Quoted names of so many key columns. */
export const keyNames = (keys: number): string[] => Array.from({ length: keys }, (_, i) => q(keyName(i)))
const keysSql = (keys: number) => keyNames(keys).map((name) => `${name} String`)
const engineSql = (keys: number) =>
  `ENGINE = ReplacingMergeTree(${versionColumn}, ${deletedColumn}) ORDER BY (${keyNames(keys).join(', ')})`

/**
 * The version of a row is the place of its change in the source's log: a batch that is written twice changes nothing. The copy has
 * version 0, so that every change of the log wins over it. `start` is the position of the copied rows.
 */
export async function createStreamTables(
  lake: LakeEngine,
  tables: CopyTables,
  items: readonly TypedItem[],
  columns: readonly ColumnPlan[],
  keys: number,
  start: number,
  hasDigest = false,
): Promise<void> {
  const state = [
    `${q(rowColumn)} UInt64`,
    `${versionColumn} UInt64 DEFAULT 0`,
    `${deletedColumn} UInt8 DEFAULT 0`,
    `${positionColumn} UInt64 DEFAULT ${BigInt(start)}`,
  ]
  const typed = [...items.map((item) => `${q(item.code)} ${lakeTypeOf(item).column}`), ...(hasDigest ? [`${q(digestColumn)} UInt64`] : [])]
  await lake.define(`CREATE TABLE lake.${q(tables.target)} (${[...typed, ...keysSql(keys), ...state].join(', ')}) ${engineSql(keys)}`)
  const raw = columns.map(({ item }) => `${q(item.code)} Nullable(String)`)
  const reasons = Object.values(quarantineColumns).map((name) => `${q(name)} String`)
  await lake.define(
    `CREATE TABLE lake.${q(tables.quarantine)} (${[...reasons, ...raw, ...keysSql(keys), ...state].join(', ')}) ${engineSql(keys)}`,
  )
}

export async function createArrivals(lake: LakeEngine, tables: StreamTables, columns: readonly ColumnPlan[], keys: number): Promise<void> {
  await dropArrivals(lake, tables)
  const { arrivals, changed } = tables
  const inputs = columns.map((column) => `${q(column.input)} ${inputType(column)}`)
  const state = [`${q(rowColumn)} UInt64`, `${versionColumn} UInt64`, `${deletedColumn} UInt8`]
  await lake.define(`CREATE TABLE lake.${q(arrivals)} (${[...state, ...keysSql(keys), ...inputs].join(', ')}) ENGINE = Memory`)
  await lake.define(`CREATE TABLE lake.${q(changed)} (${[...state.slice(0, 2), ...keysSql(keys)].join(', ')}) ENGINE = Memory`)
}

export async function dropArrivals(lake: LakeEngine, { arrivals, changed }: StreamTables): Promise<void> {
  for (const table of [arrivals, changed]) await dropStreamTable(lake, table)
}

export const dropStreamTable = (lake: LakeEngine, table: string) => lake.define(`DROP TABLE IF EXISTS lake.${q(table)} SYNC`)

export async function dropCopy(lake: LakeEngine, tables: StreamTables): Promise<void> {
  for (const table of [tables.target, tables.quarantine]) await dropStreamTable(lake, table)
  await dropArrivals(lake, tables)
}

/** Rows that count: one scan of the keys, for the times when a stream is taken up; from then on it is kept by arithmetic. */
export async function countLast(lake: LakeEngine, table: string): Promise<number> {
  const final = isStreamTable(table) ? ' FINAL' : ''
  const [found] = await lake.measure<{ n: string }>(`SELECT count() AS n FROM lake.${q(table)}${final}`, {}, { priority: 'bulk' })
  return Number(found!.n)
}

/** The newest position, and the highest row number, that a table carries. */
export async function findPlace(lake: LakeEngine, table: string): Promise<{ position: number; row: number }> {
  const [found] = await lake.measure<{ position: string; row: string }>(
    `SELECT max(${positionColumn}) AS position, max(${q(rowColumn)}) AS row FROM lake.${q(table)}`,
    {},
    { priority: 'bulk' },
  )
  return { position: Number(found!.position), row: Number(found!.row) }
}
