import type { PublishedEntry } from '../../catalog/index.ts'
import { lakeTypeOf, rowColumn } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { unreadableRows } from '../load/lake-tables.ts'
import type { LoadRow } from '../load/load-store.ts'
import type { Ground, PlanRow } from '../plan/plan-store.ts'

/**
 * What the next version is built on: the live table, where this plan made it and its columns still have the types of the items.
 * Null: the load begins with an empty table.
 */
export async function findBase(
  lake: LakeEngine,
  { load, plan, entry }: { load: Pick<LoadRow, 'afresh'>; plan: Pick<PlanRow, 'ground'>; entry: Pick<PublishedEntry, 'table' | 'content'> },
): Promise<Ground | null> {
  const { ground } = plan
  if (!ground || load.afresh || ground.table !== entry.table) return null
  const found = await lake.measure<{ name: string; type: string }>(
    "SELECT name, type FROM system.columns WHERE database = 'lake' AND table = {table:String}",
    { table: ground.table },
  )
  const types = new Map(found.map(({ name, type }) => [name, type]))
  const fits = entry.content.items.every((item) => {
    const type = types.get(item.code)
    return type === undefined ? !item.isKey : type === lakeTypeOf(item).column
  })
  return fits && types.has(rowColumn) ? ground : null
}

/** The highest number that a row of the live table or of the open quarantine has: new rows get higher ones. */
export async function lastRow(lake: LakeEngine, tables: readonly string[]): Promise<number> {
  let last = 0
  for (const table of tables) {
    const [found] = await lake.measure<{ last: string }>(
      `SELECT max(${quoteIdentifier(rowColumn)} % ${unreadableRows}) AS last FROM lake.${quoteIdentifier(table)}`,
      {},
      { priority: 'bulk' },
    )
    last = Math.max(last, Number(found!.last))
  }
  return last
}
