import { z } from 'zod'
import { job } from '../jobs/index.ts'
import { toLocalDate } from '../kernel/working-days.ts'
import { type Ctx, emit, inTx } from '../store/index.ts'
import { lockUntold, markTold } from './clock-store.ts'
import { recomputeClocks } from './import-calendar-year.ts'

const warnings = [
  { told: 'due_soon_told', action: 'duty.clock_due_soon' },
  { told: 'overdue_told', action: 'duty.clock_overdue' },
] as const
const batch = 200

/** Says of every clock once that it is due soon, and once that it is overdue; whoever must hear it reads the event log. */
export async function escalateClocks(ctx: Ctx): Promise<void> {
  // A clock that started while a year was being imported counted without it.
  await inTx(ctx, async (ctx) => {
    const recomputed = await recomputeClocks(ctx, [])
    if (recomputed > 0) emit(ctx, { action: 'duty.clocks_recomputed', detail: { recomputed } })
  })
  const today = toLocalDate(ctx.now())
  for (const { told, action } of warnings) {
    for (let found = batch; found === batch; ) {
      found = await inTx(ctx, async (ctx) => {
        const rows = await lockUntold(ctx.db, told, today, batch)
        if (rows.length > 0)
          await markTold(
            ctx.db,
            told,
            rows.map(({ id }) => id),
          )
        for (const row of rows)
          emit(ctx, {
            action,
            object: { type: row.object_type, id: row.object_id, name: row.object_name },
            detail: { clockId: row.id, rule: row.rule, dueOn: row.due_on, ownerOrgId: row.owner_org_id, ownerName: row.owner_name },
          })
        return rows.length
      })
    }
  }
}

/** Due dates are days, so an hour's delay after midnight is soon enough. */
export const escalateClocksJob = job({
  name: 'duty.escalate_clocks',
  input: z.strictObject({}),
  retryLimit: 3,
  expireSeconds: 600,
  concurrency: 1,
  schedule: '3 * * * *',
  run: (ctx) => escalateClocks(ctx),
})
