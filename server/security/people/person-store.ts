import type { Person } from '#contract/security.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Ctx, Db, Tx } from '../../store/index.ts'
import { toLike } from '../organisations/org-store.ts'
import { nameSubject } from '../sessions/login-attempts.ts'
import { knownRoles } from '../sessions/to-actor.ts'

const people = (db: Db | Tx) =>
  db
    .selectFrom('security.person as p')
    .select(['p.id', 'p.login_key', 'p.login_name', 'p.display_name', 'p.active', 'p.must_change_password'])

type PersonRow = Awaited<ReturnType<ReturnType<typeof people>['execute']>>[number]

/** By login name, after the folded name `cursor`. */
export function selectPeople(
  db: Db,
  filter: { orgId?: string | undefined; q?: string | undefined },
  page: { cursor?: string | undefined; limit: number },
): Promise<PersonRow[]> {
  let query = people(db).orderBy('p.login_key').limit(page.limit)
  if (page.cursor) query = query.where('p.login_key', '>', page.cursor)
  const { orgId } = filter
  if (orgId)
    query = query.where((eb) =>
      eb.exists(
        eb.selectFrom('security.membership as m').select('m.org_id').whereRef('m.person_id', '=', 'p.id').where('m.org_id', '=', orgId),
      ),
    )
  if (filter.q) {
    const pattern = toLike(filter.q)
    query = query.where((eb) => eb.or([eb('p.login_name', 'ilike', pattern), eb('p.display_name', 'ilike', pattern)]))
  }
  return query.execute()
}

/** Locked until the end of the transaction: what is decided from a person's roles must not change underneath. @throws not_found */
export async function lockPerson(tx: Tx, id: string) {
  const row = await tx.selectFrom('security.person').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound('value.not_found')
  return row
}

/** People as administrators see them: with every organisation, inactive ones too, and until when they are locked. */
export async function presentPeople(ctx: { db: Db | Tx; now: Ctx['now'] }, rows: readonly PersonRow[]): Promise<Person[]> {
  if (rows.length === 0) return []
  const memberships = await ctx.db
    .selectFrom('security.membership as m')
    .innerJoin('security.org as o', 'o.id', 'm.org_id')
    .select(['m.person_id', 'o.id', 'o.name', 'm.roles'])
    .where(
      'm.person_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('o.name')
    .execute()
  const locks = await ctx.db
    .selectFrom('security.login_attempt')
    .select(['subject', 'locked_until'])
    .where(
      'subject',
      'in',
      rows.map((row) => nameSubject(row.login_key)),
    )
    .where('locked_until', '>', ctx.now())
    .execute()
  const byPerson = Map.groupBy(memberships, (row) => row.person_id)
  const lockOf = new Map(locks.map((row) => [row.subject, row.locked_until]))
  return rows.map((row) => ({
    id: row.id,
    loginName: row.login_name,
    displayName: row.display_name,
    active: row.active,
    lockedUntil: lockOf.get(nameSubject(row.login_key))?.toISOString() ?? null,
    mustChangePassword: row.must_change_password,
    memberships: (byPerson.get(row.id) ?? []).map(({ id, name, roles }) => ({ org: { id, name }, roles: knownRoles(roles) })),
  }))
}

export async function presentPerson(ctx: { db: Db | Tx; now: Ctx['now'] }, id: string): Promise<Person> {
  const [person] = await presentPeople(ctx, await people(ctx.db).where('p.id', '=', id).execute())
  if (!person) throw notFound('value.not_found')
  return person
}

/** Every role that somebody holds anywhere. */
export const selectRolesElsewhere = async (tx: Tx, personId: string, orgId: string): Promise<string[]> => {
  const rows = await tx
    .selectFrom('security.membership')
    .select('roles')
    .where('person_id', '=', personId)
    .where('org_id', '!=', orgId)
    .execute()
  return rows.flatMap(({ roles }) => roles)
}

/** No roles: the person does not act for the organisation any more. */
export const putMembership = (tx: Tx, personId: string, orgId: string, roles: string[]) =>
  roles.length === 0
    ? tx.deleteFrom('security.membership').where('person_id', '=', personId).where('org_id', '=', orgId).execute()
    : tx
        .insertInto('security.membership')
        .values({ person_id: personId, org_id: orgId, roles })
        .onConflict((already) => already.columns(['person_id', 'org_id']).doUpdateSet({ roles }))
        .execute()
