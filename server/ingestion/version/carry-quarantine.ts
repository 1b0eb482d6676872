import { rowColumn } from '../../kernel/lake-types.ts'
import { type Ctx, type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn } from '../connectors/connector.ts'
import { dropTable, type LoadTables, quarantineColumns } from '../load/lake-tables.ts'
import { countTable, hasTable } from '../load/load-object.ts'
import { selectLoad } from '../load/load-store.ts'
import type { PlanRow } from '../plan/plan-store.ts'
import { selectActs } from '../quarantine/act-store.ts'

const q = quoteIdentifier

/** The quarantine before this load, whose open rows a mode that reads only what is new has to keep. */
export interface OpenBefore {
  loadId: string
  table: string
  /** Rows that somebody has dealt with. */
  done: number[]
}

export async function findOpenBefore(ctx: Pick<Ctx, 'db' | 'lake'>, plan: PlanRow): Promise<OpenBefore | null> {
  const loadId = plan.quarantine_load_id
  const table = loadId && (await selectLoad(ctx.db, 'everything', loadId))?.quarantine_table
  if (!loadId || !table || !(await hasTable(ctx.lake, table))) return null
  const acts = await selectActs(ctx.db, loadId, { states: ['replayed', 'discarded'] })
  return { loadId, table, done: acts.map(({ row_number }) => Number(row_number)) }
}

/** What a load leaves in quarantine: rows in all, and of those that were there before how many had been dealt with already. */
export interface CarriedQuarantine {
  rows: number
  from: OpenBefore | null
}

/**
 * Makes the quarantine of a load: what it refused itself, numbered on from `rowsBefore`, and what is still open from before. Rows
 * that came again (`isReread`) keep one place: the new one.
 */
export async function carryQuarantine(
  lake: LakeEngine,
  { stagedQuarantine: staged, quarantine }: LoadTables,
  { before, rowsBefore, isReread }: { before: OpenBefore | null; rowsBefore: number; isReread: boolean },
): Promise<CarriedQuarantine> {
  const isNew = await hasTable(lake, staged)
  const isThere = await hasTable(lake, quarantine)
  if (!isNew && !before && !isThere) return { rows: 0, from: null }
  if (!isThere) await lake.define(`CREATE TABLE lake.${q(quarantine)} AS lake.${q(isNew ? staged : before!.table)}`)
  if (isNew) {
    const names = await commonColumns(lake, staged, quarantine)
    const { row } = quarantineColumns
    await lake.command(
      `INSERT INTO lake.${q(quarantine)} (${[rowColumn, row, ...names].map(q).join(', ')})
       SELECT ${q(rowColumn)} + {rowsBefore:UInt64} AS n, toString(n), ${names.map(q).join(', ')} FROM lake.${q(staged)}`,
      { rowsBefore },
    )
    await dropTable(lake, staged)
  }
  if (before) {
    const names = await commonColumns(lake, before.table, quarantine)
    const texts = names.filter((name) => !name.startsWith('#')).map((name) => `ifNull(${q(name)}, '')`)
    const text = `(${[`'='`, ...texts].join(', ')})`
    const columns = [rowColumn, quarantineColumns.row, ...names].map(q).join(', ')
    await lake.command(
      `INSERT INTO lake.${q(quarantine)} (${columns}) SELECT ${columns} FROM lake.${q(before.table)}
       WHERE NOT has({done:Array(UInt64)}, ${q(rowColumn)})${isReread ? ` AND ${text} NOT IN (SELECT ${text} FROM lake.${q(quarantine)})` : ''}`,
      { done: before.done.map(BigInt) },
    )
  }
  return { rows: await countTable(lake, quarantine), from: before }
}

async function commonColumns(lake: LakeEngine, one: string, other: string): Promise<string[]> {
  const found = await lake.measure<{ name: string }>(
    `SELECT name FROM system.columns WHERE database = 'lake' AND table IN ({one:String}, {other:String})
       AND name NOT IN ({row:String}, {number:String}, {digest:String}) GROUP BY name HAVING count() = 2 ORDER BY name`,
    { one, other, row: rowColumn, number: quarantineColumns.row, digest: digestColumn },
  )
  return found.map(({ name }) => name)
}
