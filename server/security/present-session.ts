import { type Role, roles, type Session } from '#contract/security.ts'
import type { Ctx } from '../store/index.ts'
import { toActor } from './admit.ts'
import type { SessionRow } from './session-store.ts'
import { sessionLimits } from './admit.ts'

/** The session as its owner sees it: whom he acts for now, and for whom he may act. */
export async function presentSession(ctx: Ctx, row: SessionRow): Promise<Session> {
  const memberships = await ctx.db
    .selectFrom('security.membership as m')
    .innerJoin('security.org as o', 'o.id', 'm.org_id')
    .select(['o.id', 'o.name', 'm.roles'])
    .where('m.person_id', '=', row.person_id)
    .where('o.active', '=', true)
    .orderBy('o.name')
    .execute()
  const idleEnd = new Date(row.last_seen_at.getTime() + sessionLimits.idleMinutes * 60_000)
  return {
    person: { id: row.person_id, loginName: row.login_name, displayName: row.display_name },
    org: { id: row.org_id, name: row.org_name, kind: row.org_kind as Session['org']['kind'] },
    roles: row.roles.filter((role) => role in roles),
    scopes: [...toActor(row).scopes],
    memberships: memberships.map((m) => ({ org: { id: m.id, name: m.name }, roles: (m.roles as Role[]).filter((role) => role in roles) })),
    mustChangePassword: row.must_change_password,
    csrfToken: row.csrf_token,
    expiresAt: (idleEnd < row.expires_at ? idleEnd : row.expires_at).toISOString(),
    profile: { id: ctx.profile.id, city: ctx.profile.name.zh },
  }
}
