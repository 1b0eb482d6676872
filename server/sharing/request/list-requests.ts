import type { RequestState, SharingRequest } from '#contract/sharing.ts'
import { type Actor, orgOf } from '../../kernel/actor.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { presentRequest, presentRequests } from './present-request.ts'
import { type Desk, type Page, type RequestRow, selectRequests, selectRequestsToHandle } from './request-store.ts'
import { getRequestRow } from './step-request.ts'

interface Listing {
  items: SharingRequest[]
  next: string | null
}

export const getRequest = async (ctx: Ctx, { requestId }: { requestId: string }): Promise<SharingRequest> =>
  presentRequest(ctx, await getRequestRow(ctx, requestId))

/** What the caller wrote or submitted, for the organisation acted for. */
export const listMyRequests = (ctx: Ctx, { state, ...page }: Page & { state?: RequestState | undefined }): Promise<Listing> =>
  list(ctx, page, (read) =>
    selectRequests(ctx.db, visibleTo(ctx.actor), { state, contributorId: ctx.actor.id, orgId: orgOf(ctx.actor).id }, read),
  )

/** What the caller may do something about now. */
export const listRequestsToHandle = (ctx: Ctx, page: Page): Promise<Listing> =>
  list(ctx, page, (read) => selectRequestsToHandle(ctx.db, visibleTo(ctx.actor), deskOf(ctx.actor), read))

export const deskOf = (actor: Actor): Desk => ({
  personId: actor.id,
  orgId: orgOf(actor).id,
  completes: actor.scopes.has('sharing:apply'),
  reviews: actor.scopes.has('sharing:review'),
  decides: actor.scopes.has('sharing:decide'),
})

/** Every submitted request within the caller's sight: the register 台账. */
export const listRequests = (
  ctx: Ctx,
  {
    state,
    orgId,
    overdue,
    ...page
  }: Page & { state?: RequestState | undefined; orgId?: string | undefined; overdue?: boolean | undefined },
): Promise<Listing> =>
  list(ctx, page, (read) =>
    selectRequests(
      ctx.db,
      visibleTo(ctx.actor),
      { state, orgId, isSubmitted: true, overdue: overdue ? { today: toLocalDate(ctx.now()) } : undefined },
      read,
    ),
  )

async function list(ctx: Ctx, { cursor, limit }: Page, select: (read: Page) => Promise<RequestRow[]>): Promise<Listing> {
  const rows = await select({ cursor: idCursor(cursor), limit: limit + 1 })
  const presented = await presentRequests(ctx, rows.slice(0, limit))
  const { next } = cutPage(
    rows,
    limit,
    (row) => row.id,
    () => null,
  )
  return { items: presented, next }
}
