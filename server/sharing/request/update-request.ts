import { type RequestContent, requestStates, type SharingRequest } from '#contract/sharing.ts'
import { AppError, conflict, forbidden } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { canUpdate, presentRequest } from './present-request.ts'
import { selectRequest, updateRequestRow } from './request-store.ts'
import { getRequestRow, withContributor } from './step-request.ts'

/** Saves a draft, or what is being completed, from the edit that the caller saw. @throws conflict `value.stale` `state.refused` */
export async function updateRequest(
  ctx: Ctx,
  { requestId, content, edit }: { requestId: string; content: RequestContent; edit: number },
): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRequestRow(ctx, requestId)
    if (before.consumer_org_id !== ctx.actor.org?.id) throw forbidden('state.wrong_side', { side: '需求部门' })
    if (!canUpdate(ctx.actor, before))
      throw new AppError('conflict', 'state.refused', { params: { state: requestStates.states[before.state].zh } })
    const change = { content: JSON.stringify(content), contributor_ids: withContributor(before, ctx.actor.id) }
    if (!(await updateRequestRow(ctx.db, { ...before, edit }, change))) throw conflict('value.stale')
    emit(ctx, {
      action: 'sharing.request_saved',
      object: { type: 'request', id: requestId, name: `${before.number} ${before.entry_name}` },
    })
    return (await selectRequest(ctx.db, 'everything', requestId))!
  })
  return presentRequest(ctx, row)
}
