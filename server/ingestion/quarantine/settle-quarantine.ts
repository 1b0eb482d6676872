import type { TxCtx } from '../../store/index.ts'
import type { Outcome } from '../load/load-object.ts'
import type { LoadRow } from '../load/load-store.ts'
import { changeOpenQuarantine, type PlanRow, updateQuarantine } from '../plan/plan-store.ts'
import { type ActRow, moveActs, upsertActs } from './act-store.ts'

/** What a replay did to corrected rows: those that are loaded now, and those that are wrong still. */
export interface Replayed {
  loadId: string
  rows: number[]
  refused: { row: number; reason: string }[]
}

/** In the transaction of a load that succeeded: a full load has a quarantine of its own, a replay works on the one before. */
export async function settleQuarantine(
  ctx: TxCtx,
  load: LoadRow,
  plan: PlanRow,
  outcome: Outcome & { replayed?: Replayed },
): Promise<void> {
  const { replayed, next } = outcome
  const quarantined = next?.quarantine.rows ?? outcome.quarantined
  if (!replayed) {
    const from = next?.quarantine.from
    const done = from ? await moveActs(ctx.db, from.loadId, load.id, from.done) : 0
    const open = Math.max(0, quarantined - done)
    const change = { open_quarantine: open, quarantine_load_id: quarantined > 0 ? load.id : null }
    await updateQuarantine(ctx.db, plan.id, change, ctx.now())
    return
  }
  const common = { load_id: replayed.loadId, corrected: null, acted_by: load.started_by, acted_at: ctx.now() }
  await upsertActs(ctx.db, [
    ...replayed.rows.map((row_number): ActRow => ({ ...common, row_number, state: 'replayed', reason: null })),
    ...replayed.refused.map(({ row, reason }): ActRow => ({ ...common, row_number: row, state: 'open', reason })),
  ])
  await changeOpenQuarantine(ctx.db, plan.id, -replayed.rows.length)
}
