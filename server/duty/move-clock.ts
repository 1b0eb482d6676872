import type { Clock, ClockRule } from '#contract/duty.ts'
import * as legal from '../kernel/clock.ts'
import { type Calendar, toLocalDate } from '../kernel/working-days.ts'
import type { TxCtx } from '../store/index.ts'
import { selectCalendar } from './calendar-store.ts'
import { selectOpenClock, standing, toLegalClock, updateClock } from './clock-store.ts'
import { presentClock } from './present-clock.ts'

/** The open clock of a rule on an object. */
export interface ClockKey {
  rule: ClockRule
  objectId: string
}

type Move = (clock: legal.LegalClock, on: string, calendar: Calendar) => legal.LegalClock

/**
 * All moves happen today, in the caller's transaction, and the caller emits. Null where no such clock is open: the profile
 * set no days for it, so there is nothing to move.
 * @throws conflict or invalid `duty.…` from kernel/clock.ts when the clock's own rules refuse; conflict `value.stale`
 */
async function move(ctx: TxCtx, { rule, objectId }: ClockKey, act: Move, also: object = {}): Promise<Clock | null> {
  const row = await selectOpenClock(ctx.db, rule, objectId)
  if (!row) return null
  const calendar = await selectCalendar(ctx.db)
  const today = toLocalDate(ctx.now())
  // What arrived after hours starts on the next working day; what is done to it before then is done on that day.
  const clock = act(toLegalClock(row), today < row.started_on ? row.started_on : today, calendar)
  const change = standing(clock, calendar)
  await updateClock(ctx.db, row, { ...change, ...also })
  return presentClock({ ...row, ...change, history: clock }, today, calendar)
}

/** Returned for completion 补正: the days until `resumeClock` do not count. */
export const pauseClock = (ctx: TxCtx, key: ClockKey) => move(ctx, key, legal.pauseClock)

export const resumeClock = (ctx: TxCtx, key: ClockKey) => move(ctx, key, legal.resumeClock)

/** Once, with the authority's consent; the new date is announced anew. */
export const extendClock = (ctx: TxCtx, key: ClockKey, { days, consentBy }: { days: number; consentBy: string }) =>
  move(ctx, key, (clock, on, calendar) => legal.extendClock(clock, { on, days, consentBy }, calendar), { due_soon_told: false })

/** The duty was done, in time or late. */
export const meetClock = (ctx: TxCtx, key: ClockKey) => move(ctx, key, legal.meetClock)

/** The duty is no longer owed. */
export const cancelClock = (ctx: TxCtx, key: ClockKey) => move(ctx, key, legal.cancelClock)
