import { AppError, conflict } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { changeOpenQuarantine } from '../plan/plan-store.ts'
import { getOwnPlan } from '../plan/present-plan.ts'
import { type ActRow, selectActs, upsertActs } from './act-store.ts'
import { openQuarantine, type QuarantinedRow, readRow, refuseFollowed, rowNumberOf, withAct } from './read-quarantine.ts'

/** Keeps corrected texts for a row; the next replay loads them. @throws invalid `http.invalid_input`; conflict `ingestion.row_done` */
export async function correctRow(ctx: Ctx, planId: string, rowId: string, values: Record<string, string | null>): Promise<QuarantinedRow> {
  const plan = await getOwnPlan(ctx, planId)
  refuseFollowed(plan)
  const quarantine = await openQuarantine(ctx, plan)
  const number = rowNumberOf(rowId, quarantine.loadId)
  const row = await readRow(ctx, quarantine, number)
  const problems = Object.keys(values)
    .filter((item) => !quarantine.items.includes(item))
    .map((item) => ({ pointer: `/values/${item}`, code: 'ingestion.item_unknown', params: { item } }))
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  const [before] = await selectActs(ctx.db, quarantine.loadId, { rows: [number] })
  const corrected = { ...row.values, ...before?.corrected, ...values }
  const act: ActRow = {
    load_id: quarantine.loadId,
    row_number: number,
    state: 'corrected',
    corrected,
    reason: null,
    acted_by: ctx.actor.name,
    acted_at: ctx.now(),
  }
  await inTx(ctx, async (ctx) => {
    if ((await upsertActs(ctx.db, [act])) === 0) throw conflict('ingestion.row_done')
    emit(ctx, {
      action: 'ingestion.row_corrected',
      object: { type: 'plan', id: planId, name: plan.entry_name },
      isData: true,
      detail: { loadId: quarantine.loadId, row: number, items: Object.keys(values) },
    })
  })
  return withAct(row, act, ctx.language)
}

/** Gives rows up, for a reason that stays with them. @returns how many were still waiting */
export async function discardRows(
  ctx: Ctx,
  planId: string,
  { rowIds, reason }: { rowIds: string[]; reason: string },
): Promise<{ discarded: number }> {
  const plan = await getOwnPlan(ctx, planId)
  refuseFollowed(plan)
  const quarantine = await openQuarantine(ctx, plan)
  const numbers = [...new Set(rowIds)].map((rowId) => rowNumberOf(rowId, quarantine.loadId))
  // Each must be there: an act on a row that is not would be counted.
  for (const number of numbers) await readRow(ctx, quarantine, number)
  const common = { load_id: quarantine.loadId, corrected: null, reason, acted_by: ctx.actor.name, acted_at: ctx.now() }
  return inTx(ctx, async (ctx) => {
    const discarded = await upsertActs(
      ctx.db,
      numbers.map((row_number): ActRow => ({ ...common, row_number, state: 'discarded' })),
    )
    await changeOpenQuarantine(ctx.db, planId, -discarded)
    emit(ctx, {
      action: 'ingestion.rows_discarded',
      object: { type: 'plan', id: planId, name: plan.entry_name },
      detail: { discarded, reason },
    })
    return { discarded }
  })
}
