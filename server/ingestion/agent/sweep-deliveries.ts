import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Ctx } from '../../store/index.ts'
import { sweepNonces } from './admit-agent.ts'
import { selectSpentDeliveries, stepDelivery } from './delivery-store.ts'
import { sliceKey } from './receive-delivery.ts'

/** Slices of loads that have ended are removed, and the agent is told that nobody waits for the rest. */
export async function sweepDeliveries(ctx: Ctx): Promise<void> {
  for (const { id } of await selectSpentDeliveries(ctx.db)) {
    await rm(dirname(ctx.files.pathOf(sliceKey(id, 1))), { recursive: true, force: true })
    await stepDelivery(ctx.db, id, 'drop')
  }
  await sweepNonces(ctx)
}
