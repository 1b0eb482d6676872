import type { Item } from '#contract/catalog.ts'
import type { Decision, RequestContent, SharingRequest } from '#contract/sharing.ts'
import { findPublishedEntries, type PublishedEntry } from '../../catalog/index.ts'
import { meetClock, startClock } from '../../duty/index.ts'
import { AppError, conflict, type FieldProblem } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import { type Ctx, inTx, type TxCtx } from '../../store/index.ts'
import { findTableItems, holdsAll } from '../grant/find-table-items.ts'
import { type DecidedItem, insertGrant } from '../grant/grant-store.ts'
import { tellUserCount } from '../grant/step-grant.ts'
import { nextNumber } from '../next-number.ts'
import { presentRequest } from '../request/present-request.ts'
import { replyClock } from '../request/reply-clock.ts'
import type { RequestRow } from '../request/request-store.ts'
import { getRequestRow, stepRequest } from '../request/step-request.ts'
import { findGrantProblems } from './try-grant.ts'

/**
 * The provider agrees and says to what: the decision becomes a grant, in effect at once where the data are there, waiting
 * for them under the supply clock where not (Order 809 art. 21, 22). Nothing of a decision can fail later: it is compiled here.
 * @throws invalid `http.invalid_input` with every problem of the decision; forbidden `sharing.self_review`
 */
export async function approveRequest(ctx: Ctx, { requestId, ...decision }: Decision & { requestId: string }): Promise<SharingRequest> {
  const held = await itemsThatAreThere(ctx, requestId)
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRequestRow(ctx, requestId)
    const grant = { id: newId(ctx.now().getTime()), number: await nextNumber(ctx, 'SQ') }
    const wanted = { shown: decision.items.map(({ item }) => item), conditions: decision.rows }
    const state = holdsAll(held, wanted) ? 'active' : 'pending'
    const after = await stepRequest(ctx, before, {
      event: 'approve',
      action: 'sharing.request_approved',
      opinion: decision.opinion,
      change: { decided_at: ctx.now(), decision: JSON.stringify(decision), grant_id: grant.id },
      detail: { grantId: grant.id, grantNumber: grant.number, grantState: state, decision },
    })
    const entry = await requireDecidable(ctx, before, decision)
    await insertGrant(ctx.db, { ...grant, state, ...toGrantColumns(after, entry, decision), created_at: ctx.now() } as never)
    await meetClock(ctx, replyClock(before))
    await startSupplyClock(ctx, after, grant, state)
    await tellUserCount(ctx, before.entry_id)
    return { ...after, grant_state: state }
  })
  return presentRequest(ctx, row)
}

/** Asked outside the transaction: the lake answers. A load that ends in between activates the grant itself. */
async function itemsThatAreThere(ctx: Ctx, requestId: string): Promise<Item[]> {
  const { entry_id } = await getRequestRow(ctx, requestId)
  const entry = (await findPublishedEntries(ctx.db, [entry_id])).get(entry_id)
  return entry ? findTableItems(ctx, entry) : []
}

async function requireDecidable(ctx: TxCtx, row: RequestRow, decision: Decision): Promise<PublishedEntry> {
  const entry = (await findPublishedEntries(ctx.db, [row.entry_id])).get(row.entry_id)
  if (entry?.state !== 'published') throw conflict('sharing.entry_not_published', { entry: row.entry_name })
  const problems = [...findGrantProblems(ctx, entry.content.items, decision), ...findExcess(row.content, decision, toLocalDate(ctx.now()))]
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  return entry
}

/** What is decided stays within what was asked and passed by the consumer's own department: items and period. */
function findExcess(asked: RequestContent, decision: Decision, today: string): FieldProblem[] {
  const items = new Set(asked.items)
  return [
    ...decision.items.flatMap(({ item }, i) =>
      items.has(item) ? [] : [{ pointer: `/items/${i}/item`, code: 'sharing.item_not_asked', params: { item } }],
    ),
    ...(asked.from && decision.from < asked.from
      ? [{ pointer: '/from', code: 'sharing.period_not_asked', params: { from: asked.from, to: asked.to! } }]
      : []),
    ...(asked.to && decision.to > asked.to
      ? [{ pointer: '/to', code: 'sharing.period_not_asked', params: { from: asked.from!, to: asked.to } }]
      : []),
    ...(decision.from > decision.to ? [{ pointer: '/to', code: 'sharing.period_reversed' }] : []),
    ...(decision.to < today ? [{ pointer: '/to', code: 'sharing.period_over' }] : []),
  ]
}

function toGrantColumns(row: RequestRow, entry: PublishedEntry, decision: Decision) {
  const published = new Map(entry.content.items.map((item) => [item.code, item]))
  const items = decision.items.map(({ item, mask }): DecidedItem => {
    const { code, name, dataType, isKey, sensitiveKind, level } = published.get(item)!
    return { code, name, dataType, isKey, sensitiveKind, level, mask }
  })
  return {
    request_id: row.id,
    consumer_org_id: row.consumer_org_id,
    provider_org_id: row.provider_org_id,
    entry_id: row.entry_id,
    entry_name: entry.name,
    entry_code: entry.code,
    entry_version: entry.version,
    purpose: row.content.purpose,
    items: JSON.stringify(items),
    conditions: JSON.stringify(decision.rows),
    valid_from: decision.from,
    valid_to: decision.to,
    calls_per_day: decision.callsPerDay,
    max_rows_per_call: decision.maxRowsPerCall,
  }
}

async function startSupplyClock(ctx: TxCtx, row: RequestRow, grant: { id: string; number: string }, state: string): Promise<void> {
  await startClock(ctx, {
    rule: 'supply',
    object: { type: 'grant', id: grant.id, name: `${grant.number} ${row.entry_name}` },
    owner: { id: row.provider_org_id, kind: row.provider_kind },
  })
  if (state === 'active') await meetClock(ctx, { rule: 'supply', objectId: grant.id })
}
