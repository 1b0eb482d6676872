import { type Db, sql } from '../../store/index.ts'
import { inCatalog } from '../access.ts'
import { countSystems } from '../system/system-store.ts'

/** One ledger 一本账, as numbers. Each is what the list behind it holds. */
export interface CatalogCounts {
  systems: number
  /** In use, without a published entry and without a reason for that. */
  systemsWithoutEntries: number
  /** Published, announced withdrawals included. */
  entries: number
  entriesWithData: number
  pastCycle: number
  items: number
  /** Records in the lake, as the loads reported them. */
  rows: number
  bySharingType: { value: string; count: number }[]
  byProvider: { orgId: string; systems: number; entries: number; entriesWithData: number; rows: number }[]
}

/** Counts kept facts of all providers or of one; the lake is not asked. `today` is a local date. */
export async function countCatalog(db: Db, today: string, orgId?: string): Promise<CatalogCounts> {
  const groups = await db
    .selectFrom('catalog.entry')
    .where('state', 'in', inCatalog)
    .$if(orgId !== undefined, (query) => query.where('provider_org_id', '=', orgId!))
    .groupBy(['provider_org_id', 'sharing_type'])
    .select(['provider_org_id', 'sharing_type'])
    .select((eb) => [
      eb.fn.countAll<number>().as('entries'),
      eb.fn.count<number>('loaded_at').as('with_data'),
      eb.fn.countAll<number>().filterWhere('past_cycle_on', '<=', today).as('past_cycle'),
      eb.cast<number>(eb.fn.sum('item_count'), 'bigint').as('items'),
      sql<number>`coalesce(sum(rows), 0)::bigint`.as('rows'),
    ])
    .execute()
  const systems = await countSystems(db, orgId)
  const sum = (rows: typeof groups, field: 'entries' | 'with_data' | 'past_cycle' | 'items' | 'rows') =>
    rows.reduce((total, row) => total + Number(row[field]), 0)
  const byProvider = Map.groupBy(groups, (row) => row.provider_org_id)
  const systemsOf = new Map(systems.map((row) => [row.org_id, Number(row.systems)]))
  return {
    systems: systems.reduce((total, row) => total + Number(row.systems), 0),
    systemsWithoutEntries: systems.reduce((total, row) => total + Number(row.without_entries), 0),
    entries: sum(groups, 'entries'),
    entriesWithData: sum(groups, 'with_data'),
    pastCycle: sum(groups, 'past_cycle'),
    items: sum(groups, 'items'),
    rows: sum(groups, 'rows'),
    bySharingType: [...Map.groupBy(groups, (row) => row.sharing_type)].map(([value, rows]) => ({ value, count: sum(rows, 'entries') })),
    byProvider: [...new Set([...byProvider.keys(), ...systemsOf.keys()])].map((orgId) => {
      const rows = byProvider.get(orgId) ?? []
      return {
        orgId,
        systems: systemsOf.get(orgId) ?? 0,
        entries: sum(rows, 'entries'),
        entriesWithData: sum(rows, 'with_data'),
        rows: sum(rows, 'rows'),
      }
    }),
  }
}
