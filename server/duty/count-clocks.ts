import { toLocalDate } from '../kernel/working-days.ts'
import type { Ctx } from '../store/index.ts'
import { clocksVisibleTo } from './list-clocks.ts'

export interface ClockCounts {
  /** Running past their day: the list of `phase=overdue&state=running`. */
  overdue: number
  overdueByOwner: Map<string, number>
  /** Requests that were answered, in time or late. */
  repliesInTime: number
  repliesLate: number
}

/** Counts the clocks that the caller may see, from the dates that are kept with them. */
export async function countClocks(ctx: Ctx): Promise<ClockCounts> {
  const scope = clocksVisibleTo(ctx.actor)
  const today = toLocalDate(ctx.now())
  const rows = await ctx.db
    .selectFrom('duty.clock')
    .$if(scope !== 'everything', (query) => query.where('owner_org_id', '=', (scope as { ownerOrgId: string }).ownerOrgId))
    .groupBy('owner_org_id')
    .select('owner_org_id')
    .select((eb) => [
      eb.fn
        .countAll<number>()
        .filterWhere(eb.and([eb('state', '=', 'running'), eb('due_on', '<', today)]))
        .as('overdue'),
      eb.fn
        .countAll<number>()
        .filterWhere(eb.and([eb('rule', 'like', 'request_reply%'), eb('state', '=', 'met')]))
        .as('in_time'),
      eb.fn
        .countAll<number>()
        .filterWhere(eb.and([eb('rule', 'like', 'request_reply%'), eb('state', '=', 'met_late')]))
        .as('late'),
    ])
    .execute()
  const sum = (field: 'overdue' | 'in_time' | 'late') => rows.reduce((total, row) => total + Number(row[field]), 0)
  return {
    overdue: sum('overdue'),
    overdueByOwner: new Map(rows.map((row) => [row.owner_org_id, Number(row.overdue)])),
    repliesInTime: sum('in_time'),
    repliesLate: sum('late'),
  }
}
