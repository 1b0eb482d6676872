import { type Drift, driftStates } from '#contract/ingestion/drift.ts'
import { conflict } from '../../kernel/errors.ts'
import { statesBefore, step } from '../../kernel/step.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { stepperOf } from '../load/present-load.ts'
import { updateDrift } from './drift-store.ts'
import { getDriftRow, presentDrift } from './present-drift.ts'

/** What a plan waited with is settled by the way: mapped anew by a person, or taken back at the source. Without an event. */
export const settleDrift = (ctx: TxCtx, planId: string, state: 'accepted' | 'gone') =>
  updateDrift(
    ctx.db,
    { planId, states: statesBefore(driftStates, state === 'accepted' ? 'accept' : 'disappear') },
    { state, decided_by: ctx.actor.name, decided_at: ctx.now() },
  )

/** The source is to be changed back: until then loads stop as before, and nobody is asked again. @throws conflict `state.refused` */
export async function refuseDrift(ctx: Ctx, id: string, reason: string): Promise<Drift> {
  const before = await getDriftRow(ctx, id)
  step(driftStates, before.state, 'refuse', stepperOf(ctx.actor, before.org_id))
  await inTx(ctx, async (ctx) => {
    const decision = { state: 'refused', decided_by: ctx.actor.name, decided_at: ctx.now(), reason } as const
    if (!(await updateDrift(ctx.db, { id, states: statesBefore(driftStates, 'refuse') }, decision))) throw conflict('value.stale')
    emit(ctx, {
      action: 'ingestion.drift_refused',
      object: { type: 'plan', id: before.plan_id, name: before.entry_name },
      detail: { driftId: id, entryId: before.entry_id, entryVersion: before.entry_version, reason },
    })
  })
  return presentDrift(ctx.actor, await getDriftRow(ctx, id))
}
