import { orgOf } from '../../kernel/actor.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { revokeKeyRow, selectKey } from './key-store.ts'
import { presentKey } from './present-key.ts'

/** Makes a key useless: the next call that it signs is refused. @throws conflict `sharing.key_revoked` */
export async function revokeKey(ctx: Ctx, { keyId }: { keyId: string }) {
  const row = await inTx(ctx, async (ctx) => {
    const before = await selectKey(ctx.db, orgOf(ctx.actor).id, keyId)
    if (!before) throw notFound('value.not_found')
    if (!(await revokeKeyRow(ctx.db, keyId))) throw conflict('sharing.key_revoked')
    emit(ctx, {
      action: 'sharing.key_revoked',
      object: { type: 'key', id: keyId, name: before.name },
      detail: { accessKey: before.access_key },
    })
    return { ...before, state: 'revoked' }
  })
  return presentKey(ctx.actor, row)
}
