import { causeOf, type NextStep, nextSteps } from '#contract/schedule/causes.ts'
import type { MorningReport, NightProblem, Turn } from '#contract/schedule/schedule.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { messageOf } from '#contract/messages/index.ts'
import { hoursOfNight } from '../../../kernel/turns.ts'
import type { Ctx } from '../../../store/index.ts'
import { visibleTo } from '../../access.ts'
import { presentError } from '../../kept-error.ts'
import { selectLastSuccesses } from '../../load/load-store.ts'
import { nightAsked } from '../list-turns.ts'
import { presentTurns } from '../present-turn.ts'
import { selectSchedules } from '../schedule-store.ts'
import { countNight, noTurns, selectNightProblems, sumCounts, type TurnRow } from '../turn-store.ts'

/** 晨报: what became of a night, and of each problem its cause, its owner and the next step. The city for the bureau, its own part for a department. */
export async function getMorningReport(
  ctx: Ctx,
  query: { night?: string | undefined; orgId?: string | undefined },
): Promise<MorningReport> {
  const now = ctx.now()
  const night = nightAsked(ctx, query.night)
  const asked = { night, orgId: query.orgId }
  const counts = await countNight(ctx.db, visibleTo(ctx.actor), asked, now)
  const problems = await findProblems(ctx, await selectNightProblems(ctx.db, visibleTo(ctx.actor), asked, now))
  const open = problems.filter(({ isSettled }) => !isSettled)
  const openOf = Map.groupBy(open, ({ turn }) => turn.org.id)
  const { from, until } = hoursOfNight(night)
  return {
    night,
    from: from.toISOString(),
    until: until.toISOString(),
    counts: sumCounts(counts.values()),
    byOrg: [...counts]
      .map(([id, { orgName, ...of }]) => ({ org: { id, name: orgName }, counts: { ...noTurns, ...of }, open: openOf.get(id)?.length ?? 0 }))
      .sort((one, other) => other.open - one.open || one.org.name.localeCompare(other.org.name, 'zh')),
    problems,
    open: open.length,
    asOf: now.toISOString(),
  }
}

/** How many problems of tonight wait for somebody of this organisation. */
export async function countNightProblems(ctx: Pick<Ctx, 'db' | 'now'>, orgId: string): Promise<number> {
  const rows = await selectNightProblems(ctx.db, { orgId, isOverseer: false }, { night: nightAsked(ctx, undefined) }, ctx.now())
  const isSettled = await findSettled(ctx, rows)
  return rows.filter((row) => !isSettled(row)).length
}

/** A load that succeeded after the turn was due settles what the turn left. */
async function findSettled(ctx: Pick<Ctx, 'db'>, rows: readonly TurnRow[]): Promise<(row: TurnRow) => boolean> {
  const successes = await selectLastSuccesses(
    ctx.db,
    rows.map(({ plan_id }) => plan_id),
  )
  return ({ plan_id, ended_at }) => {
    const success = successes.get(plan_id)
    return ended_at !== null && success !== undefined && success.finished_at >= ended_at
  }
}

async function findProblems(ctx: Ctx, rows: readonly TurnRow[]): Promise<NightProblem[]> {
  const isSettled = await findSettled(ctx, rows)
  const turns = await presentTurns(ctx, rows)
  const schedules = await selectSchedules(
    ctx.db,
    rows.map(({ plan_id }) => plan_id),
  )
  return rows.map((row, i) => {
    const turn = turns[i]!
    const held = turn.load?.waiting
    const cause = row.error_code ?? held?.code ?? 'ingestion.turn_late'
    const step = causeOf(cause).step
    return {
      turn,
      cause,
      detail: presentError(row, ctx.language)?.detail ?? held?.detail ?? messageOf(cause, ctx.language),
      owner: { org: turn.org, person: schedules.get(row.plan_id)?.responsible ?? '' },
      step: { key: step, link: linkOf(step, turn) },
      isSettled: isSettled(row),
    }
  })
}

function linkOf(step: NextStep, { sourceId, planId, load }: Turn): string {
  const { page } = nextSteps[step]
  if (page === 'source') return portalPath('source', { sourceId })
  return page === 'load' && load ? portalPath('load', { loadId: load.id }) : portalPath('plan', { planId })
}
