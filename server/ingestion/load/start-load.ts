import type { Load } from '#contract/ingestion.ts'
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
export async function startLoad(ctx: Ctx, planId: string, kind: 'full' | 'replay' = 'full'): Promise<Load> {
  const plan = await getOwnPlan(ctx, planId)
  const row = await inTx(ctx, async (ctx) => {
    const id = await queueLoad(ctx, plan, kind)
    return (await selectLoad(ctx.db, visibleTo(ctx.actor), id))!
  })
  return presentLoad(ctx.actor, row)
}

/** The load, its event and its job, in the caller's transaction. @throws conflict `ingestion.already_running` */
export async function queueLoad(
  ctx: TxCtx,
  plan: Pick<PlanRow, 'id' | 'entry_id' | 'entry_name' | 'org_id'>,
  kind: 'full' | 'replay' = 'full',
): Promise<string> {
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
    started_by: ctx.actor.name,
    queued_at: ctx.now(),
  })
  emit(ctx, {
    action: kind === 'full' ? 'ingestion.load_started' : 'ingestion.replay_started',
    object: { type: 'load', id, name: plan.entry_name },
    detail: { planId: plan.id, entryId: plan.entry_id },
  })
  await ctx.enqueue(ctx, runLoadJob, { loadId: id })
  return id
}
