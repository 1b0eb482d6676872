import { hash } from 'node:crypto'
import type { Role } from '#contract/security.ts'
import type { Db, Tx } from '../../store/index.ts'

/** A session token is stored as its hash: a stolen table signs nobody in. */
export const tokenHash = (token: string): string => hash('sha256', token, 'hex')

export interface SessionRow {
  token_hash: string
  csrf_token: string
  expires_at: Date
  last_seen_at: Date
  person_id: string
  login_name: string
  display_name: string
  must_change_password: boolean
  password_changed_at: Date
  org_id: string
  org_name: string
  org_kind: string
  roles: Role[]
}

/** The session of a token with its person, organisation and present roles; none when any of them is inactive. */
export async function selectSession(db: Db | Tx, token: string): Promise<SessionRow | undefined> {
  const row = await db
    .selectFrom('security.session as s')
    .innerJoin('security.person as p', 'p.id', 's.person_id')
    .innerJoin('security.org as o', 'o.id', 's.org_id')
    .innerJoin('security.membership as m', (join) => join.onRef('m.person_id', '=', 's.person_id').onRef('m.org_id', '=', 's.org_id'))
    .select([
      's.token_hash',
      's.csrf_token',
      's.expires_at',
      's.last_seen_at',
      's.person_id',
      'p.login_name',
      'p.display_name',
      'p.must_change_password',
      'p.password_changed_at',
      's.org_id',
      'o.name as org_name',
      'o.kind as org_kind',
      'm.roles',
    ])
    .where('s.token_hash', '=', tokenHash(token))
    .where('p.active', '=', true)
    .where('o.active', '=', true)
    .executeTakeFirst()
  return row as SessionRow | undefined
}

/** Organisations for which a person may act, by name. */
export const selectMemberships = (db: Db | Tx, personId: string) =>
  db
    .selectFrom('security.membership as m')
    .innerJoin('security.org as o', 'o.id', 'm.org_id')
    .select(['o.id', 'o.name', 'o.kind', 'm.roles'])
    .where('m.person_id', '=', personId)
    .where('o.active', '=', true)
    .orderBy('o.name')
    .execute()

export const touchSession = (db: Db, hashOfToken: string, now: Date) =>
  db.updateTable('security.session').set({ last_seen_at: now }).where('token_hash', '=', hashOfToken).execute()

export const deleteSession = (db: Db | Tx, hashOfToken: string) =>
  db.deleteFrom('security.session').where('token_hash', '=', hashOfToken).execute()

/** Ends every session of a person, or of an organisation, at once. */
export const deleteSessionsOf = (tx: Tx, whose: { personId: string } | { orgId: string }) =>
  'personId' in whose
    ? tx.deleteFrom('security.session').where('person_id', '=', whose.personId).execute()
    : tx.deleteFrom('security.session').where('org_id', '=', whose.orgId).execute()
