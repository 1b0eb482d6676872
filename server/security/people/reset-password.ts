import { conflict } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { forgetAttempts } from '../sessions/login-attempts.ts'
import { hashPassword, makeOneTimePassword } from '../sessions/password.ts'
import { rememberedPasswords } from '../sessions/password-rules.ts'
import { deleteSessionsOf } from '../sessions/session-store.ts'
import { lockPerson } from './person-store.ts'

/**
 * Gives a person a one-time password, unlocks the account and ends its sessions. One's own password is changed, not reset.
 * @throws not_found; conflict `security.own_account`
 */
export async function resetPassword(ctx: Ctx, personId: string): Promise<{ oneTimePassword: string }> {
  if (personId === ctx.actor.id) throw conflict('security.own_account')
  const oneTimePassword = makeOneTimePassword()
  const password_hash = await hashPassword(oneTimePassword)
  await inTx(ctx, async (ctx) => {
    const person = await lockPerson(ctx.db, personId)
    const password_history = [person.password_hash, ...person.password_history].slice(0, rememberedPasswords)
    await ctx.db
      .updateTable('security.person')
      .set({ password_hash, password_history, password_changed_at: ctx.now(), must_change_password: true })
      .where('id', '=', personId)
      .execute()
    await forgetAttempts(ctx.db, person.login_key)
    await deleteSessionsOf(ctx.db, { personId })
    emit(ctx, { action: 'security.password_reset', object: { type: 'person', id: personId, name: person.display_name } })
  })
  return { oneTimePassword }
}
