import { selectCalendar } from '../../duty/index.ts'
import { newId } from '../../kernel/ids.ts'
import { nightOf, turnsBetween } from '../../kernel/turns.ts'
import type { Calendar } from '../../kernel/working-days.ts'
import { type Ctx, emit, inTx, sql, type TxCtx } from '../../store/index.ts'
import { markTurned, type ScheduleRow, selectActiveSchedules, turnRule } from './schedule-store.ts'
import { settleTurns } from './settle-turns.ts'
import { type Budgets, startTurns } from './start-turns.ts'
import { insertTurns, moveTurn, selectOpenTurns } from './turn-store.ts'

const minuteMs = 60_000
/** A turn that is found so much later than it was due was not waited for: the node was down. */
const outageMs = 10 * minuteMs
const rankOf = { high: 0, normal: 1, low: 2 } as const
/** Any number; whoever advances turns holds the lock of it. */
const scheduleLock = 20_261_122

/**
 * Moves every turn on that can move: loads that ended are settled, turns that are due are made, those whose window has closed
 * are given up, and as many begin as the budgets allow. One transaction under one lock, so it may run at any time, twice, on two
 * nodes, and after a kill: it runs each minute and whenever a load has ended.
 */
export async function advanceTurns(ctx: Ctx, budgets: Budgets): Promise<void> {
  await inTx(ctx, async (ctx) => {
    await sql`select pg_advisory_xact_lock(${scheduleLock})`.execute(ctx.db)
    const calendar = await selectCalendar(ctx.db)
    await settleTurns(ctx)
    for (const schedule of await selectActiveSchedules(ctx.db)) await makeTurn(ctx, schedule, calendar)
    await giveUpTurns(ctx)
    await startTurns(ctx, calendar, budgets)
  })
}

/** The turn that is due now. Of several that passed meanwhile only the latest is run: an outage must not end in a storm. */
async function makeTurn(ctx: TxCtx, schedule: ScheduleRow, calendar: Calendar): Promise<void> {
  const now = ctx.now()
  let last: Date | undefined
  let overtaken = -1
  for (const due of turnsBetween(turnRule(schedule), calendar, schedule.turned_until, now)) {
    last = due
    overtaken++
  }
  if (!last || !(await markTurned(ctx.db, schedule, now))) return
  const windowMs = schedule.rule.windowMinutes * minuteMs
  const isCaughtUp = overtaken > 0 || now.getTime() - last.getTime() > outageMs
  await insertTurns(ctx.db, [
    {
      id: newId(now.getTime()),
      plan_id: schedule.plan_id,
      org_id: schedule.org_id,
      due_at: last,
      night: nightOf(last),
      origin: isCaughtUp ? 'catch_up' : 'cycle',
      overtaken,
      rank: rankOf[schedule.rule.priority],
      begin_until: new Date((isCaughtUp ? now : last).getTime() + windowMs),
      late_at: new Date(last.getTime() + windowMs),
    },
  ])
}

async function giveUpTurns(ctx: TxCtx): Promise<void> {
  const now = ctx.now()
  for (const turn of await selectOpenTurns(ctx.db, 'waiting')) {
    if (turn.begin_until >= now) continue
    const code = turn.wait_reason === 'after' ? 'ingestion.turn_blocked' : 'ingestion.turn_missed'
    await moveTurn(ctx.db, turn, { state: 'missed', error_code: code, wait_reason: null, ended_at: now })
    emit(ctx, {
      action: 'ingestion.turn_missed',
      result: 'failed',
      object: { type: 'turn', id: turn.id, name: turn.entry_name },
      detail: { planId: turn.plan_id, dueAt: turn.due_at.toISOString(), code },
    })
  }
}
