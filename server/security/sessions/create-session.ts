import type { Session } from '#contract/security.ts'
import { AppError, forbidden } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { beginAttempt, loginKey } from './login-attempts.ts'
import { hashPassword, isPassword } from './password.ts'
import { presentSession } from './present-session.ts'
import { selectMemberships } from './session-store.ts'
import { startSession } from './start-session.ts'
import { toActor } from './to-actor.ts'

/**
 * Signs a person in for one organisation. Unknown name and wrong password are the same answer after the same work.
 * @throws unauthenticated `security.wrong_credentials`; limited `security.locked`; forbidden `security.no_membership`
 */
export async function createSession(
  ctx: Ctx,
  input: { loginName: string; password: string; orgId?: string | undefined },
): Promise<{ token: string; session: Session }> {
  const key = loginKey(input.loginName)
  const attempt = await beginAttempt(ctx, key)
  const person = await ctx.db.selectFrom('security.person').selectAll().where('login_key', '=', key).executeTakeFirst()
  const isRight = await isPassword(input.password, person?.password_hash ?? (await decoyHash))
  const object = person && { type: 'person', id: person.id, name: person.display_name }
  if (!person || !isRight || !person.active)
    throw new AppError('unauthenticated', 'security.wrong_credentials', { ...(object && { object }) })
  const memberships = await selectMemberships(ctx.db, person.id)
  const chosen = input.orgId ? memberships.find(({ id }) => id === input.orgId) : memberships[0]
  if (!chosen) throw forbidden('security.no_membership')
  const actor = toActor({
    person_id: person.id,
    display_name: person.display_name,
    org_id: chosen.id,
    org_name: chosen.name,
    org_kind: chosen.kind,
    roles: chosen.roles,
  })
  const { token } = await inTx({ ...ctx, actor }, async (ctx) => {
    await attempt.succeed(ctx.db)
    emit(ctx, { action: 'security.session_created', object: object! })
    return startSession(ctx, person.id, chosen.id)
  })
  return { token, session: await presentSession(ctx, token) }
}

// Checked when the name is unknown, so that both answers take the same time.
const decoyHash = hashPassword('a password that nobody has')
