import type { Schedule, ScheduleInput } from '#contract/schedule/schedule.ts'
import { AppError, conflict, type FieldProblem } from '../../kernel/errors.ts'
import { type Ctx, type Db, emit, inTx, type Tx } from '../../store/index.ts'
import { type PlanRow, selectPlan } from '../plan/plan-store.ts'
import { getOwnPlan } from '../plan/present-plan.ts'
import { visibleTo } from '../access.ts'
import { presentSchedule } from './present-schedule.ts'
import { pauseScheduleRow, saveSchedule, selectSchedules } from './schedule-store.ts'
import { cancelWaiting } from './turn-store.ts'

/**
 * Says when a plan is loaded by itself; whoever says so is asked when it fails. What was due before is not run.
 * @throws invalid `http.invalid_input`; conflict `value.stale` `ingestion.schedule_stream`
 */
export async function setSchedule(ctx: Ctx, planId: string, { version, ...rule }: ScheduleInput & { version: number }): Promise<Schedule> {
  const plan = await getOwnPlan(ctx, planId)
  if (plan.mode.kind === 'stream') throw conflict('ingestion.schedule_stream')
  await checkSchedule(ctx, plan, rule)
  await inTx(ctx, async (ctx) => {
    const change = { rule, responsible: ctx.actor.name, turned_until: ctx.now() }
    if (!(await saveSchedule(ctx.db, { plan_id: planId, org_id: plan.org_id }, version, change))) throw conflict('value.stale')
    emit(ctx, { action: 'ingestion.schedule_set', object: { type: 'plan', id: planId, name: plan.entry_name }, detail: rule })
  })
  return showSchedule(ctx, planId)
}

/** Pauses: turns that wait are given up, a load that runs goes on. @throws conflict `value.stale` when it is paused already */
export const pauseSchedule = (ctx: Ctx, planId: string): Promise<Schedule> => switchSchedule(ctx, planId, true)

/** Goes on with the next turn; those of the pause are not made up for. @throws conflict `value.stale` when it is not paused */
export const resumeSchedule = (ctx: Ctx, planId: string): Promise<Schedule> => switchSchedule(ctx, planId, false)

async function switchSchedule(ctx: Ctx, planId: string, isPause: boolean): Promise<Schedule> {
  const plan = await getOwnPlan(ctx, planId)
  await inTx(ctx, async (ctx) => {
    const now = ctx.now()
    if (!(await pauseScheduleRow(ctx.db, planId, { paused_at: isPause ? now : null, turned_until: now }))) throw conflict('value.stale')
    if (isPause) await cancelWaiting(ctx.db, planId, now)
    const object = { type: 'plan', id: planId, name: plan.entry_name }
    emit(ctx, isPause ? { action: 'ingestion.schedule_paused', object } : { action: 'ingestion.schedule_resumed', object })
  })
  return showSchedule(ctx, planId)
}

const showSchedule = async (ctx: Ctx, planId: string) => presentSchedule(ctx, (await selectSchedules(ctx.db, [planId])).get(planId)!)

/** Months of the cycle, and plans before it: one's own, and never in a circle. */
async function checkSchedule(ctx: Ctx, plan: PlanRow, rule: ScheduleInput): Promise<void> {
  const problems: FieldProblem[] = []
  const months = { quarterly: 3, half_yearly: 6 }[rule.cycle as 'quarterly']
  if (months !== undefined && rule.month > months)
    problems.push({ pointer: '/month', code: 'ingestion.schedule_month', params: { months } })
  for (const [i, id] of rule.after.entries()) {
    const other = await selectPlan(ctx.db, visibleTo(ctx.actor), id)
    if (other?.org_id !== plan.org_id) problems.push({ pointer: `/after/${i}`, code: 'ingestion.schedule_after_unknown' })
    else if (await leadsTo(ctx.db, id, plan.id))
      problems.push({ pointer: `/after/${i}`, code: 'ingestion.schedule_circle', params: { plan: other.entry_name } })
  }
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
}

/** Whether a plan is, or waits for, another one. */
async function leadsTo(db: Db | Tx, from: string, to: string): Promise<boolean> {
  const seen = new Set<string>()
  for (let front = [from]; front.length > 0; ) {
    if (front.includes(to)) return true
    for (const id of front) seen.add(id)
    const schedules = await selectSchedules(db, front)
    front = [...schedules.values()].flatMap(({ rule }) => rule.after).filter((id) => !seen.has(id))
  }
  return false
}
