import { lakeTypeOf, rowColumn, type TypedItem } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier, quoteText } from '../../store/index.ts'
import { digestColumn } from '../connectors/connector.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { faultReason, rawText } from '../conversion/convert-column.ts'
import { makeDefinitions, withSql } from '../conversion/definitions.ts'

/** The tables of one run of one load. Each run has names of its own, so a worker that was believed dead writes past the new one. */
export interface LoadTables {
  target: string
  quarantine: string
  input: string
  valid: string
  invalid: string
}

export function tablesOf(loadId: string, attempt: number): LoadTables {
  const suffix = `${loadId.replaceAll('-', '')}_${attempt}`
  return { target: `r_${suffix}`, quarantine: `q_${suffix}`, input: `in_${suffix}`, valid: `v_${suffix}`, invalid: `w_${suffix}` }
}

/** The load that a table of the lake belongs to; null for tables of others. */
export function loadOfTable(table: string): string | null {
  const hex = /^(?:r|q|in|v|w|c)_([0-9a-f]{32})_\d+$/.exec(table)?.[1]
  return hex ? `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` : null
}

/** Columns of a quarantine table beside the raw text of each item; `#` stands in no item's code. */
export const quarantineColumns = { row: '#row', item: '#item', reason: '#reason', detail: '#detail' } as const
/** Which column is at fault, as a number: 2i+1 wrong, 2i+2 missing, 0 none. */
export const faultColumn = '#fault'

/** Rows from here on were never sent: records that cannot be read, by the line on which they start. */
export const unreadableRows = 2 ** 40

const q = quoteIdentifier
const inputTypes = { text: 'Nullable(String)', integer: 'Nullable(Int64)', float: 'Nullable(Float64)', truth: 'Nullable(Bool)' } as const

const digestSql = (hasDigest: boolean, codec: string) => (hasDigest ? `, ${q(digestColumn)} UInt64${codec}` : '')

const targetSql = (tables: LoadTables, items: readonly TypedItem[], hasDigest: boolean) =>
  `CREATE TABLE lake.${q(tables.target)} (${q(rowColumn)} UInt64, ${items.map((item) => `${q(item.code)} ${lakeTypeOf(item).column}`).join(', ')}${digestSql(hasDigest, ' CODEC(NONE)')})
   ENGINE = MergeTree ORDER BY ${q(rowColumn)}`

const quarantineSql = (tables: LoadTables, columns: readonly ColumnPlan[], hasDigest: boolean) =>
  `CREATE TABLE lake.${q(tables.quarantine)} (${q(rowColumn)} UInt64, ${Object.values(quarantineColumns)
    .map((name) => `${q(name)} String`)
    .join(', ')},
   ${columns.map(({ item }) => `${q(item.code)} Nullable(String)`).join(', ')}${digestSql(hasDigest, '')}) ENGINE = MergeTree ORDER BY ${q(rowColumn)}`

export const createTarget = (lake: LakeEngine, tables: LoadTables, items: readonly TypedItem[], hasDigest: boolean) =>
  lake.define(targetSql(tables, items, hasDigest))
export const createQuarantine = (lake: LakeEngine, tables: LoadTables, columns: readonly ColumnPlan[], hasDigest: boolean) =>
  lake.define(quarantineSql(tables, columns, hasDigest))

/**
 * A table that keeps nothing, and two views on it: what is inserted goes to the target or to quarantine in the same pass.
 */
export async function createFanOut(
  lake: LakeEngine,
  tables: LoadTables,
  columns: readonly ColumnPlan[],
  hasDigest: boolean,
): Promise<void> {
  const digest = hasDigest ? [q(digestColumn)] : []
  const items = columns.map(({ item }) => q(item.code))
  const fault = q(faultColumn)
  await createQuarantine(lake, tables, columns, hasDigest)
  await lake.define(
    `CREATE TABLE lake.${q(tables.input)} (${q(rowColumn)} UInt64, ${fault} UInt16,
     ${columns.map(({ item, type, input, arrival }) => `${q(item.code)} ${type.column}, ${q(input)} ${inputTypes[arrival.as]}`).join(', ')}${digestSql(hasDigest, '')}) ENGINE = Null`,
  )
  await lake.define(
    `CREATE MATERIALIZED VIEW lake.${q(tables.valid)} TO lake.${q(tables.target)} AS
     SELECT ${[q(rowColumn), ...items, ...digest].join(', ')} FROM lake.${q(tables.input)} WHERE ${fault} = 0`,
  )
  const definitions = makeDefinitions()
  const codes = columns.map(({ item }) => quoteText(item.code)).join(', ')
  const reason = columns
    .flatMap((_, i) => [
      `${fault} = ${2 * i + 1}, ${faultReason(columns[i]!, definitions)}`,
      `${fault} = ${2 * i + 2}, 'ingestion.missing_value'`,
    ])
    .join(', ')
  const raw = columns.map((column) => rawText(column))
  await lake.define(
    `CREATE MATERIALIZED VIEW lake.${q(tables.invalid)} TO lake.${q(tables.quarantine)} AS
     ${withSql(definitions)}SELECT ${q(rowColumn)}, toString(${q(rowColumn)}) AS ${q(quarantineColumns.row)}, [${codes}][intDiv(${fault} + 1, 2)] AS ${q(quarantineColumns.item)}, multiIf(${reason}, '') AS ${q(quarantineColumns.reason)},
       substringUTF8(ifNull([${raw.join(', ')}][intDiv(${fault} + 1, 2)], ''), 1, 200) AS ${q(quarantineColumns.detail)},
       ${[...columns.map((column, i) => `${raw[i]} AS ${q(column.item.code)}`), ...digest].join(', ')}
     FROM lake.${q(tables.input)} WHERE ${fault} != 0`,
  )
}

/** Views first: a table with views on it is still written through them. */
export async function dropInput(lake: LakeEngine, tables: LoadTables): Promise<void> {
  for (const table of [tables.valid, tables.invalid, tables.input]) await dropTable(lake, table)
}
export const dropTable = (lake: LakeEngine, table: string) => lake.define(`DROP TABLE IF EXISTS lake.${q(table)} SYNC`)

export async function dropTables(lake: LakeEngine, tables: LoadTables): Promise<void> {
  await dropInput(lake, tables)
  await dropTable(lake, tables.target)
  await dropTable(lake, tables.quarantine)
}
