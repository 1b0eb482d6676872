import { requestStates, type SharingRequest } from '#contract/sharing.ts'
import { AppError, conflict, forbidden } from '../../kernel/errors.ts'
import { extendClock } from '../../duty/index.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { canExtend, presentRequest } from './present-request.ts'
import { replyClock } from './reply-clock.ts'
import { changeRequest, getRequestRow } from './step-request.ts'

/**
 * The data authority consents to one extension of the reply, and the requester is told: it stands in the request's history
 * and in an event that names the consumer (Order 809 art. 21).
 * @throws conflict `sharing.no_clock`; `duty.extension_…` where the clock's own terms do not allow it
 */
export async function extendRequest(
  ctx: Ctx,
  { requestId, days, reason }: { requestId: string; days: number; reason: string },
): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRequestRow(ctx, requestId)
    if (ctx.actor.org?.kind !== 'bureau') throw forbidden('state.wrong_side', { side: '数据主管部门' })
    if (!canExtend(ctx.actor, before))
      throw new AppError('conflict', 'state.refused', { params: { state: requestStates.states[before.state].zh } })
    const clock = await extendClock(ctx, replyClock(before), { days, consentBy: `${ctx.actor.org.name} ${ctx.actor.name}` })
    if (!clock) throw conflict('sharing.no_clock')
    const detail = { days, dueOn: clock.dueOn }
    return changeRequest(ctx, before, { event: 'extend', action: 'sharing.request_extended', opinion: reason, detail })
  })
  return presentRequest(ctx, row)
}
