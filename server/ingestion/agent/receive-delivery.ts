import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import type { DeliveryManifest } from '#contract/ingestion/agents.ts'
import type { Transport } from '../../http/index.ts'
import { AppError, conflict, notFound } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { runLoadJob } from '../load/run-load-job.ts'
import { admitAgent, type Admitted } from './admit-agent.ts'
import { type DeliveryFailure, type DeliveryRow, insertSlice, selectDelivery, selectSlices, stepDelivery } from './delivery-store.ts'
import { digestHeader } from './signature.ts'

export const sliceKey = (deliveryId: string, number: number | '*') =>
  `delivery/${deliveryId}/${number === '*' ? '*' : String(number).padStart(6, '0')}.native.zst`

const sliceBytes = 8 * 1024 ** 3

/** The delivery, if it is this agent's and still being sent. @throws value.not_found; conflict `ingestion.delivery_over`: the agent drops it */
async function getSending({ ctx, agent }: Admitted, id: string): Promise<DeliveryRow> {
  const row = await selectDelivery(ctx.db, id)
  if (row?.agent_id !== agent.id) throw notFound('value.not_found')
  if (row.state !== 'sending') throw conflict('ingestion.delivery_over')
  return row
}

const objectOf = ({ id, content }: DeliveryRow) => ({ type: 'delivery', id, name: content.object })

/**
 * One slice, kept once its bytes are those that were signed and are on disk. Sent again it replaces itself.
 * @throws unauthenticated `ingestion.agent_signature`; conflict `ingestion.delivery_over`
 */
export async function receiveSlice(ctx: Ctx, deliveryId: string, number: number, transport: Transport): Promise<undefined> {
  const admitted = await admitAgent(ctx, transport)
  const delivery = await getSending(admitted, deliveryId)
  const sum = createHash('sha256')
  const summed = new Transform({
    transform(chunk, _encoding, done) {
      sum.update(chunk)
      done(null, chunk)
    },
    // Before the last byte is written: a slice that is not the signed one is never there.
    flush(done) {
      const isSigned = digestHeader(sum.copy().digest('hex')) === transport.header('content-digest')
      done(isSigned ? null : new AppError('unauthenticated', 'ingestion.agent_signature'))
    },
  })
  const source = transport.file!.stream.on('error', (error) => summed.destroy(error))
  const bytes = await ctx.files.put(sliceKey(deliveryId, number), source.pipe(summed), sliceBytes)
  const sha256 = sum.digest('hex')
  await inTx(admitted.ctx, async (ctx) => {
    await insertSlice(ctx.db, { delivery_id: deliveryId, number, bytes, sha256, received_at: ctx.now() })
    emit(ctx, { action: 'ingestion.slice_received', object: objectOf(delivery), detail: { number, bytes, sha256 } })
  })
}

/**
 * Everything was sent: the load that waits for it runs. The signed statement of what was sent is kept as evidence.
 * @throws conflict `ingestion.delivery_incomplete` naming the first slice that is missing or another one; `ingestion.delivery_over`
 */
export async function completeDelivery(ctx: Ctx, deliveryId: string, manifest: DeliveryManifest, transport: Transport): Promise<undefined> {
  const admitted = await admitAgent(ctx, transport)
  const delivery = await getSending(admitted, deliveryId)
  const { base, signature } = admitted.claim
  await inTx(admitted.ctx, async (ctx) => {
    const received = new Map((await selectSlices(ctx.db, [deliveryId])).map((slice) => [slice.number, slice.sha256]))
    const missing = manifest.slices.find(({ number, sha256 }) => received.get(number) !== sha256)
    if (missing || received.size !== manifest.slices.length)
      throw conflict('ingestion.delivery_incomplete', { number: missing?.number ?? manifest.slices.length + 1 })
    const change = { manifest: JSON.stringify(manifest), evidence: JSON.stringify({ base, signature }), finished_at: ctx.now() }
    if (!(await stepDelivery(ctx.db, deliveryId, 'complete', change))) throw conflict('ingestion.delivery_over')
    await ctx.enqueue(ctx, runLoadJob, { loadId: delivery.load_id })
    emit(ctx, {
      action: 'ingestion.delivery_completed',
      object: objectOf(delivery),
      detail: { loadId: delivery.load_id, rows: manifest.rows, slices: manifest.slices.length, signature },
    })
  })
}

/** The agent could not read what was ordered: the load fails with the agent's reason. @throws conflict `ingestion.delivery_over` */
export async function failDelivery(ctx: Ctx, deliveryId: string, failure: DeliveryFailure, transport: Transport): Promise<undefined> {
  const admitted = await admitAgent(ctx, transport)
  const delivery = await getSending(admitted, deliveryId)
  await inTx(admitted.ctx, async (ctx) => {
    const change = { error: JSON.stringify(failure), finished_at: ctx.now() }
    if (!(await stepDelivery(ctx.db, deliveryId, 'fail', change))) throw conflict('ingestion.delivery_over')
    await ctx.enqueue(ctx, runLoadJob, { loadId: delivery.load_id })
    emit(ctx, {
      action: 'ingestion.delivery_failed',
      result: 'failed',
      object: objectOf(delivery),
      detail: { loadId: delivery.load_id, ...failure },
    })
  })
}
