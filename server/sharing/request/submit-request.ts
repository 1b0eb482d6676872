import type { SharingRequest } from '#contract/sharing.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { resumeClock } from '../../duty/index.ts'
import { type Ctx, inTx, type TxCtx } from '../../store/index.ts'
import { requireComplete, requireShareable } from './check-request.ts'
import { toEntryColumns } from './create-request.ts'
import { presentRequest } from './present-request.ts'
import { replyClock } from './reply-clock.ts'
import type { RequestRow } from './request-store.ts'
import { getRequestRow, stepRequest, withContributor } from './step-request.ts'

/** Hands a complete application to the head of the own department's sharing office (Order 809 art. 20). @throws invalid `sharing.incomplete` */
export async function submitRequest(ctx: Ctx, { requestId }: { requestId: string }): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRequestRow(ctx, requestId)
    const change = { submitted_at: ctx.now(), contributor_ids: withContributor(before, ctx.actor.id) }
    const after = await stepRequest(ctx, before, { event: 'submit', action: 'sharing.request_submitted', change })
    return requireAnswerable(ctx, after)
  })
  return presentRequest(ctx, row)
}

/** Hands it back to the provider after completion; the clock goes on. @throws invalid `sharing.incomplete` */
export async function completeRequest(ctx: Ctx, { requestId }: { requestId: string }): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRequestRow(ctx, requestId)
    const change = { contributor_ids: withContributor(before, ctx.actor.id) }
    const after = await stepRequest(ctx, before, { event: 'complete', action: 'sharing.request_completed', change })
    await resumeClock(ctx, replyClock(after))
    return requireAnswerable(ctx, after)
  })
  return presentRequest(ctx, row)
}

/** Checked after the step, so that who may not submit is told that and nothing else. */
async function requireAnswerable(ctx: TxCtx, row: RequestRow): Promise<RequestRow> {
  const entry = requireShareable(ctx.actor, (await findPublishedEntries(ctx.db, [row.entry_id])).get(row.entry_id))
  requireComplete(ctx, entry, row.content)
  if (row.received_at) return row
  // The entry's name and sharing type as of today, not as of the first draft; from the reply clock on they stand still.
  const columns = toEntryColumns(entry)
  await ctx.db.updateTable('sharing.request').set(columns).where('id', '=', row.id).execute()
  return { ...row, ...columns }
}
