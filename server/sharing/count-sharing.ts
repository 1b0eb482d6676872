import type { Actor } from '../kernel/actor.ts'
import { type Db, sql } from '../store/index.ts'
import { grantIsVisible, requestIsVisible, visibleTo } from './access.ts'
import { deskOf } from './request/list-requests.ts'
import { countMyRequests, countRequestsToHandle } from './request/request-store.ts'

/** What the caller may see of sharing, as numbers. Each is what the list behind it holds. */
export interface SharingCounts {
  /** Submitted, whatever became of them. */
  requests: number
  approved: number
  refused: number
  receivedByProvider: Map<string, number>
  activeGrants: number
  /** Calls that were answered, under every grant that may be seen. */
  calls: number
}

export async function countSharing(db: Db, actor: Actor): Promise<SharingCounts> {
  const scope = visibleTo(actor)
  const requests = await db
    .selectFrom('sharing.request as r')
    .where((eb) => requestIsVisible(eb as never, scope))
    .where('r.submitted_at', 'is not', null)
    .groupBy('r.provider_org_id')
    .select('r.provider_org_id')
    .select((eb) => [
      eb.fn.countAll<number>().as('all'),
      eb.fn.count<number>('r.received_at').as('received'),
      eb.fn.countAll<number>().filterWhere('r.state', '=', 'approved').as('approved'),
      eb.fn.countAll<number>().filterWhere('r.state', '=', 'refused').as('refused'),
    ])
    .execute()
  const grants = await db
    .selectFrom('sharing.data_grant as g')
    .where((eb) => grantIsVisible(eb as never, scope))
    .select((eb) => [
      eb.fn.countAll<number>().filterWhere('g.state', '=', 'active').as('active'),
      sql<number>`coalesce(sum((select sum(m.calls) from sharing.meter m where m.grant_id = g.id)), 0)::bigint`.as('calls'),
    ])
    .executeTakeFirstOrThrow()
  const sum = (field: 'all' | 'approved' | 'refused') => requests.reduce((total, row) => total + Number(row[field]), 0)
  return {
    requests: sum('all'),
    approved: sum('approved'),
    refused: sum('refused'),
    receivedByProvider: new Map(requests.map((row) => [row.provider_org_id, Number(row.received)])),
    activeGrants: Number(grants.active),
    calls: Number(grants.calls),
  }
}

/** How long the caller's own lists are. */
export async function countSharingWork(db: Db, actor: Actor): Promise<{ toHandle: number; mine: number; grants: number }> {
  const desk = deskOf(actor)
  const { grants } = await db
    .selectFrom('sharing.data_grant')
    .where('consumer_org_id', '=', desk.orgId)
    .where('state', '=', 'active')
    .select((eb) => eb.fn.countAll<number>().as('grants'))
    .executeTakeFirstOrThrow()
  return { toHandle: await countRequestsToHandle(db, desk), mine: await countMyRequests(db, actor.id, desk.orgId), grants: Number(grants) }
}
