import { orgOf } from '../../kernel/actor.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import type { Ctx } from '../../store/index.ts'
import { selectKeys } from './key-store.ts'
import { presentKey } from './present-key.ts'

/** Keys of the own organisation, revoked ones too: the audit names them. */
export async function listKeys(ctx: Ctx, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
  const rows = await selectKeys(ctx.db, orgOf(ctx.actor).id, { cursor: idCursor(cursor), limit: limit + 1 })
  return cutPage(
    rows,
    limit,
    (row) => row.id,
    (row) => presentKey(ctx.actor, row),
  )
}
