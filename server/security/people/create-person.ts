import type { Person } from '#contract/security.ts'
import { AppError, conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { selectOrg } from '../organisations/org-store.ts'
import { loginKey } from '../sessions/login-attempts.ts'
import { hashPassword, makeOneTimePassword } from '../sessions/password.ts'
import { presentPerson } from './person-store.ts'

/**
 * Adds a person to an organisation, without any role: those are given by the security administrator. The one-time password is
 * in this answer and nowhere else.
 * @throws conflict `security.login_taken`, also for a name that differs in case or width only (DJ-01); invalid `http.invalid_input`
 */
export async function createPerson(
  ctx: Ctx,
  input: { loginName: string; displayName: string; orgId: string },
): Promise<{ person: Person; oneTimePassword: string }> {
  const oneTimePassword = makeOneTimePassword()
  const password_hash = await hashPassword(oneTimePassword)
  const person = await inTx(ctx, async (ctx) => {
    const org = await selectOrg(ctx.db, input.orgId)
    const problems = [{ pointer: '/orgId', code: 'security.org_inactive' }]
    if (!org?.active) throw new AppError('invalid', 'http.invalid_input', { params: { count: 1 }, problems })
    const id = newId()
    const { numInsertedOrUpdatedRows } = await ctx.db
      .insertInto('security.person')
      .values({
        id,
        login_key: loginKey(input.loginName),
        login_name: input.loginName,
        display_name: input.displayName,
        password_hash,
        password_changed_at: ctx.now(),
      })
      .onConflict((taken) => taken.column('login_key').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n) throw conflict('security.login_taken', { loginName: input.loginName })
    await ctx.db.insertInto('security.membership').values({ person_id: id, org_id: org.id, roles: [] }).execute()
    emit(ctx, {
      action: 'security.person_created',
      object: { type: 'person', id, name: input.displayName },
      detail: { loginName: input.loginName, orgId: org.id, orgName: org.name },
    })
    return presentPerson(ctx, id)
  })
  return { person, oneTimePassword }
}
