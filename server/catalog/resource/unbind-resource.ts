import type { TxCtx } from '../../store/index.ts'
import { updateFacts } from '../entry/entry-store.ts'

/** The entry has no data any more: they were destroyed. The caller emits the event, with `entryId` in its detail. */
export async function unbindResource(ctx: TxCtx, entryId: string): Promise<void> {
  await ctx.db.deleteFrom('catalog.resource').where('entry_id', '=', entryId).execute()
  await updateFacts(ctx.db, entryId, { rows: null, loaded_at: null, past_cycle_on: null })
}
