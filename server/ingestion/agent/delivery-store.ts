import { type DeliveryManifest, type DeliveryOrder, type DeliveryState, deliveryStates } from '#contract/ingestion/agents.ts'
import { statesBefore } from '../../kernel/step.ts'
import type { Db, Tx } from '../../store/index.ts'

export type OrderContent = Omit<DeliveryOrder, 'deliveryId' | 'received'>
export interface DeliveryFailure {
  code: string
  params: Record<string, string | number>
}
export interface DeliveryRow {
  id: string
  agent_id: string
  load_id: string
  state: DeliveryState
  content: OrderContent
  manifest: DeliveryManifest | null
  error: DeliveryFailure | null
}

const deliveries = (db: Db | Tx) =>
  db
    .selectFrom('ingestion.delivery')
    .select(['id', 'agent_id', 'load_id', 'state', 'content', 'manifest', 'error'])
    .$narrowType<{ state: DeliveryState; content: OrderContent; manifest: DeliveryManifest | null; error: DeliveryFailure | null }>()

export const selectDelivery = (db: Db | Tx, id: string): Promise<DeliveryRow | undefined> =>
  deliveries(db).where('id', '=', id).executeTakeFirst()
export const selectDeliveryOf = (db: Db | Tx, loadId: string): Promise<DeliveryRow | undefined> =>
  deliveries(db).where('load_id', '=', loadId).executeTakeFirst()

/** What the agents still have to do, oldest first: nothing for loads that have ended, or from sources that somebody has stopped. */
export const selectOpenDeliveries = (db: Db, agentIds: readonly string[]): Promise<DeliveryRow[]> =>
  agentIds.length === 0
    ? Promise.resolve([])
    : deliveries(db)
        .where('agent_id', 'in', agentIds)
        .where('state', 'in', ['ordered', 'sending'])
        .where('load_id', 'in', (eb) =>
          eb
            .selectFrom('ingestion.load as l')
            .innerJoin('ingestion.plan as p', 'p.id', 'l.plan_id')
            .innerJoin('ingestion.source as s', 's.id', 'p.source_id')
            .select('l.id')
            .where('l.finished_at', 'is', null)
            .where('s.stopped_at', 'is', null),
        )
        .orderBy('ordered_at')
        .execute()

/** @returns false when the load has an order already */
export async function insertDelivery(
  tx: Tx,
  row: { id: string; agent_id: string; load_id: string; content: OrderContent; ordered_at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('ingestion.delivery')
    .values({ ...row, content: JSON.stringify(row.content), state: deliveryStates.initial })
    .onConflict((ordered) => ordered.column('load_id').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** @returns false when the delivery is in no state before this step */
export async function stepDelivery(
  tx: Db | Tx,
  id: string,
  event: 'take' | 'complete' | 'fail' | 'drop',
  change: { manifest?: string; evidence?: string; error?: string; finished_at?: Date } = {},
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.delivery')
    .set({ ...change, state: deliveryStates.steps.find((step) => step.event === event)!.to })
    .where('id', '=', id)
    .where('state', 'in', statesBefore(deliveryStates, event))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const selectSlices = (db: Db | Tx, deliveryIds: readonly string[]) =>
  deliveryIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('ingestion.delivery_slice')
        .select(['delivery_id', 'number', 'bytes', 'sha256'])
        .where('delivery_id', 'in', deliveryIds)
        .orderBy('number')
        .execute()

export const insertSlice = (tx: Tx, row: { delivery_id: string; number: number; bytes: number; sha256: string; received_at: Date }) =>
  tx
    .insertInto('ingestion.delivery_slice')
    .values(row)
    .onConflict((again) =>
      again.columns(['delivery_id', 'number']).doUpdateSet({ bytes: row.bytes, sha256: row.sha256, received_at: row.received_at }),
    )
    .execute()

/** Deliveries whose load has ended: their slices are of no use any more. */
export const selectSpentDeliveries = (db: Db) =>
  db
    .selectFrom('ingestion.delivery as d')
    .innerJoin('ingestion.load as l', 'l.id', 'd.load_id')
    .select('d.id')
    .where('d.state', '!=', 'dropped')
    .where('l.finished_at', 'is not', null)
    .execute()
