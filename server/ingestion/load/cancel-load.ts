import { type Load, loadStates } from '#contract/ingestion.ts'
import { conflict } from '../../kernel/errors.ts'
import { step } from '../../kernel/step.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { recordRunEvent } from '../lineage/record-run-event.ts'
import { cancelLoadRow, selectLoad } from './load-store.ts'
import { getLoad, presentLoad, stepperOf } from './present-load.ts'

/**
 * Cancels a load. The worker sees it within a second or two and stops the engine; whatever it still writes lies in tables that
 * nobody reads. @throws conflict `state.refused`
 */
export async function cancelLoad(ctx: Ctx, id: string): Promise<Load> {
  const before = await getLoad(ctx, id)
  step(loadStates, before.state, 'cancel', stepperOf(ctx.actor, before.org_id))
  const row = await inTx(ctx, async (ctx) => {
    if (!(await cancelLoadRow(ctx.db, id, ctx.now()))) throw conflict('value.stale')
    await recordRunEvent(ctx, before, { type: 'ABORT' })
    emit(ctx, {
      action: 'ingestion.load_cancelled',
      object: { type: 'load', id, name: before.entry_name },
      detail: { entryId: before.entry_id },
    })
    return (await selectLoad(ctx.db, visibleTo(ctx.actor), id))!
  })
  return presentLoad(ctx, row)
}
