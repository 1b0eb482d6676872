import type { Load, LoadMode } from '#contract/ingestion.ts'
import { conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { isFinished, visibleTo } from '../access.ts'
import type { PlanRow } from '../plan/plan-store.ts'
import { getOwnPlan } from '../plan/present-plan.ts'
import { insertLoad, selectLastLoads, selectLoad } from './load-store.ts'
import { presentLoad } from './present-load.ts'
import { runLoadJob } from './run-load-job.ts'

/** Queues a load of a plan. @throws conflict `ingestion.already_running` */
export async function startLoad(ctx: Ctx, planId: string, how: { isReplay?: boolean; afresh?: boolean } = {}): Promise<Load> {
  const plan = await getOwnPlan(ctx, planId)
  if (plan.mode.kind === 'stream') throw conflict('ingestion.plan_is_a_stream')
  const row = await inTx(ctx, async (ctx) => {
    const id = await queueLoad(ctx, plan, how)
    return (await selectLoad(ctx.db, visibleTo(ctx.actor), id))!
  })
  return presentLoad(ctx, row)
}

/** The load, its event and its job, in the caller's transaction. @throws conflict `ingestion.already_running` */
export async function queueLoad(
  ctx: TxCtx,
  plan: Pick<PlanRow, 'id' | 'entry_id' | 'entry_name' | 'org_id' | 'mode'>,
  how: { isReplay?: boolean; afresh?: boolean } = {},
): Promise<string> {
  const kind = how.isReplay ? 'replay' : kindOf(plan.mode)
  const id = newId(ctx.now().getTime())
  // The plan's row is locked, so that of two who press the button one is told.
  await ctx.db.selectFrom('ingestion.plan').select('id').where('id', '=', plan.id).forUpdate().execute()
  const last = (await selectLastLoads(ctx.db, [plan.id])).get(plan.id)
  if (last && !isFinished(last.state)) throw conflict('ingestion.already_running')
  await insertLoad(ctx.db, {
    id,
    plan_id: plan.id,
    entry_id: plan.entry_id,
    org_id: plan.org_id,
    kind,
    afresh: how.afresh ?? false,
    started_by: ctx.actor.name,
    queued_at: ctx.now(),
  })
  emit(ctx, {
    action: kind === 'replay' ? 'ingestion.replay_started' : 'ingestion.load_started',
    object: { type: 'load', id, name: plan.entry_name },
    detail: { planId: plan.id, entryId: plan.entry_id, kind },
  })
  await ctx.enqueue(ctx, runLoadJob, { loadId: id })
  return id
}

/** @throws conflict `ingestion.mode_unfit`: a stream is not started load by load */
function kindOf({ kind }: LoadMode): Load['kind'] {
  if (kind === 'stream') throw conflict('ingestion.mode_unfit', { source: '' })
  return kind
}
