import type { FileAnswer } from '#contract/route.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { getOwnPlan } from '../plan/present-plan.ts'
import { openQuarantine } from './read-quarantine.ts'

/** Every row of the quarantine as CSV, as the source wrote it. @throws conflict `ingestion.no_quarantine` */
export async function exportQuarantine(ctx: Ctx, planId: string, loadId?: string): Promise<FileAnswer> {
  const plan = await getOwnPlan(ctx, planId)
  const { grant } = await openQuarantine(ctx, plan, loadId)
  const body = await ctx.readBytes(grant, { limit: 100_000 }, 'CSVWithNames')
  await inTx(ctx, async (ctx) =>
    emit(ctx, {
      action: 'ingestion.quarantine_exported',
      object: { type: 'plan', id: planId, name: plan.entry_name },
      isData: true,
      decisionId: grant.decisionId,
      detail: { rows: plan.open_quarantine },
    }),
  )
  return { fileName: `${plan.entry_name}-隔离行.csv`, contentType: 'text/csv; charset=utf-8', body }
}
