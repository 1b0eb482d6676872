import type { EntryContent, EntryState } from '#contract/catalog.ts'
import type { Db, Tables, Tx } from '../../store/index.ts'
import { type CatalogScope, entryIsVisible, inCatalog } from '../access.ts'

export type EntryRow = NonNullable<Awaited<ReturnType<typeof selectEntry>>>

/** Entries as lists show them, those that the scope lets through. */
export const entries = (db: Db | Tx, scope: CatalogScope) =>
  db
    .selectFrom('catalog.entry as e')
    .innerJoin('security.org as o', 'o.id', 'e.provider_org_id')
    .leftJoin('catalog.system as s', 's.id', 'e.system_id')
    .selectAll('e')
    .select(['o.name as provider_name', 'o.uscc as provider_uscc', 'o.kind as provider_kind', 's.name as system_name'])
    .where((eb) => entryIsVisible(eb as never, scope))

export const selectEntry = (db: Db | Tx, scope: CatalogScope, id: string) => entries(db, scope).where('e.id', '=', id).executeTakeFirst()

export interface EntryFilter {
  orgId?: string | undefined
  systemId?: string | undefined
  state?: EntryState | undefined
  inCatalog?: boolean | undefined
  hasData?: boolean | undefined
  /** The lists behind the ledger's problems; `today` is a local date. */
  problem?: { kind: 'without_data' } | { kind: 'past_cycle'; today: string } | undefined
}

/** Newest first (ids are ordered by time), after `cursor`. Discarded drafts of unpublished entries are left out. */
export function selectEntries(db: Db, scope: CatalogScope, filter: EntryFilter, page: { cursor?: string | undefined; limit: number }) {
  const { orgId, systemId, state, hasData, problem } = filter
  let query = entries(db, scope)
    .where((eb) => eb.or([eb('e.state', '!=', 'unpublished'), eb('e.open_revision_id', 'is not', null)]))
    .orderBy('e.id', 'desc')
    .limit(page.limit)
  if (page.cursor) query = query.where('e.id', '<', page.cursor)
  if (orgId) query = query.where('e.provider_org_id', '=', orgId)
  if (systemId) query = query.where('e.system_id', '=', systemId)
  if (state) query = query.where('e.state', '=', state)
  if (problem || filter.inCatalog) query = query.where('e.state', 'in', inCatalog)
  if (hasData !== undefined) query = query.where('e.loaded_at', hasData ? 'is not' : 'is', null)
  if (problem?.kind === 'without_data') query = query.where('e.loaded_at', 'is', null)
  if (problem?.kind === 'past_cycle') query = query.where('e.past_cycle_on', '<=', problem.today)
  return query.execute()
}

/** What lists repeat of a content. */
export const toProjection = (content: EntryContent) => ({
  name: content.name,
  abstract: content.abstract,
  system_id: content.systemId,
  category: content.category,
  sharing_type: content.sharingType,
  open_type: content.openType,
  update_cycle: content.updateCycle,
  level: content.level,
  item_count: content.items.length,
})

type EntryColumns = Tables['catalog.entry']
export const insertEntries = (
  tx: Tx,
  rows: (ReturnType<typeof toProjection> & Pick<EntryColumns, 'id' | 'provider_org_id' | 'open_revision_id'>)[],
) =>
  tx
    .insertInto('catalog.entry')
    .values(rows.map((row) => ({ ...row, state: 'unpublished' })))
    .execute()

type EntryChange = Partial<{ [K in keyof EntryColumns]: string | number | boolean | Date | null }>

/** Compare-and-set by state; every change is seen by the search. @returns whether the entry still was in that state */
export async function updateEntry(tx: Tx, id: string, state: string, change: EntryChange): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('catalog.entry')
    .set((eb) => ({ ...(change as object), row_version: eb('row_version', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Loads and publications of one entry wait for each other here: both set the day on which its data are past their cycle. */
export const lockEntry = (tx: Tx, id: string) =>
  tx.selectFrom('catalog.entry').select(['name', 'update_cycle']).where('id', '=', id).forUpdate().executeTakeFirst()

/** Facts that other rooms keep here. They compete with nobody: no state is compared. */
export const updateFacts = (tx: Tx, id: string, facts: Pick<EntryChange, 'rows' | 'loaded_at' | 'past_cycle_on' | 'user_count'>) =>
  tx
    .updateTable('catalog.entry')
    .set((eb) => ({ ...(facts as object), row_version: eb('row_version', '+', 1) }))
    .where('id', '=', id)
    .execute()

export const touchEntriesOfSystem = (tx: Tx, systemId: string) =>
  tx
    .updateTable('catalog.entry')
    .set((eb) => ({ row_version: eb('row_version', '+', 1) }))
    .where('system_id', '=', systemId)
    .execute()
