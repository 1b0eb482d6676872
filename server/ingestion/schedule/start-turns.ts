import type { Turn } from '#contract/schedule/schedule.ts'
import { nextTurn, nightOf } from '../../kernel/turns.ts'
import type { Calendar } from '../../kernel/working-days.ts'
import type { TxCtx } from '../../store/index.ts'
import { selectLastSuccesses, selectUnfinished } from '../load/load-store.ts'
import { queueLoad } from '../load/start-load.ts'
import { selectSchedules, turnRule } from './schedule-store.ts'
import { moveTurn, selectNightTurns, selectOpenTurns, type TurnRow } from './turn-store.ts'

/** How many loads may run or be queued at once. */
export interface Budgets {
  node: number
  source: number
}

/** Begins turns in their order while the budgets last; the others learn why they wait. */
export async function startTurns(ctx: TxCtx, calendar: Calendar, budgets: Budgets): Promise<void> {
  const now = ctx.now()
  const waiting = await selectOpenTurns(ctx.db, 'waiting')
  if (waiting.length === 0) return
  const unfinished = await selectUnfinished(ctx.db)
  const isBlocked = await findBlocked(ctx, calendar, waiting)
  const busy = new Set(unfinished.map(({ plan_id }) => plan_id))
  const perSource = new Map<string, number>()
  const take = (sourceId: string) => perSource.set(sourceId, (perSource.get(sourceId) ?? 0) + 1)
  for (const { source_id } of unfinished) take(source_id)
  // A source that is closed holds up its own turns, not the node's.
  let taken = unfinished.filter(({ waits_for }) => waits_for === null).length
  for (const turn of waiting) {
    const reason = ((): Turn['waitReason'] => {
      if (turn.not_before && turn.not_before > now) return 'retry'
      if (isBlocked(turn)) return 'after'
      if (busy.has(turn.plan_id)) return 'busy'
      if (taken >= budgets.node) return 'node'
      return (perSource.get(turn.source_id) ?? 0) >= budgets.source ? 'source' : null
    })()
    if (reason) {
      if (reason !== turn.wait_reason) await moveTurn(ctx.db, turn, { wait_reason: reason })
      continue
    }
    const { plan_id: id, entry_id, entry_name, org_id, mode } = turn
    const loadId = await queueLoad(ctx, { id, entry_id, entry_name, org_id, mode })
    await moveTurn(ctx.db, turn, {
      state: 'running',
      load_id: loadId,
      tries: turn.tries + 1,
      wait_reason: null,
      not_before: null,
      started_at: turn.started_at ?? now,
    })
    busy.add(turn.plan_id)
    take(turn.source_id)
    taken++
  }
}

/**
 * Whether a turn waits for plans before it. A plan before it is done when its last turn of the same night succeeded, or when
 * somebody loaded it since that turn was due; a plan that has no turn this night is not waited for.
 */
async function findBlocked(ctx: TxCtx, calendar: Calendar, waiting: readonly TurnRow[]): Promise<(turn: TurnRow) => boolean> {
  const own = await selectSchedules(ctx.db, [...new Set(waiting.map(({ plan_id }) => plan_id))])
  const before = [...new Set([...own.values()].flatMap(({ rule }) => rule.after))]
  if (before.length === 0) return () => false
  const schedules = await selectSchedules(ctx.db, before)
  const turns = await selectNightTurns(ctx.db, before, [...new Set(waiting.map(({ night }) => night))])
  const successes = await selectLastSuccesses(ctx.db, before)
  const isDone = (planId: string, night: string): boolean => {
    const last = turns.findLast((turn) => turn.plan_id === planId && turn.night === night)
    if (last) return last.state === 'succeeded' || (successes.get(planId)?.finished_at.getTime() ?? 0) >= last.due_at.getTime()
    const schedule = schedules.get(planId)
    const next = schedule && !schedule.paused_at ? nextTurn(turnRule(schedule), calendar, ctx.now()) : null
    return next === null || nightOf(next) !== night
  }
  return ({ plan_id, night }) => own.get(plan_id)?.rule.after.some((planId) => !isDone(planId, night)) ?? false
}
