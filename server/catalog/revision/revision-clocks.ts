import { cancelClock, meetClock, pauseClock, resumeClock, startClock } from '../../duty/index.ts'
import type { TxCtx } from '../../store/index.ts'
import type { RevisionRow } from './revision-store.ts'

/**
 * The two clocks of a change (Order 809 art. 17): the provider has `catalog_update` from the start of the change, which
 * stands still while the bureau has it; the bureau has `catalog_review` from receipt to publication or return. A first
 * compilation has no clock: art. 16 sets no number of days for its review.
 */

type Subject = Pick<RevisionRow, 'id' | 'number'>

export const changeStarted = (ctx: TxCtx, { id, name }: { id: string; name: string }, owner: { id: string; kind: string }) =>
  startClock(ctx, { rule: 'catalog_update', object: { type: 'revision', id, name }, owner })

export async function handedToBureau(ctx: TxCtx, { id, number }: Subject, name: string): Promise<void> {
  await pauseClock(ctx, { rule: 'catalog_update', objectId: id })
  const bureau = number > 1 && (await findBureau(ctx))
  if (bureau) await startClock(ctx, { rule: 'catalog_review', object: { type: 'revision', id, name }, owner: bureau })
}

export async function returnedByBureau(ctx: TxCtx, { id }: Subject): Promise<void> {
  await meetClock(ctx, { rule: 'catalog_review', objectId: id })
  await resumeClock(ctx, { rule: 'catalog_update', objectId: id })
}

export async function changePublished(ctx: TxCtx, { id }: Subject): Promise<void> {
  await meetClock(ctx, { rule: 'catalog_review', objectId: id })
  await meetClock(ctx, { rule: 'catalog_update', objectId: id })
}

export const changeDiscarded = (ctx: TxCtx, { id }: Subject) => cancelClock(ctx, { rule: 'catalog_update', objectId: id })

/** The data authority of this city; where several bureaus are registered, the one of the city's own region. */
const findBureau = (ctx: TxCtx) =>
  ctx.db
    .selectFrom('security.org')
    .select(['id', 'kind'])
    .where('kind', '=', 'bureau')
    .where('active', '=', true)
    .orderBy((eb) => eb('region_code', '=', ctx.profile.regionCode), 'desc')
    .orderBy('id')
    .executeTakeFirst()
