import type { SharingRequest } from '#contract/sharing.ts'
import { meetClock, pauseClock } from '../../duty/index.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { presentRequest } from './present-request.ts'
import { replyClock } from './reply-clock.ts'
import { getRequestRow, stepRequest } from './step-request.ts'

/** 一次性告知补正: names everything that is missing at once; the provider's clock stands still until it comes back. */
export async function returnRequest(ctx: Ctx, { requestId, reason }: { requestId: string; reason: string }): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRequestRow(ctx, requestId)
    const after = await stepRequest(ctx, before, { event: 'return', action: 'sharing.request_returned', opinion: reason })
    await pauseClock(ctx, replyClock(before))
    return after
  })
  return presentRequest(ctx, row)
}

/** Does not agree; a refusal states its reasons (Order 809 art. 21). */
export async function refuseRequest(ctx: Ctx, { requestId, reason }: { requestId: string; reason: string }): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRequestRow(ctx, requestId)
    const change = { decided_at: ctx.now() }
    const after = await stepRequest(ctx, before, { event: 'refuse', action: 'sharing.request_refused', opinion: reason, change })
    await meetClock(ctx, replyClock(before))
    return after
  })
  return presentRequest(ctx, row)
}
