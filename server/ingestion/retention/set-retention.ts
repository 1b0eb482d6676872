import type { EntryStorage, RetentionInput } from '#contract/ingestion/retention.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { refuseForeign } from '../source/present-source.ts'
import { presentStorage } from './list-entry-storage.ts'
import { saveRetention, selectStorage } from './retention-store.ts'

/**
 * Decides how long the records of one entry are kept, with the rule that it rests on. Nothing is destroyed by it.
 * @throws value.not_found; forbidden `ingestion.not_owner`; invalid `ingestion.retention_item`; conflict `value.stale`
 */
export async function setRetention(ctx: Ctx, entryId: string, input: RetentionInput): Promise<EntryStorage> {
  const { dateItem, months, basis, version } = input
  const [row] = await selectStorage(ctx.db, visibleTo(ctx.actor), { entryId, limit: 1 })
  if (!row) throw notFound('value.not_found')
  refuseForeign(ctx.actor, row.org_id)
  if (dateItem !== null) {
    const item = (await findPublishedEntries(ctx.db, [entryId])).get(entryId)?.content.items.find(({ code }) => code === dateItem)
    if (!item || !['date', 'time'].includes(lakeTypeOf(item).kind)) throw invalid('ingestion.retention_item', { item: dateItem })
  }
  return inTx(ctx, async (ctx) => {
    const decided = { entry_id: entryId, date_item: dateItem, months, basis, set_by: ctx.actor.name, set_at: ctx.now() }
    if (!(await saveRetention(ctx.db, decided, version))) throw conflict('value.stale')
    emit(ctx, {
      action: 'ingestion.retention_set',
      object: { type: 'entry', id: entryId, name: row.entry_name },
      detail: { entryId, dateItem, months, basis },
    })
    return presentStorage(ctx, (await selectStorage(ctx.db, visibleTo(ctx.actor), { entryId, limit: 1 }))[0]!)
  })
}
