import type { Stream } from '#contract/stream/stream.ts'
import { conflict } from '../../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../../store/index.ts'
import type { Access } from '../../load/load-full.ts'
import { refuseForeign } from '../../source/present-source.ts'
import { refuseStopped } from '../open-log.ts'
import { getStream, presentStream } from '../present-stream.ts'
import { selectStream } from '../stream-store.ts'

/** Has a stream's contents proved as soon as its worker sees it. @throws conflict `state.refused` while it does not follow its source */
export async function askProof(ctx: Ctx, access: Access, id: string): Promise<Stream> {
  const before = await getStream(ctx, id)
  refuseForeign(ctx.actor, before.org_id)
  await refuseStopped(ctx, before)
  const row = await inTx(ctx, async (ctx) => {
    const { numUpdatedRows } = await ctx.db
      .updateTable('ingestion.stream')
      .set({ proof_asked_at: ctx.now() })
      .where('id', '=', id)
      .where('state', 'in', ['streaming', 'lagging'])
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) throw conflict('state.refused')
    emit(ctx, {
      action: 'ingestion.stream_proof_asked',
      object: { type: 'stream', id, name: before.entry_name },
      detail: { entryId: before.entry_id, planId: before.plan_id },
    })
    return (await selectStream(ctx.db, 'everything', id))!
  })
  return presentStream(ctx, row, access)
}
