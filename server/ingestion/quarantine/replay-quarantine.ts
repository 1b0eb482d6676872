import type { Load } from '#contract/ingestion.ts'
import { conflict } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { startLoad } from '../load/start-load.ts'
import { getOwnPlan } from '../plan/present-plan.ts'
import { selectActs } from './act-store.ts'

/** Queues a load of the live rows and the corrected ones. @throws conflict `ingestion.nothing_corrected` */
export async function replayQuarantine(ctx: Ctx, planId: string): Promise<Load> {
  const plan = await getOwnPlan(ctx, planId)
  const corrected = plan.quarantine_load_id ? await selectActs(ctx.db, plan.quarantine_load_id, { states: ['corrected'], limit: 1 }) : []
  if (corrected.length === 0) throw conflict('ingestion.nothing_corrected')
  return startLoad(ctx, planId, { isReplay: true })
}
