import type { Session } from '#contract/security.ts'
import { forbidden } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { presentSession } from './present-session.ts'
import { deleteSession, selectMemberships, tokenHash } from './session-store.ts'
import { startSession } from './start-session.ts'

/**
 * Acts for another of one's organisations from now on. The right to act changes, so the token does too (V17).
 * @throws forbidden `security.no_membership`
 */
export async function switchOrganisation(ctx: Ctx, oldToken: string, orgId: string): Promise<{ token: string; session: Session }> {
  const { token } = await inTx(ctx, async (ctx) => {
    const chosen = (await selectMemberships(ctx.db, ctx.actor.id)).find(({ id }) => id === orgId)
    if (!chosen) throw forbidden('security.no_membership')
    await deleteSession(ctx.db, tokenHash(oldToken))
    emit(ctx, { action: 'security.organisation_switched', object: { type: 'org', id: chosen.id, name: chosen.name } })
    return startSession(ctx, ctx.actor.id, orgId)
  })
  return { token, session: await presentSession(ctx, token) }
}
