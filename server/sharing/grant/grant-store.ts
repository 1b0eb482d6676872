import type { Item } from '#contract/catalog.ts'
import type { GrantState, MaskName, RowCondition } from '#contract/sharing.ts'
import { type Db, sql, type Tables, type Tx } from '../../store/index.ts'
import { grantIsVisible, type SharingScope } from '../access.ts'

/** A granted item as it was when it was decided on. */
export interface DecidedItem extends Pick<Item, 'code' | 'name' | 'dataType' | 'isKey' | 'sensitiveKind' | 'level'> {
  mask: MaskName
}

export type GrantRow = NonNullable<Awaited<ReturnType<typeof selectGrant>>>

const grants = (db: Db | Tx, scope: SharingScope) =>
  db
    .selectFrom('sharing.data_grant as g')
    .innerJoin('security.org as c', 'c.id', 'g.consumer_org_id')
    .innerJoin('security.org as p', 'p.id', 'g.provider_org_id')
    .selectAll('g')
    .select(['c.name as consumer_name', 'c.active as consumer_active', 'p.name as provider_name', 'p.kind as provider_kind'])
    .$narrowType<{ state: GrantState; items: DecidedItem[]; conditions: RowCondition[] }>()
    .where((eb) => grantIsVisible(eb as never, scope))

export const selectGrant = (db: Db | Tx, scope: SharingScope, id: string) => grants(db, scope).where('g.id', '=', id).executeTakeFirst()

export const selectGrantByNumber = (db: Db | Tx, number: string) =>
  grants(db, 'everything').where('g.number', '=', number).executeTakeFirst()

export interface GrantFilter {
  consumerOrgId?: string | undefined
  providerOrgId?: string | undefined
  state?: GrantState | undefined
  entryId?: string | undefined
}

/** Newest first, after `cursor`. */
export function selectGrants(db: Db, scope: SharingScope, filter: GrantFilter, page: { cursor?: string | undefined; limit: number }) {
  let query = grants(db, scope).orderBy('g.id', 'desc').limit(page.limit)
  if (page.cursor) query = query.where('g.id', '<', page.cursor)
  if (filter.consumerOrgId) query = query.where('g.consumer_org_id', '=', filter.consumerOrgId)
  if (filter.providerOrgId) query = query.where('g.provider_org_id', '=', filter.providerOrgId)
  if (filter.state) query = query.where('g.state', '=', filter.state)
  if (filter.entryId) query = query.where('g.entry_id', '=', filter.entryId)
  return query.execute()
}

/** States from which a grant can still come into effect. */
export const openStates = ['pending', 'active', 'suspended'] as const

/** Open grants, of one entry or of all, after `cursor` in the order of their ids. */
export function selectOpenGrants(db: Db | Tx, entryId: string | undefined, page: { cursor: string | undefined; limit: number }) {
  let query = grants(db, 'everything').where('g.state', 'in', openStates).orderBy('g.id').limit(page.limit)
  if (page.cursor) query = query.where('g.id', '>', page.cursor)
  if (entryId) query = query.where('g.entry_id', '=', entryId)
  return query.execute()
}

export const insertGrant = (tx: Tx, row: Omit<Tables['sharing.data_grant'], 'state_reason'>) =>
  tx
    .insertInto('sharing.data_grant')
    .values(row as never)
    .execute()

/** Compare-and-set by state. @returns whether the grant still was in it */
export async function updateGrantRow(
  tx: Tx,
  row: Pick<GrantRow, 'id' | 'state'>,
  change: { state?: string; state_reason?: string; items?: string; entry_version?: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sharing.data_grant')
    .set(change)
    .where('id', '=', row.id)
    .where('state', '=', row.state)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Organisations that may use the entry now. */
export async function countUsers(tx: Tx, entryId: string): Promise<number> {
  const { users } = await tx
    .selectFrom('sharing.data_grant')
    .where('entry_id', '=', entryId)
    .where('state', '=', 'active')
    .select((eb) => eb.fn.count<number>('consumer_org_id').distinct().as('users'))
    .executeTakeFirstOrThrow()
  return Number(users)
}

export interface GrantUse {
  callsToday: number
  callsTotal: number
  rowsTotal: number
}

/** By grant what was called under it, altogether and on a local day; none is there that was never called. */
export async function selectUseOf(db: Db, grantIds: readonly string[], day: string): Promise<Map<string, GrantUse>> {
  if (grantIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('sharing.meter')
    .where('grant_id', 'in', grantIds)
    .groupBy('grant_id')
    .select('grant_id')
    .select([
      sql<number>`coalesce(sum(calls) filter (where day = ${day}), 0)::bigint`.as('callsToday'),
      sql<number>`sum(calls)::bigint`.as('callsTotal'),
      sql<number>`sum(rows)::bigint`.as('rowsTotal'),
    ])
    .execute()
  return new Map(rows.map(({ grant_id, ...use }) => [grant_id, use]))
}

/** By entry: the items by which somebody may look something up now, granted without a mask. */
export async function selectCalledItems(db: Db, entryId: string | undefined): Promise<Map<string, Set<string>>> {
  const rows = await db
    .selectFrom('sharing.data_grant')
    .select(['entry_id', 'items'])
    .$narrowType<{ items: DecidedItem[] }>()
    .where('state', '=', 'active')
    .$if(entryId !== undefined, (query) => query.where('entry_id', '=', entryId!))
    .execute()
  const called = new Map<string, Set<string>>()
  for (const { entry_id, items } of rows) {
    const codes = items.filter(({ mask }) => mask === 'none').map(({ code }) => code)
    called.set(entry_id, new Set([...(called.get(entry_id) ?? []), ...codes]))
  }
  return called
}
