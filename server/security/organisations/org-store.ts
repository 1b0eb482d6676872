import type { Org, OrgChange } from '#contract/security.ts'
import type { Db, Tables, Tx } from '../../store/index.ts'

export type OrgRow = Tables['security.org'] & { active: boolean }

export const presentOrg = (row: Omit<OrgRow, 'active'> & { active: boolean }): Org => ({
  id: row.id,
  name: row.name,
  shortName: row.short_name,
  kind: row.kind as Org['kind'],
  uscc: row.uscc,
  regionCode: row.region_code,
  parentId: row.parent_id,
  active: row.active,
})

/** The columns that an input names; what it leaves out stays as it is. */
export const toOrgColumns = (input: OrgChange) => {
  const columns = {
    name: input.name,
    short_name: input.shortName,
    kind: input.kind,
    uscc: input.uscc,
    region_code: input.regionCode,
    parent_id: input.parentId,
    active: input.active,
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Partial<Omit<OrgRow, 'id'>>
}

export const selectOrg = (db: Db | Tx, id: string) => db.selectFrom('security.org').selectAll().where('id', '=', id).executeTakeFirst()

/** By name, after the name `cursor`. Who does not keep the list sees the active ones. */
export function selectOrgs(
  db: Db,
  filter: { kind?: string | undefined; q?: string | undefined; onlyActive: boolean },
  page: { cursor?: string | undefined; limit: number },
) {
  let query = db.selectFrom('security.org').selectAll().orderBy('name').limit(page.limit)
  if (page.cursor) query = query.where('name', '>', page.cursor)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.onlyActive) query = query.where('active', '=', true)
  if (filter.q) {
    const pattern = toLike(filter.q)
    query = query.where((eb) => eb.or([eb('name', 'ilike', pattern), eb('short_name', 'ilike', pattern), eb('uscc', 'ilike', pattern)]))
  }
  return query.execute()
}

/** Anywhere in the text; `%`, `_` and `\` stand for themselves. */
export const toLike = (q: string) => `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`
