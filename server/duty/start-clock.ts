import type { Clock, ClockRule } from '#contract/duty.ts'
import type { OrgKind } from '#contract/security.ts'
import type { z } from 'zod'
import { startClock as begin } from '../kernel/clock.ts'
import { newId } from '../kernel/ids.ts'
import { clockTerms } from '../kernel/profile.ts'
import { receiptDate } from '../kernel/working-days.ts'
import type { TxCtx } from '../store/index.ts'
import { selectCalendar } from './calendar-store.ts'
import { insertClock, selectOpenClock, standing } from './clock-store.ts'
import { presentClock } from './present-clock.ts'

export interface ClockStart {
  rule: ClockRule
  object: { type: Clock['objectType']; id: string; name: string }
  /** Who must act in time, and is seen in its list. */
  owner: { id: string; kind: string }
}

/**
 * Starts a clock in the caller's transaction, from the day on which the object counts as received. Null where the city's
 * profile sets no number of days for such a body: the duty stands without a date. The caller emits.
 * @throws conflict `duty.clock_running` when the object has an open clock of this rule
 */
export async function startClock(ctx: TxCtx, { rule, object, owner }: ClockStart): Promise<Clock | null> {
  const terms = clockTerms(ctx.profile, rule, owner.kind as z.infer<typeof OrgKind>)
  if (!terms) return null
  const { citation, ...rest } = terms
  const calendar = await selectCalendar(ctx.db)
  const clock = begin(rest, receiptDate(calendar, ctx.now(), ctx.profile.receipt.value))
  await insertClock(ctx.db, {
    id: newId(ctx.now().getTime()),
    rule,
    object_type: object.type,
    object_id: object.id,
    object_name: object.name,
    owner_org_id: owner.id,
    citation,
    started_on: clock.startedOn,
    ...standing(clock, calendar),
  } as never)
  return presentClock((await selectOpenClock(ctx.db, rule, object.id))!, clock.startedOn, calendar)
}
