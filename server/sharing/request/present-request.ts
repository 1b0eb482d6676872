import { RequestContent, requestStates, type SharingRequest } from '#contract/sharing.ts'
import type { Clock } from '#contract/duty.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { clocksOf } from '../../duty/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { canStep } from '../../kernel/step.ts'
import type { Ctx } from '../../store/index.ts'
import { isBiased, requestEvents, stepperOf } from '../access.ts'
import { suggestDecision } from '../decision/suggest-decision.ts'
import { isReplyClock } from './reply-clock.ts'
import type { RequestRow } from './request-store.ts'

/** What the caller may do with a request now: the events of its state table, `update` and `extend`. */
export function requestCan(actor: Actor, row: RequestRow, clock: Clock | undefined): Record<string, boolean> {
  const by = stepperOf(actor, row)
  const steps = requestEvents.map((event) => [event, canStep(requestStates, row.state, event, by) && !isBiased(actor, event, row)] as const)
  return { ...Object.fromEntries(steps), update: canUpdate(actor, row), extend: canExtend(actor, row) && clock?.extendedDays === 0 }
}

/** While it is with the consumer's steward: a draft, or returned for completion. */
export const canUpdate = (actor: Actor, row: RequestRow): boolean =>
  (['submit', 'complete'] as const).some((event) => canStep(requestStates, row.state, event, stepperOf(actor, row)))

/** Order 809 art. 21: the authority consents to an extension of the reply. The clock's own limits are the clock's. */
export const canExtend = (actor: Actor, row: RequestRow): boolean =>
  row.state === 'provider_review' && actor.org?.kind === 'bureau' && actor.scopes.has('sharing:supervise')

export async function presentRequest(ctx: Ctx, row: RequestRow): Promise<SharingRequest> {
  const [request] = await presentRequests(ctx, [row])
  return request!
}

export async function presentRequests(ctx: Ctx, rows: readonly RequestRow[]): Promise<SharingRequest[]> {
  const clocks = await clocksOf(
    ctx,
    rows.map(({ id }) => id),
  )
  const deciding = rows.filter((row) => requestCan(ctx.actor, row, undefined).approve).map(({ entry_id }) => entry_id)
  const entries = await findPublishedEntries(ctx.db, deciding)
  return rows.map((row) => {
    const clock = clocks.get(row.id)?.find(isReplyClock)
    const can = requestCan(ctx.actor, row, clock)
    const entry = can.approve ? entries.get(row.entry_id) : undefined
    const content = RequestContent.strip().parse(row.content)
    return {
      id: row.id,
      number: row.number,
      state: row.state,
      consumer: { id: row.consumer_org_id, name: row.consumer_name },
      provider: { id: row.provider_org_id, name: row.provider_name },
      entry: { id: row.entry_id, name: row.entry_name, code: row.entry_code, sharingType: row.sharing_type },
      content,
      decision: row.decision,
      suggestion: entry ? suggestDecision(ctx.profile, entry.content.items, content) : null,
      grantId: row.grant_id,
      author: row.author_name,
      opinions: row.opinions,
      clock: clock ?? null,
      waitingFor: waitingFor(row),
      submittedAt: row.submitted_at?.toISOString() ?? null,
      edit: row.edit,
      can,
    }
  })
}

/** Who acts next, as a sentence part for people. */
function waitingFor(row: RequestRow): string {
  switch (row.state) {
    case 'draft':
      return `${row.consumer_name}：${row.author_name}补齐并提交`
    case 'consumer_review':
      return `${row.consumer_name}：共享工作机构负责人审批`
    case 'provider_review':
      return `${row.provider_name}：共享工作机构负责人答复`
    case 'returned':
      return `${row.consumer_name}：按告知事项补正后再次提交`
    case 'approved':
      return row.grant_state === 'pending' ? `${row.provider_name}：提供数据` : '已办结'
    default:
      return '已办结'
  }
}
