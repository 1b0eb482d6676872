import type { SharingRequest } from '#contract/sharing.ts'
import { cancelClock } from '../../duty/index.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { presentRequest } from './present-request.ts'
import { replyClock } from './reply-clock.ts'
import { getRequestRow, stepRequest } from './step-request.ts'

/** The consumer takes its application back while it is unanswered; the provider owes no reply any more. */
export async function withdrawRequest(ctx: Ctx, { requestId }: { requestId: string }): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRequestRow(ctx, requestId)
    const after = await stepRequest(ctx, before, { event: 'withdraw', action: 'sharing.request_withdrawn' })
    await cancelClock(ctx, replyClock(before))
    return after
  })
  return presentRequest(ctx, row)
}
