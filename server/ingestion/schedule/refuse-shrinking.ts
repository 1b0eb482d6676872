import type { Ctx } from '../../store/index.ts'
import { LoadFailure } from '../load/load-failure.ts'
import type { Outcome } from '../load/load-object.ts'
import { type LoadRow, selectLastSuccesses } from '../load/load-store.ts'
import type { PlanRow } from '../plan/plan-store.ts'

/**
 * A whole table that comes back with far fewer rows is more often half a table than a great deletion: nobody watches at night,
 * so such a load does not take effect. The person who starts it by hand confirms it.
 * @throws LoadFailure `ingestion.rows_gone`
 */
export async function refuseShrinking({ db }: Ctx, load: LoadRow, plan: Pick<PlanRow, 'deletion_limit'>, outcome: Outcome): Promise<void> {
  if (load.kind !== 'full') return
  const turn = await db.selectFrom('ingestion.turn').select('id').where('load_id', '=', load.id).executeTakeFirst()
  const live = turn && (await selectLastSuccesses(db, [load.plan_id])).get(load.plan_id)?.written_rows
  if (!live) return
  const share = 1 - outcome.written / live
  if (share > plan.deletion_limit)
    throw new LoadFailure(
      'ingestion.rows_gone',
      { written: outcome.written, live, percent: toPercent(share), limit: toPercent(plan.deletion_limit) },
      outcome,
    )
}

const toPercent = (share: number) => Math.round(share * 1000) / 10
