import type { Decision, RequestContent, RequestState, SharingRequest } from '#contract/sharing.ts'
import type { Db, Tables, Tx } from '../../store/index.ts'
import { requestIsVisible, type SharingScope } from '../access.ts'

export type Opinion = SharingRequest['opinions'][number]
export type RequestRow = NonNullable<Awaited<ReturnType<typeof selectRequest>>>

const requests = (db: Db | Tx, scope: SharingScope) =>
  db
    .selectFrom('sharing.request as r')
    .innerJoin('security.org as c', 'c.id', 'r.consumer_org_id')
    .innerJoin('security.org as p', 'p.id', 'r.provider_org_id')
    .leftJoin('sharing.data_grant as g', 'g.id', 'r.grant_id')
    .selectAll('r')
    .select(['c.name as consumer_name', 'p.name as provider_name', 'p.kind as provider_kind', 'g.state as grant_state'])
    .$narrowType<{
      state: RequestState
      content: RequestContent
      decision: Decision | null
      opinions: Opinion[]
      sharing_type: SharingRequest['entry']['sharingType']
    }>()
    .where((eb) => requestIsVisible(eb as never, scope))

export const selectRequest = (db: Db | Tx, scope: SharingScope, id: string) => requests(db, scope).where('r.id', '=', id).executeTakeFirst()

export interface Page {
  cursor?: string | undefined
  limit: number
}

export interface RequestFilter {
  state?: RequestState | undefined
  /** Asked by or of this organisation. */
  orgId?: string | undefined
  /** A person who wrote or submitted it. */
  contributorId?: string | undefined
  /** Drafts are no applications yet. */
  isSubmitted?: boolean | undefined
  /** With a reply clock past its day; `today` is a local date. */
  overdue?: { today: string } | undefined
}

/** Newest first, after `cursor`. */
export function selectRequests(db: Db, scope: SharingScope, filter: RequestFilter, page: Page): Promise<RequestRow[]> {
  let query = requests(db, scope).orderBy('r.id', 'desc').limit(page.limit)
  if (page.cursor) query = query.where('r.id', '<', page.cursor)
  const { state, orgId, contributorId, isSubmitted, overdue } = filter
  if (isSubmitted) query = query.where('r.submitted_at', 'is not', null)
  if (state) query = query.where('r.state', '=', state)
  if (orgId) query = query.where((eb) => eb.or([eb('r.consumer_org_id', '=', orgId), eb('r.provider_org_id', '=', orgId)]))
  if (contributorId) query = query.where((eb) => eb(eb.val(contributorId), '=', eb.fn.any('r.contributor_ids')))
  if (overdue)
    query = query.where('r.id', 'in', (eb) =>
      eb.selectFrom('duty.clock').select('object_id').where('due_on', '<', overdue.today).where('state', '=', 'running'),
    )
  return query.execute()
}

/** What somebody may do something about now. */
export interface Desk {
  personId: string
  orgId: string
  completes: boolean
  reviews: boolean
  decides: boolean
}

/** What waits for exactly this person, oldest first: what he may not pass or approve because of an earlier hand in it is left out. */
export const selectRequestsToHandle = (db: Db, scope: SharingScope, desk: Desk, page: Page): Promise<RequestRow[]> => {
  const query = toHandle(requests(db, scope) as never, desk) as ReturnType<typeof requests>
  return (page.cursor ? query.where('r.id', '>', page.cursor) : query).orderBy('r.id').limit(page.limit).execute()
}

/** Their number, for "my work". */
export async function countRequestsToHandle(db: Db, desk: Desk): Promise<number> {
  const counted = toHandle(db.selectFrom('sharing.request as r'), desk)
  const { count } = await counted.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

export async function countMyRequests(db: Db, contributorId: string, orgId: string): Promise<number> {
  const { count } = await db
    .selectFrom('sharing.request as r')
    .where('r.consumer_org_id', '=', orgId)
    .where((eb) => eb(eb.val(contributorId), '=', eb.fn.any('r.contributor_ids')))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

type Requests = ReturnType<typeof onlyRequests>
const onlyRequests = (db: Db) => db.selectFrom('sharing.request as r')

function toHandle(query: Requests, { personId, orgId, completes, reviews, decides }: Desk): Requests {
  return query.where((eb) => {
    const hadNoHand = eb.not(eb(eb.val(personId), '=', eb.fn.any('r.contributor_ids')))
    return eb.or([
      eb.and([eb.val(completes), eb('r.state', '=', 'returned'), eb('r.consumer_org_id', '=', orgId)]),
      eb.and([eb.val(reviews), eb('r.state', '=', 'consumer_review'), eb('r.consumer_org_id', '=', orgId), hadNoHand]),
      eb.and([
        eb.val(decides),
        eb('r.state', '=', 'provider_review'),
        eb('r.provider_org_id', '=', orgId),
        hadNoHand,
        eb.or([eb('r.reviewer_id', 'is', null), eb('r.reviewer_id', '!=', personId)]),
      ]),
    ])
  })
}

type RequestColumns = Tables['sharing.request']
export const insertRequest = (tx: Tx, row: Omit<RequestColumns, 'edit' | 'opinions' | 'grant_id' | 'decision' | 'reviewer_id'>) =>
  tx
    .insertInto('sharing.request')
    .values(row as never)
    .execute()

export type RequestChange = Partial<{ [K in keyof RequestColumns]: string | string[] | Date | null }>

/** Compare-and-set by edit and state. @returns whether the request still was what was read */
export async function updateRequestRow(tx: Tx, row: Pick<RequestRow, 'id' | 'edit' | 'state'>, change: RequestChange): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sharing.request')
    .set({ ...(change as object), edit: row.edit + 1 })
    .where('id', '=', row.id)
    .where('edit', '=', row.edit)
    .where('state', '=', row.state)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
