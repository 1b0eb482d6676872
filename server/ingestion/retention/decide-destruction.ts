import { type Destruction, destructionStates } from '#contract/ingestion/retention.ts'
import { conflict, forbidden } from '../../kernel/errors.ts'
import { statesBefore, step } from '../../kernel/step.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { stepperOf } from '../load/present-load.ts'
import { destroyDataJob } from './destroy-data-job.ts'
import { getDestruction, isProposer, presentDestruction } from './present-destruction.ts'
import { selectDestruction, updateDestruction } from './retention-store.ts'

const past = { approve: 'approved', refuse: 'refused', withdraw: 'withdrawn' } as const

/**
 * Approves, refuses or withdraws. What is approved is destroyed by a job right away and cannot be called back.
 * @throws forbidden `state.wrong_side` `ingestion.destruction_self`; conflict `state.refused`
 */
export async function decideDestruction(ctx: Ctx, id: string, event: keyof typeof past, opinion = ''): Promise<Destruction> {
  const before = await getDestruction(ctx, id)
  const state = step(destructionStates, before.state, event, stepperOf(ctx.actor, before.org_id))
  if (event !== 'withdraw' && isProposer(ctx.actor, before)) throw forbidden('ingestion.destruction_self')
  return inTx(ctx, async (ctx) => {
    const change = { state, decided_by: ctx.actor.name, decided_at: ctx.now(), opinion }
    if (!(await updateDestruction(ctx.db, id, statesBefore(destructionStates, event), change))) throw conflict('value.stale')
    if (event === 'approve') await ctx.enqueue(ctx, destroyDataJob, { destructionId: id })
    emit(ctx, {
      action: `ingestion.destruction_${past[event]}`,
      object: { type: 'destruction', id, name: before.entry_name },
      detail: { entryId: before.entry_id, opinion },
    })
    return presentDestruction(ctx.actor, (await selectDestruction(ctx.db, visibleTo(ctx.actor), id))!)
  })
}
