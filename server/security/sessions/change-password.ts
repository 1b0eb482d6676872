import type { Session } from '#contract/security.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { beginAttempt } from './login-attempts.ts'
import { hashPassword, isPassword } from './password.ts'
import { checkPassword, rememberedPasswords } from './password-rules.ts'
import { presentSession } from './present-session.ts'
import { deleteSessionsOf } from './session-store.ts'
import { startSession } from './start-session.ts'

/**
 * Sets a new password of one's own. Every session of the person ends; this one goes on under a new token.
 * @throws forbidden `security.wrong_old_password`; invalid `http.invalid_input` naming the rule; limited `security.locked`
 */
export async function changePassword(
  ctx: Ctx,
  input: { oldPassword: string; newPassword: string },
): Promise<{ token: string; session: Session }> {
  const person = await ctx.db.selectFrom('security.person').selectAll().where('id', '=', ctx.actor.id).executeTakeFirstOrThrow()
  // A guess at the old password is a guess like any other: a stolen session must not learn it.
  const attempt = await beginAttempt(ctx, person.login_key)
  if (!(await isPassword(input.oldPassword, person.password_hash))) throw new AppError('forbidden', 'security.wrong_old_password')
  const problems = checkPassword(input.newPassword, person.login_name)
  const remembered = [person.password_hash, ...person.password_history].slice(0, rememberedPasswords)
  // One after the other: each takes 64 MiB.
  for (const earlier of problems.length === 0 ? remembered : [])
    if (await isPassword(input.newPassword, earlier)) problems.push({ pointer: '/newPassword', code: 'security.password_used' })
  if (problems.length > 0) {
    await inTx(ctx, (ctx) => attempt.succeed(ctx.db))
    throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  }
  const password_hash = await hashPassword(input.newPassword)
  const { token } = await inTx(ctx, async (ctx) => {
    await attempt.succeed(ctx.db)
    const changed = { password_hash, password_history: remembered, password_changed_at: ctx.now(), must_change_password: false }
    const { numUpdatedRows } = await ctx.db
      .updateTable('security.person')
      .set(changed)
      .where('id', '=', person.id)
      .where('password_hash', '=', person.password_hash)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) throw new AppError('conflict', 'value.stale')
    await deleteSessionsOf(ctx.db, { personId: person.id })
    emit(ctx, { action: 'security.password_changed', object: { type: 'person', id: person.id, name: person.display_name } })
    return startSession(ctx, person.id, ctx.actor.org!.id)
  })
  return { token, session: await presentSession(ctx, token) }
}
