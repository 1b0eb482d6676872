import { type Db, sql } from '../../store/index.ts'
import type { CatalogScope } from '../access.ts'
import { entries } from '../entry/entry-store.ts'

export type SearchRow = Awaited<ReturnType<typeof selectSearchRows>>[number]

/** The revision that a search reads: the published one, or the draft of an entry that was never published. */
const shownRevision = sql<string>`coalesce(e.published_revision_id, e.open_revision_id)`

/** Entries with the names and codes of their items, cut out in the database: the rest of a content is not moved. */
export const selectSearchRows = (db: Db, scope: CatalogScope, ids: readonly string[]) =>
  entries(db, scope)
    .innerJoin('catalog.revision as r', (join) => join.on(sql<boolean>`r.id = ${shownRevision}`))
    .select([
      sql<string[]>`jsonb_path_query_array(r.content, '$.items[*].name')`.as('item_names'),
      sql<string[]>`jsonb_path_query_array(r.content, '$.items[*].code')`.as('item_codes'),
    ])
    .where('e.id', 'in', ids)
    .execute()

/** What ought to be indexed, by id and row version. */
export const selectSearchVersions = (db: Db) =>
  db
    .selectFrom('catalog.entry as e')
    .select(['e.id', 'e.row_version'])
    .where((eb) => eb.or([eb('e.published_revision_id', 'is not', null), eb('e.open_revision_id', 'is not', null)]))
    .execute()

export const selectEntryIdsOfOrg = (db: Db, orgId: string) =>
  db.selectFrom('catalog.entry').select('id').where('provider_org_id', '=', orgId).execute()
