import { requestStates } from '#contract/sharing.ts'
import { conflict, forbidden, notFound } from '../../kernel/errors.ts'
import { step } from '../../kernel/step.ts'
import { type Ctx, emit, type TxCtx } from '../../store/index.ts'
import { isBiased, stepperOf, visibleTo } from '../access.ts'
import { type RequestChange, type RequestRow, selectRequest, updateRequestRow } from './request-store.ts'

export type RequestEvent = (typeof requestStates.steps)[number]['event']

/** @throws value.not_found for what does not exist and for what the caller may not know of */
export async function getRequestRow(ctx: Pick<TxCtx, 'actor'> & { db: Ctx['db'] | TxCtx['db'] }, id: string): Promise<RequestRow> {
  const row = await selectRequest(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}

export interface RequestStep {
  event: RequestEvent
  /** Audit name of what happened, `sharing.request_…`. */
  action: string
  opinion?: string
  change?: RequestChange
  detail?: Record<string, unknown>
}

/**
 * Takes one step of a request: rights, no self-approval, compare-and-set, the opinion, the event. Both organisations stand
 * in the event, so that each can be told. @returns the row as it is afterwards
 * @throws `state.wrong_side`, `security.missing_scope`, `sharing.self_review`, `state.refused`, `value.stale`
 */
export async function stepRequest(ctx: TxCtx, row: RequestRow, { event, action, opinion = '', change = {}, detail }: RequestStep) {
  const state = step(requestStates, row.state, event, stepperOf(ctx.actor, row))
  if (isBiased(ctx.actor, event, row)) throw forbidden('sharing.self_review')
  return changeRequest(ctx, row, {
    event,
    action,
    opinion,
    change: { ...change, state },
    detail: { from: row.state, to: state, ...detail },
  })
}

/** The same without a step of the state: an extension. */
export async function changeRequest(
  ctx: TxCtx,
  row: RequestRow,
  { event, action, opinion = '', change = {}, detail }: Omit<RequestStep, 'event'> & { event: string },
): Promise<RequestRow> {
  const by = { at: ctx.now().toISOString(), by: ctx.actor.name, org: ctx.actor.org?.name ?? ctx.actor.name }
  const opinions = [...row.opinions, { ...by, event, opinion }]
  if (!(await updateRequestRow(ctx.db, row, { ...change, opinions: JSON.stringify(opinions) }))) throw conflict('value.stale')
  emit(ctx, {
    action,
    object: { type: 'request', id: row.id, name: `${row.number} ${row.entry_name}` },
    detail: {
      consumerOrgId: row.consumer_org_id,
      providerOrgId: row.provider_org_id,
      entryId: row.entry_id,
      ...detail,
      ...(opinion && { opinion }),
    },
  })
  return (await selectRequest(ctx.db, 'everything', row.id))!
}

/** A person who works on a request is remembered: he cannot pass or approve it later. */
export const withContributor = (row: Pick<RequestRow, 'contributor_ids'>, actorId: string): string[] => [
  ...new Set([...row.contributor_ids, actorId]),
]
