import type { Ledger, ledgerNumbers, ledgerProblems } from '#contract/assessment.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { countCatalog } from '../catalog/index.ts'
import { countClocks, listClocks } from '../duty/index.ts'
import { countLoads } from '../ingestion/index.ts'
import { orgOf } from '../kernel/actor.ts'
import { toLocalDate } from '../kernel/working-days.ts'
import { countSharing } from '../sharing/index.ts'
import type { Ctx } from '../store/index.ts'

const dayMs = 86_400_000
const days = 30
/** More clocks than anybody reads on one page; the list behind has all. */
const mostClocks = 100

/**
 * 一本账: the city for the bureau and the operating center, its own part for everybody else. Every number is a kept fact or
 * an indexed count, and its link opens the list that it counts.
 */
export async function getLedger(ctx: Ctx): Promise<Ledger> {
  const { id, kind } = orgOf(ctx.actor)
  const orgId = kind === 'bureau' || kind === 'operating_center' ? undefined : id
  const now = ctx.now()
  const today = toLocalDate(now)
  const catalog = await countCatalog(ctx.db, today, orgId)
  const sharing = await countSharing(ctx.db, ctx.actor)
  const clocks = await countClocks(ctx)
  const due = await listClocks(ctx, { state: 'running', dueBefore: dayAfterThisWeek(now), limit: mostClocks })
  const loads = await countLoads(ctx.db, new Date(now.getTime() - days * dayMs), orgId)
  const answered = clocks.repliesInTime + clocks.repliesLate
  const decided = sharing.approved + sharing.refused
  const own = { orgId }
  const number = (key: keyof typeof ledgerNumbers | keyof typeof ledgerProblems, value: number, link: string) => ({ key, value, link })
  return {
    numbers: [
      number('systems', catalog.systems, portalPath('systems', own)),
      number('entries', catalog.entries, portalPath('search', { provider: orgId })),
      number('entries_with_data', catalog.entriesWithData, portalPath('search', { provider: orgId, hasData: 'yes' })),
      number('records', catalog.rows, portalPath('search', { provider: orgId, hasData: 'yes' })),
      number('requests', sharing.requests, portalPath('requests')),
      number('requests_approved', sharing.approved, portalPath('requests', { state: 'approved' })),
      number('grants_active', sharing.activeGrants, portalPath('grants', { side: 'all', state: 'active' })),
      number('calls', sharing.calls, portalPath('grants', { side: 'all' })),
    ],
    fulfilment: decided === 0 ? null : sharing.approved / decided,
    onTime: answered === 0 ? null : clocks.repliesInTime / answered,
    problems: [
      number('systems_without_entries', catalog.systemsWithoutEntries, portalPath('systems', { ...own, withoutEntries: true })),
      number('entries_without_data', catalog.entries - catalog.entriesWithData, portalPath('entries', { ...own, problem: 'without_data' })),
      number('past_cycle', catalog.pastCycle, portalPath('entries', { ...own, problem: 'past_cycle' })),
      number('clocks_overdue', clocks.overdue, portalPath('clocks', { phase: 'overdue', state: 'running' })),
    ],
    clocksThisWeek: due.items,
    byProvider: await byProvider(ctx, catalog.byProvider, sharing.receivedByProvider, clocks.overdueByOwner),
    bySharingType: catalog.bySharingType,
    loadsLast30Days: loads,
    asOf: now.toISOString(),
  }
}

/** Monday after the week that `now` falls into in Shanghai. */
function dayAfterThisWeek(now: Date): string {
  const today = Date.parse(toLocalDate(now))
  const weekday = (new Date(today).getUTCDay() + 6) % 7
  return new Date(today + (7 - weekday) * dayMs).toISOString().slice(0, 10)
}

type Providers = Awaited<ReturnType<typeof countCatalog>>['byProvider']

async function byProvider(
  ctx: Ctx,
  catalog: Providers,
  received: Map<string, number>,
  overdue: Map<string, number>,
): Promise<Ledger['byProvider']> {
  const ids = catalog.map(({ orgId }) => orgId)
  const names = ids.length === 0 ? [] : await ctx.db.selectFrom('security.org').select(['id', 'name']).where('id', 'in', ids).execute()
  const nameOf = new Map(names.map(({ id, name }) => [id, name]))
  return catalog
    .map(({ orgId, ...counts }) => ({
      org: { id: orgId, name: nameOf.get(orgId) ?? orgId },
      ...counts,
      requestsReceived: received.get(orgId) ?? 0,
      overdue: overdue.get(orgId) ?? 0,
    }))
    .sort((a, b) => b.entries - a.entries || a.org.name.localeCompare(b.org.name, 'zh'))
}
