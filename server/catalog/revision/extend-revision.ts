import { conflict, forbidden, notFound } from '../../kernel/errors.ts'
import { extendClock } from '../../duty/index.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { insertOpinion, selectRevision } from './revision-store.ts'

/**
 * The data authority consents to one extension of a change (Order 809 art. 17), which its department reads among the opinions.
 * The bureau knows of a change by its clock before it may see the version, so the answer tells no more than the date.
 * @throws value.not_found; forbidden `state.wrong_side` `catalog.self_review`; conflict `catalog.no_clock`, `duty.extension_…`
 */
export async function extendRevision(
  ctx: Ctx,
  { revisionId, days, reason }: { revisionId: string; days: number; reason: string },
): Promise<{ dueOn: string }> {
  const { org, name, id } = ctx.actor
  return inTx(ctx, async (ctx) => {
    const row = await selectRevision(ctx.db, org?.kind === 'bureau' ? 'everything' : visibleTo(ctx.actor), revisionId)
    if (!row) throw notFound('value.not_found')
    if (org?.kind !== 'bureau') throw forbidden('state.wrong_side', { side: '数据主管部门' })
    if (row.contributor_ids.includes(id)) throw forbidden('catalog.self_review')
    const clock = await extendClock(ctx, { rule: 'catalog_update', objectId: row.id }, { days, consentBy: `${org.name} ${name}` })
    if (!clock) throw conflict('catalog.no_clock')
    await insertOpinion(ctx, row, 'extend', reason)
    emit(ctx, {
      action: 'catalog.revision_extended',
      object: { type: 'revision', id: row.id, name: row.content.name },
      detail: { entryId: row.entry_id, number: row.number, days, dueOn: clock.dueOn, opinion: reason },
    })
    return { dueOn: clock.dueOn }
  })
}
