import type { Grant, GrantState } from '#contract/sharing.ts'
import { orgOf } from '../../kernel/actor.ts'
import { notFound } from '../../kernel/errors.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import type { Ctx, TxCtx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { type GrantRow, selectGrant, selectGrants } from './grant-store.ts'
import { presentGrant, presentGrants } from './present-grant.ts'

/** @throws value.not_found for what does not exist and for what the caller may not know of */
export async function getGrantRow(ctx: Pick<TxCtx, 'actor'> & { db: Ctx['db'] | TxCtx['db'] }, id: string): Promise<GrantRow> {
  const row = await selectGrant(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}

export const getGrant = async (ctx: Ctx, { grantId }: { grantId: string }): Promise<Grant> =>
  presentGrant(ctx, await getGrantRow(ctx, grantId))

export interface GrantListing {
  side: 'consumer' | 'provider' | 'all'
  state?: GrantState | undefined
  entryId?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** Grants that the own organisation holds, gave, or may see. */
export async function listGrants(
  ctx: Ctx,
  { side, cursor, limit, ...filter }: GrantListing,
): Promise<{ items: Grant[]; next: string | null }> {
  const own = orgOf(ctx.actor).id
  const bySide = side === 'consumer' ? { consumerOrgId: own } : side === 'provider' ? { providerOrgId: own } : {}
  const page = { cursor: idCursor(cursor), limit: limit + 1 }
  const rows = await selectGrants(ctx.db, visibleTo(ctx.actor), { ...filter, ...bySide }, page)
  const { next } = cutPage(
    rows,
    limit,
    (row) => row.id,
    () => null,
  )
  return { items: await presentGrants(ctx, rows.slice(0, limit)), next }
}
