import { findPublishedEntries } from '../../catalog/index.ts'
import { newId } from '../../kernel/ids.ts'
import type { TxCtx } from '../../store/index.ts'
import { type LoadRow, selectLoad } from '../load/load-store.ts'
import { selectPlan } from '../plan/plan-store.ts'
import { selectSource } from '../source/source-store.ts'
import { buildRunEvent, type RunState } from './build-run-event.ts'
import { insertRunEvent } from './run-event-store.ts'

/**
 * Keeps an OpenLineage run event of a load, in the transaction in which the load starts or ends. Each run has one START and one
 * end: a load that is cancelled before it ran starts and aborts at once, and one that is tried again goes on with its START.
 */
export async function recordRunEvent(ctx: TxCtx, load: Pick<LoadRow, 'id'>, state: RunState): Promise<void> {
  const row = await selectLoad(ctx.db, 'everything', load.id)
  const plan = row && (await selectPlan(ctx.db, 'everything', row.plan_id))
  const source = plan && (await selectSource(ctx.db, 'everything', plan.source_id))
  if (!source) return
  const entry = (await findPublishedEntries(ctx.db, [row.entry_id])).get(row.entry_id) ?? null
  const common = { run_id: row.id, plan_id: row.plan_id, entry_id: row.entry_id, org_id: row.org_id }
  const at = ctx.now()
  const states: RunState[] = state.type === 'START' ? [state] : [{ type: 'START' }, state]
  for (const [i, one] of states.entries()) {
    const body = buildRunEvent({ ...one, at, load: row, plan, source, entry })
    // Ids are the order of the list: a start that is written with its end comes before it.
    await insertRunEvent(ctx.db, { id: newId(at.getTime() + i), ...common, event_type: one.type, event_time: at, body })
  }
}
