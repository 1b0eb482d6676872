import type { Session } from '#contract/security.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { mustChangePassword } from './password-rules.ts'
import { selectMemberships, selectSession } from './session-store.ts'
import { sessionLimits } from './start-session.ts'
import { knownRoles, toActor } from './to-actor.ts'

/** The session as its owner sees it: whom he acts for now, and for whom he may act. */
export async function presentSession(ctx: Ctx, token: string): Promise<Session> {
  const row = await selectSession(ctx.db, token)
  if (!row) throw new AppError('unauthenticated', 'security.no_session')
  const idleEnd = new Date(row.last_seen_at.getTime() + sessionLimits.idleMinutes * 60_000)
  const actor = toActor(row)
  return {
    person: { id: row.person_id, loginName: row.login_name, displayName: row.display_name },
    org: { id: row.org_id, name: row.org_name, kind: row.org_kind as Session['org']['kind'] },
    roles: [...actor.roles],
    scopes: [...actor.scopes],
    memberships: (await selectMemberships(ctx.db, row.person_id)).map(({ id, name, roles: held }) => ({
      org: { id, name },
      roles: knownRoles(held),
    })),
    mustChangePassword: mustChangePassword(ctx, row),
    csrfToken: row.csrf_token,
    expiresAt: (idleEnd < row.expires_at ? idleEnd : row.expires_at).toISOString(),
    profile: { id: ctx.profile.id, city: ctx.profile.name.zh },
  }
}
