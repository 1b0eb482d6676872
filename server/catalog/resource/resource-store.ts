import type { Resource, UpdateCycle } from '#contract/catalog.ts'
import type { z } from 'zod'
import { newId } from '../../kernel/ids.ts'
import type { Db, Tx, TxCtx } from '../../store/index.ts'
import { updateFacts } from '../entry/entry-store.ts'
import { pastCycleOn } from './past-cycle-on.ts'

export const selectResources = (db: Db | Tx, entryId: string) =>
  db.selectFrom('catalog.resource').selectAll().where('entry_id', '=', entryId).orderBy('loaded_at').execute()

export interface LoadedData {
  entryId: string
  kind: Resource['kind']
  name: string
  /** Table of the lake. */
  table: string
  rows: number
  loadedAt: Date
  pastCycleOn: string | null
}

/** Moves the pointer to the newly loaded table. @returns the resource and the table that it pointed to before */
export async function upsertResource(ctx: TxCtx, data: LoadedData): Promise<{ resourceId: string; previousTable: string | null }> {
  const { entryId, kind, name, table, rows, loadedAt } = data
  const facts = { name, lake_table: table, rows, loaded_at: loadedAt, past_cycle_on: data.pastCycleOn }
  const before = await ctx.db
    .selectFrom('catalog.resource')
    .select(['id', 'lake_table'])
    .where('entry_id', '=', entryId)
    .where('kind', '=', kind)
    .forUpdate()
    .executeTakeFirst()
  if (before) {
    await ctx.db.updateTable('catalog.resource').set(facts).where('id', '=', before.id).execute()
    return { resourceId: before.id, previousTable: before.lake_table }
  }
  const resourceId = newId(ctx.now().getTime())
  await ctx.db
    .insertInto('catalog.resource')
    .values({ ...facts, id: resourceId, entry_id: entryId, kind })
    .execute()
  return { resourceId, previousTable: null }
}

/** A published change of the update cycle moves the day on which the loaded data are past it. The entry is locked already. */
export async function moveCycle(ctx: TxCtx, entryId: string, cycle: z.infer<typeof UpdateCycle>): Promise<void> {
  for (const { id, loaded_at } of await selectResources(ctx.db, entryId)) {
    const past_cycle_on = pastCycleOn(ctx.profile, cycle, loaded_at)
    await ctx.db.updateTable('catalog.resource').set({ past_cycle_on }).where('id', '=', id).execute()
    await updateFacts(ctx.db, entryId, { past_cycle_on })
  }
}
