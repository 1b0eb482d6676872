import { type Ctx, emit, inTx } from '../../store/index.ts'
import { deleteSession, tokenHash } from './session-store.ts'

/** Signs out: the token is worthless from the commit on. */
export async function removeSession(ctx: Ctx, token: string): Promise<void> {
  await inTx(ctx, async (ctx) => {
    await deleteSession(ctx.db, tokenHash(token))
    emit(ctx, { action: 'security.session_removed', object: { type: 'person', id: ctx.actor.id, name: ctx.actor.name } })
  })
}
