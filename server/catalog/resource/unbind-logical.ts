import type { TxCtx } from '../../store/index.ts'
import { lockEntry, updateFacts } from '../entry/entry-store.ts'
import { selectResources } from './resource-store.ts'

/** An entry is not read at its source any more. What was collected of it stays. The caller emits the event. */
export async function unbindLogical(ctx: TxCtx, entryId: string): Promise<void> {
  await lockEntry(ctx.db, entryId)
  await ctx.db.deleteFrom('catalog.resource').where('entry_id', '=', entryId).where('kind', '=', 'logical').execute()
  if ((await selectResources(ctx.db, entryId)).length === 0)
    await updateFacts(ctx.db, entryId, { rows: null, loaded_at: null, past_cycle_on: null })
}
