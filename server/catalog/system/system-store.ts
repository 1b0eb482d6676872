import type { ExpressionBuilder } from 'kysely'
import type { Db, Tables, Tx } from '../../store/index.ts'
import { inCatalog } from '../access.ts'

export type SystemRow = NonNullable<Awaited<ReturnType<typeof selectSystem>>>
type NewSystem = Tables['catalog.system']

/** Published entries are counted by their index. Drafts are not: they are nobody's business but their maker's. */
const systems = (db: Db | Tx) =>
  db
    .selectFrom('catalog.system as s')
    .innerJoin('security.org as o', 'o.id', 's.org_id')
    .selectAll('s')
    .select('o.name as org_name')
    .select((eb) =>
      eb
        .selectFrom('catalog.entry as e')
        .whereRef('e.system_id', '=', 's.id')
        .where('e.state', 'in', inCatalog)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .as('entry_count'),
    )
    .$narrowType<{ entry_count: number }>()

export const selectSystem = (db: Db | Tx, id: string) => systems(db).where('s.id', '=', id).executeTakeFirst()

type WithSystem = ExpressionBuilder<Tables & { s: Tables['catalog.system'] }, 's'>

const hasEntries = (eb: WithSystem) =>
  eb.exists(eb.selectFrom('catalog.entry as x').select('x.id').whereRef('x.system_id', '=', 's.id').where('x.state', 'in', inCatalog))

/** In use, nothing published, and no reason given: a gap in the ledger. */
const owesEntries = (eb: WithSystem) => eb.and([eb('s.state', '=', 'in_use'), eb('s.no_data_reason', '=', ''), eb.not(hasEntries(eb))])

/** By organisation: its systems, and those that owe entries. */
export const countSystems = (db: Db, orgId?: string) =>
  db
    .selectFrom('catalog.system as s')
    .$if(orgId !== undefined, (query) => query.where('s.org_id', '=', orgId!))
    .groupBy('s.org_id')
    .select('s.org_id')
    .select((eb) => [
      eb.fn.countAll<number>().as('systems'),
      eb.fn
        .countAll<number>()
        .filterWhere(owesEntries(eb as never))
        .as('without_entries'),
    ])
    .execute()

export interface SystemFilter {
  q?: string | undefined
  orgId?: string | undefined
  withoutEntries?: boolean | undefined
}

/** The inventory is open to everyone who may read the catalog. In the order of the codes, after `cursor`. */
export function selectSystems(db: Db, { q, orgId, withoutEntries }: SystemFilter, page: { cursor?: string | undefined; limit: number }) {
  let query = systems(db).orderBy('s.code').limit(page.limit)
  if (page.cursor) query = query.where('s.code', '>', page.cursor)
  if (orgId) query = query.where('s.org_id', '=', orgId)
  if (q) {
    const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) =>
      eb.or([eb('s.name', 'ilike', pattern), eb('s.short_name', 'ilike', pattern), eb('s.code', 'ilike', pattern)]),
    )
  }
  if (withoutEntries !== undefined) query = query.where((eb) => (withoutEntries ? owesEntries(eb as never) : hasEntries(eb as never)))
  return query.execute()
}

export const insertSystem = (tx: Tx, row: Omit<NewSystem, 'version'>) =>
  tx
    .insertInto('catalog.system')
    .values(row as never)
    .execute()

/** Compare-and-set by version. @returns whether the row was still the one that was edited */
export async function updateSystemRow(tx: Tx, id: string, version: number, row: Partial<NewSystem>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('catalog.system')
    .set({ ...(row as object), version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
