import type { SharingRequest } from '#contract/sharing.ts'
import { startClock } from '../../duty/index.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { presentRequest } from './present-request.ts'
import { replyRule } from './reply-clock.ts'
import { getRequestRow, stepRequest } from './step-request.ts'

/**
 * The head of the consumer's sharing office lets the application go to the provider (Order 809 art. 20), which receives it
 * with that: the reply clock starts (art. 21). @throws forbidden `sharing.self_review`
 */
export async function passRequest(ctx: Ctx, { requestId, opinion }: { requestId: string; opinion: string }): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRequestRow(ctx, requestId)
    const change = { received_at: ctx.now(), reviewer_id: ctx.actor.id }
    const after = await stepRequest(ctx, before, { event: 'pass', action: 'sharing.request_passed', opinion, change })
    await startClock(ctx, {
      rule: replyRule(after),
      object: { type: 'request', id: after.id, name: `${after.number} ${after.entry_name}` },
      owner: { id: after.provider_org_id, kind: after.provider_kind },
    })
    return after
  })
  return presentRequest(ctx, row)
}

/** The own department does not ask for it. */
export async function rejectRequest(ctx: Ctx, { requestId, reason }: { requestId: string; reason: string }): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) =>
    stepRequest(ctx, await getRequestRow(ctx, requestId), { event: 'reject', action: 'sharing.request_rejected', opinion: reason }),
  )
  return presentRequest(ctx, row)
}
