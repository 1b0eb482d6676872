import type { Schedule, TurnRule } from '#contract/schedule/schedule.ts'
import { selectCalendar } from '../../duty/index.ts'
import { nextTurn } from '../../kernel/turns.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx } from '../../store/index.ts'
import { canWrite } from '../access.ts'
import { getPlan } from '../plan/present-plan.ts'
import { type ScheduleRow, selectSchedules, turnRule } from './schedule-store.ts'

/** A plan's schedule with its next turn, counted by today's calendar. */
export async function presentSchedule(ctx: Pick<Ctx, 'db' | 'now'>, row: ScheduleRow): Promise<Schedule> {
  const calendar = await selectCalendar(ctx.db)
  const next = row.paused_at ? null : nextTurn(turnRule(row), calendar, ctx.now())
  const names =
    row.rule.after.length === 0
      ? []
      : await ctx.db
          .selectFrom('ingestion.plan as p')
          .innerJoin('catalog.entry as e', 'e.id', 'p.entry_id')
          .select(['p.id as planId', 'e.name as entryName'])
          .where('p.id', 'in', row.rule.after)
          .orderBy('e.name')
          .execute()
  return {
    ...row.rule,
    planId: row.plan_id,
    follows: turnRule(row).cycle,
    isPaused: row.paused_at !== null,
    nextDueAt: next?.toISOString() ?? null,
    isProvisional: next !== null && row.rule.workingDaysOnly && !calendar.years.has(Number(toLocalDate(next).slice(0, 4))),
    responsible: row.responsible,
    afterPlans: names,
    version: row.version,
  }
}

/** @throws value.not_found, also where the plan belongs to somebody else */
export async function getSchedule(ctx: Ctx, planId: string) {
  const plan = await getPlan(ctx, planId)
  const row = (await selectSchedules(ctx.db, [planId])).get(planId)
  const { update_cycle } = await ctx.db
    .selectFrom('catalog.entry')
    .select('update_cycle')
    .where('id', '=', plan.entry_id)
    .executeTakeFirstOrThrow()
  const canChange = canWrite(ctx.actor, plan.org_id)
  return {
    schedule: row ? await presentSchedule(ctx, row) : null,
    catalogCycle: update_cycle as TurnRule['cycle'],
    can: {
      set: canChange && plan.mode.kind !== 'stream',
      pause: canChange && row !== undefined && row.paused_at === null,
      resume: canChange && row !== undefined && row.paused_at !== null,
      backfill: canChange && row !== undefined,
    },
  }
}
