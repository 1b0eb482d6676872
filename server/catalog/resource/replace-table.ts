import type { TxCtx } from '../../store/index.ts'
import { updateFacts } from '../entry/entry-store.ts'

/**
 * Moves the pointer to a table that holds fewer rows of the same load: when it was loaded stays as it was.
 * @returns false when a load has moved the pointer meanwhile
 */
export async function replaceTable(ctx: TxCtx, entryId: string, change: { from: string; to: string; rows: number }): Promise<boolean> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('catalog.resource')
    .set({ lake_table: change.to, rows: change.rows })
    .where('entry_id', '=', entryId)
    .where('lake_table', '=', change.from)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await updateFacts(ctx.db, entryId, { rows: change.rows })
  return true
}
