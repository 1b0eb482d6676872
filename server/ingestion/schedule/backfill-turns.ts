import { selectCalendar } from '../../duty/index.ts'
import { conflict, invalid } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { nightOf, turnsBetween } from '../../kernel/turns.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { getOwnPlan } from '../plan/present-plan.ts'
import { selectSchedules, turnRule } from './schedule-store.ts'
import { insertTurns, type NewTurn } from './turn-store.ts'

/** After everything that is due. */
const rank = 3
const mostTurns = 400
const dayMs = 86_400_000

/**
 * Makes the turns of a span that were never made, from `from` to `to` inclusive; they run one after the other when nothing else
 * waits. A turn that was there, whatever became of it, is not run again.
 * @throws conflict `ingestion.not_scheduled`; invalid `ingestion.backfill_span`
 */
export async function backfillTurns(ctx: Ctx, planId: string, { from, to }: { from: string; to: string }): Promise<{ created: number }> {
  const plan = await getOwnPlan(ctx, planId)
  const schedule = (await selectSchedules(ctx.db, [planId])).get(planId)
  if (!schedule) throw conflict('ingestion.not_scheduled')
  const now = ctx.now()
  const first = new Date(Date.parse(`${from}T00:00:00+08:00`) - 1)
  const end = new Date(Math.min(Date.parse(`${to}T00:00:00+08:00`) + dayMs - 1, now.getTime()))
  if (first >= end) throw invalid('ingestion.backfill_span', { limit: mostTurns })
  const rows: NewTurn[] = []
  // What is left undone a day after it was asked for is given up.
  const until = new Date(now.getTime() + dayMs)
  for (const due of turnsBetween(turnRule(schedule), await selectCalendar(ctx.db), first, end)) {
    if (rows.length === mostTurns) throw invalid('ingestion.backfill_span', { limit: mostTurns })
    rows.push({
      id: newId(now.getTime()),
      plan_id: planId,
      org_id: plan.org_id,
      due_at: due,
      night: nightOf(due),
      origin: 'backfill',
      overtaken: 0,
      rank,
      begin_until: until,
      late_at: until,
    })
  }
  return inTx(ctx, async (ctx) => {
    const created = await insertTurns(ctx.db, rows)
    emit(ctx, {
      action: 'ingestion.turns_backfilled',
      object: { type: 'plan', id: planId, name: plan.entry_name },
      detail: { from, to, created },
    })
    return { created }
  })
}
