import { findPublishedEntries } from '../../catalog/index.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { isFinished } from '../access.ts'
import { selectLoad } from '../load/load-store.ts'
import { selectPlan } from '../plan/plan-store.ts'
import { selectSource } from '../source/source-store.ts'
import { insertDelivery, selectDeliveryOf } from './delivery-store.ts'

const rowsPerSlice = 500_000

/**
 * Where a load's source stands behind an agent, orders the data there, once.
 * @returns whether the load has to wait for them: it is run again when they have arrived
 */
export async function orderDelivery(ctx: Ctx, loadId: string): Promise<boolean> {
  const load = await selectLoad(ctx.db, 'everything', loadId)
  if (!load || isFinished(load.state) || load.kind === 'replay') return false
  const plan = await selectPlan(ctx.db, 'everything', load.plan_id)
  const source = plan && (await selectSource(ctx.db, 'everything', plan.source_id))
  if (source?.settings.kind !== 'agent' || source.stopped_at) return false
  const { agentId, connection } = source.settings
  const known = await selectDeliveryOf(ctx.db, loadId)
  if (known) return known.state === 'ordered' || known.state === 'sending'
  const entry = (await findPublishedEntries(ctx.db, [load.entry_id])).get(load.entry_id)
  if (!plan || !entry) return false
  const content = {
    connection,
    object: plan.object,
    mapping: plan.mapping,
    items: entry.content.items,
    withDigest: plan.verify === 'content',
    rowsPerSlice,
  }
  await inTx(ctx, async (ctx) => {
    const id = newId(ctx.now().getTime())
    if (!(await insertDelivery(ctx.db, { id, agent_id: agentId, load_id: loadId, content, ordered_at: ctx.now() }))) return
    emit(ctx, { action: 'ingestion.delivery_ordered', object: { type: 'delivery', id, name: plan.object }, detail: { loadId, agentId } })
  })
  return true
}
