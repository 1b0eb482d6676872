import { EntryContent, type EntryState } from '#contract/catalog.ts'
import { type Db, sql } from '../../store/index.ts'
import type { CatalogScope } from '../access.ts'
import { entries } from '../entry/entry-store.ts'
import type { KnownEntry } from './plan-import.ts'

/** Every entry of an organisation with the content that an import would change. */
export async function selectKnownEntries(db: Db, orgId: string): Promise<KnownEntry[]> {
  const rows = await db
    .selectFrom('catalog.entry as e')
    .innerJoin('catalog.revision as r', (join) => join.on(sql<boolean>`r.id = coalesce(e.open_revision_id, e.published_revision_id)`))
    .select(['e.id', 'e.code', 'e.name', 'e.state', 'e.open_revision_id', 'r.state as revision_state', 'r.content'])
    .where('e.provider_org_id', '=', orgId)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    name: row.name,
    state: row.state as EntryState,
    content: EntryContent.strip().parse(row.content),
    open:
      row.open_revision_id === null ? null : row.revision_state === 'draft' || row.revision_state === 'returned' ? 'editable' : 'in_review',
  }))
}

/** Own systems by name and by code, organisations by name, and those of `codes` that exist. */
export async function selectReferences(db: Db, orgId: string, codes: readonly string[]) {
  const systems = await db.selectFrom('catalog.system').select(['id', 'code', 'name']).where('org_id', '=', orgId).execute()
  const orgs = await db.selectFrom('security.org').select(['id', 'name']).execute()
  const known = codes.length === 0 ? [] : await db.selectFrom('catalog.entry').select('code').where('code', 'in', codes).execute()
  return {
    systems: new Map(systems.flatMap(({ id, code, name }) => [[code, id] as const, [name, id] as const])),
    orgs: new Map(orgs.map(({ id, name }) => [name, id])),
    resourceCodes: new Set(known.map(({ code }) => code!)),
  }
}

export interface ExportFilter {
  orgId?: string | undefined
  state?: EntryState | undefined
}

/** What an export lists: of own entries the version in work, of others the published one. */
export function selectExported(db: Db, scope: Exclude<CatalogScope, 'everything'>, { orgId, state }: ExportFilter) {
  let query = entries(db, scope)
    .select(
      sql<string>`case when e.provider_org_id = ${scope.orgId} then coalesce(e.open_revision_id, e.published_revision_id)
        else coalesce(e.published_revision_id, e.open_revision_id) end`.as('revision_id'),
    )
    .where((eb) => eb.or([eb('e.published_revision_id', 'is not', null), eb('e.open_revision_id', 'is not', null)]))
    .orderBy('o.name')
    .orderBy('e.id')
  if (orgId) query = query.where('e.provider_org_id', '=', orgId)
  if (state) query = query.where('e.state', '=', state)
  return query.execute()
}

export async function selectContents(db: Db, revisionIds: readonly string[]): Promise<Map<string, EntryContent>> {
  const rows = await db.selectFrom('catalog.revision').select(['id', 'content']).where('id', 'in', revisionIds).execute()
  return new Map(rows.map(({ id, content }) => [id, EntryContent.strip().parse(content)]))
}

export async function selectNames(db: Db) {
  const systems = await db.selectFrom('catalog.system').select(['id', 'name']).execute()
  const orgs = await db.selectFrom('security.org').select(['id', 'name']).execute()
  return { systems: new Map(systems.map(({ id, name }) => [id, name])), orgs: new Map(orgs.map(({ id, name }) => [id, name])) }
}
