import { conflict, invalid } from './errors.ts'
import { addWorkingDays, type Calendar, type Due, workingDaysBetween } from './working-days.ts'

/**
 * A legal clock as data. Only what happened is kept; the due date is always computed from it and the calendar, so that
 * loading a year's notice needs no more than computing `clockStatus` again.
 */

/** Taken from the profile when the clock starts and kept: a later profile does not move a running clock. */
export interface ClockTerms {
  /** Working days, at least 1. */
  readonly days: number
  /** Most working days by which it may be extended, once, with the authority's consent; 0: never (Order 809 art. 17, 21). */
  readonly maxExtensionDays: number
  /** After completion 补正: the rest of the limit runs on, or the whole limit starts again. Order 809 leaves it open. */
  readonly afterCompletion: 'pause' | 'restart'
  /** Working days before the due date from which it is due soon. */
  readonly dueSoonDays: number
}

export interface LegalClock {
  readonly terms: ClockTerms
  /** Local date of receipt; the first counted day is the next one. */
  readonly startedOn: string
  readonly pauses: readonly { readonly from: string; readonly to: string | null }[]
  readonly extension: { readonly on: string; readonly days: number; readonly consentBy: string } | null
  readonly ended: { readonly as: 'met' | 'cancelled'; readonly on: string } | null
}

export interface ClockStatus {
  state: 'running' | 'paused' | 'met' | 'met_late' | 'cancelled'
  /** While paused: the date as if it went on at once, the earliest possible. */
  dueOn: string
  provisional: boolean
  /** Working days left today, or on the day it was paused or ended; 0 on the due day, negative afterwards. */
  remainingDays: number
  phase: 'normal' | 'due_soon' | 'overdue'
}

export function startClock(terms: ClockTerms, on: string): LegalClock {
  if (!(terms.days >= 1)) throw new RangeError(`clock of ${terms.days} days`)
  return { terms, startedOn: on, pauses: [], extension: null, ended: null }
}

const openPause = (clock: LegalClock) => clock.pauses.find(({ to }) => to === null)

/** Refuses what comes after the end, or is dated before what already happened. */
function requireOpen(clock: LegalClock, on: string): void {
  if (clock.ended) throw conflict('duty.clock_ended', { on: clock.ended.on })
  const dates = [clock.startedOn, ...clock.pauses.flatMap(({ from, to }) => [from, to ?? from]), clock.extension?.on ?? clock.startedOn]
  const since = dates.sort().at(-1)!
  if (on < since) throw invalid('duty.clock_backwards', { on, since })
}

/** The request goes back for completion. A pause that begins after the due date cures nothing: see `dueDate`. */
export function pauseClock(clock: LegalClock, on: string): LegalClock {
  requireOpen(clock, on)
  if (openPause(clock)) throw conflict('duty.clock_paused')
  return { ...clock, pauses: [...clock.pauses, { from: on, to: null }] }
}

export function resumeClock(clock: LegalClock, on: string): LegalClock {
  requireOpen(clock, on)
  if (!openPause(clock)) throw conflict('duty.clock_not_paused')
  return { ...clock, pauses: clock.pauses.map((pause) => (pause.to === null ? { ...pause, to: on } : pause)) }
}

/** Once, before the due date has passed, within the profile's maximum, with the authority's consent (`consentBy`). */
export function extendClock(clock: LegalClock, extension: { on: string; days: number; consentBy: string }, calendar: Calendar): LegalClock {
  const { on, days, consentBy } = extension
  requireOpen(clock, on)
  if (clock.terms.maxExtensionDays === 0) throw conflict('duty.extension_none')
  if (clock.extension) throw conflict('duty.extension_used', { on: clock.extension.on })
  if (!Number.isSafeInteger(days) || days < 1 || days > clock.terms.maxExtensionDays)
    throw invalid('duty.extension_days', { max: clock.terms.maxExtensionDays })
  if (consentBy.trim() === '') throw invalid('duty.extension_consent')
  const status = clockStatus(clock, on, calendar)
  if (status.phase === 'overdue') throw conflict('duty.extension_overdue', { dueOn: status.dueOn })
  return { ...clock, extension: { on, days, consentBy } }
}

/** Whether `extendClock` would take an extension of the right length now. */
export const isExtendable = ({ terms, extension, ended }: LegalClock, { phase }: Pick<ClockStatus, 'phase'>): boolean =>
  ended === null && extension === null && terms.maxExtensionDays > 0 && phase !== 'overdue'

/** The act was done. Whether in time is not stored: a calendar that is loaded later may decide it. */
export function meetClock(clock: LegalClock, on: string): LegalClock {
  requireOpen(clock, on)
  return { ...clock, ended: { as: 'met', on } }
}

/** The act is no longer owed (the request was withdrawn). */
export function cancelClock(clock: LegalClock, on: string): LegalClock {
  requireOpen(clock, on)
  return { ...clock, ended: { as: 'cancelled', on } }
}

/**
 * The day of the pause is a used day, the day of resumption is not counted (like a day of receipt), and at least one day
 * is left after it. A pause on a later day than the due date changes nothing.
 */
function dueDate({ terms, startedOn, pauses, extension }: LegalClock, calendar: Calendar): Due {
  const total = terms.days + (extension?.days ?? 0)
  let [from, left, provisional] = [startedOn, total, false]
  for (const pause of pauses) {
    if (pause.from > addWorkingDays(calendar, from, left).due) break
    const used = workingDaysBetween(calendar, from, pause.from)
    provisional ||= addWorkingDays(calendar, from, used).provisional
    if (terms.afterCompletion === 'restart') left = total
    else if (pause.to === pause.from || pause.to === null) continue
    else left = Math.max(left - used, 1)
    from = pause.to ?? pause.from
  }
  const { due, provisional: isOpenYear } = addWorkingDays(calendar, from, left)
  return { due, provisional: provisional || isOpenYear }
}

/** The day on which it stopped counting: paused in time, or ended. Null while every day counts. */
export function stoppedOn(clock: LegalClock, dueOn: string): string | null {
  const paused = openPause(clock)
  return paused && paused.from <= dueOn ? paused.from : (clock.ended?.on ?? null)
}

/** Where the clock stands on `today` (a local date). Stored due dates are an index only: refresh them with this. */
export function clockStatus(clock: LegalClock, today: string, calendar: Calendar): ClockStatus {
  const { due: dueOn, provisional } = dueDate(clock, calendar)
  const asOf = stoppedOn(clock, dueOn) ?? today
  const remainingDays = workingDaysBetween(calendar, asOf, dueOn)
  const isLate = asOf > dueOn
  const state = clock.ended
    ? clock.ended.as === 'cancelled'
      ? 'cancelled'
      : isLate
        ? 'met_late'
        : 'met'
    : openPause(clock)
      ? 'paused'
      : 'running'
  const isSoon = state === 'running' && remainingDays <= clock.terms.dueSoonDays
  return { state, dueOn, provisional, remainingDays, phase: isLate ? 'overdue' : isSoon ? 'due_soon' : 'normal' }
}
