import { type Stream, streamStates } from '#contract/stream/stream.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { step } from '../../kernel/step.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { noError } from '../kept-error.ts'
import type { Access } from '../load/load-full.ts'
import { wantedColumns } from '../load/plan-columns.ts'
import { settleDrift } from '../drift/settle-drift.ts'
import { updateStructure } from '../plan/plan-store.ts'
import { getOwnPlan } from '../plan/present-plan.ts'
import { stepperOf } from '../load/present-load.ts'
import { openLogOfPlan, refuseStopped } from './open-log.ts'
import { structureOfPlan } from './proof/check-structure.ts'
import { presentStream } from './present-stream.ts'
import { insertStream, long, selectStreamOfPlan, stepStream } from './stream-store.ts'

/**
 * Starts the stream of a plan, or starts it anew with another copy. The source is looked at first: what the department still has to
 * set up is said at once. @throws conflict `ingestion.not_a_stream` `ingestion.source_stopped` `ingestion.stream_…`
 */
export async function startStream(ctx: Ctx, access: Access, planId: string): Promise<Stream> {
  const plan = await getOwnPlan(ctx, planId)
  if (plan.mode.kind !== 'stream') throw conflict('ingestion.not_a_stream')
  const entry = (await findPublishedEntries(ctx.db, [plan.entry_id])).get(plan.entry_id)
  if (!entry) throw conflict('ingestion.entry_not_published')
  const before = await selectStreamOfPlan(ctx.db, planId)
  if (before) step(streamStates, before.state, 'copy_anew', stepperOf(ctx.actor, before.org_id))
  await refuseStopped(ctx, plan)
  const log = await openLogOfPlan(ctx, access, plan)
  try {
    await log.inspect(wantedColumns(plan.mapping, entry.content.items).wanted)
    // What the last copy made the source hold is of no use to the next one.
    if (before?.hold) await log.release(before.hold)
  } finally {
    await log.close()
  }
  // Whoever has it copied anew takes the table as it is now.
  const structure = await structureOfPlan(ctx, access, plan)
  const row = await inTx(ctx, async (ctx) => {
    const now = ctx.now()
    await updateStructure(ctx.db, plan, structure)
    await settleDrift(ctx, planId, 'accepted')
    const id = before?.id ?? newId(now.getTime())
    const common = { entry_id: plan.entry_id, started_by: ctx.actor.name, started_at: now }
    if (before) {
      const fresh = { copied_at: null, live_at: null, hold: null, origin: null, position: 0, applied: 0, position_text: null }
      const facts = {
        changes: 0,
        rate: 0,
        lag_rows: 0,
        lag_seconds: 0,
        retained_bytes: null,
        quarantined: 0,
        reasons: '[]',
        proof: null,
        proof_asked_at: null,
      }
      const change = { ...common, ...fresh, ...facts, ...noError, changed_at: now, touched_at: long }
      if (!(await stepStream(ctx.db, before, 'copy_anew', { ...change, copy: before.copy + 1, attempt: before.attempt + 1 })))
        throw conflict('value.stale')
    } else await insertStream(ctx.db, { ...common, id, plan_id: planId, org_id: plan.org_id })
    emit(ctx, {
      action: 'ingestion.stream_started',
      object: { type: 'stream', id, name: plan.entry_name },
      detail: { planId, entryId: plan.entry_id, copy: (before?.copy ?? 0) + 1 },
    })
    return (await selectStreamOfPlan(ctx.db, planId))!
  })
  return presentStream(ctx, row, access)
}
