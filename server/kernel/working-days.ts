import type { CalendarYear } from '#contract/duty.ts'
import { type FieldProblem, invalid } from './errors.ts'

/**
 * Working-day arithmetic on local dates of Asia/Shanghai (`YYYY-MM-DD`), never on instants. The start day is not counted
 * (Civil Code art. 201); made-up Saturdays and Sundays are working days. A year whose notice is not loaded is computed
 * with weekends only, and the answer says so (`provisional`).
 */

/** The loaded notices, by day number since 1970-01-01. Build it once, with `buildCalendar`. */
export interface Calendar {
  readonly years: ReadonlySet<number>
  readonly off: ReadonlySet<number>
  readonly makeUp: ReadonlySet<number>
}

export interface Due {
  due: string
  /** True when a counted day lies in a year without a notice: compute again when that year is loaded. */
  provisional: boolean
}

const DAY_MS = 86_400_000
const shanghaiDate = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' })
const shanghaiTime = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' })

/** The local date on which an instant falls: 16:00 UTC is already the next day. */
export const toLocalDate = (instant: Date | string): string => shanghaiDate.format(new Date(instant))

/** Days since 1970-01-01. @throws value.date for anything but an existing `YYYY-MM-DD`. */
export function toDayNumber(date: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : Number.NaN
  // Some engines roll 2025-02-30 over into March: only a date that prints as itself exists.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) throw invalid('value.date', { value: date })
  return ms / DAY_MS
}
export const toDate = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)
const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear()
/** Day 0 was a Thursday. */
const isWeekend = (day: number): boolean => ((((day + 4) % 7) + 7) % 7) % 6 === 0

/** Calendar days from one date to another; negative when `to` lies before `from`. */
export const daysBetween = (from: string, to: string): number => toDayNumber(to) - toDayNumber(from)

export const buildCalendar = (years: readonly CalendarYear[]): Calendar => ({
  years: new Set(years.map(({ year }) => year)),
  off: new Set(years.flatMap(({ off }) => off.map(toDayNumber))),
  makeUp: new Set(years.flatMap(({ makeUp }) => makeUp.map(toDayNumber))),
})

/**
 * What is wrong with a year that an administrator wants to load; empty when it can be trusted. A notice may touch the
 * December before its year (2018-12-29 was worked for New Year 2019).
 */
export function checkCalendarYear({ year, off, makeUp }: CalendarYear): FieldProblem[] {
  const belongs = (date: string) => date.startsWith(`${year}-`) || date.startsWith(`${year - 1}-12-`)
  const check = (list: readonly string[], name: string, isWrong: (date: string) => string | false) =>
    list.flatMap((date, i) => {
      const code = !belongs(date) ? 'duty.calendar_outside_year' : list.indexOf(date) !== i ? 'duty.calendar_twice' : isWrong(date)
      return code ? [{ pointer: `/${name}/${i}`, code, params: { date } }] : []
    })
  return [
    ...check(off, 'off', () => false),
    ...check(makeUp, 'makeUp', (date) =>
      off.includes(date) ? 'duty.calendar_twice' : !isWeekend(toDayNumber(date)) && 'duty.calendar_make_up_weekday',
    ),
  ]
}

const isWorking = ({ makeUp, off }: Calendar, day: number): boolean => makeUp.has(day) || (!isWeekend(day) && !off.has(day))

export const isWorkingDay = (calendar: Calendar, date: string): boolean => isWorking(calendar, toDayNumber(date))

/** The day on which a limit of `count` working days ends, counted from the day after `start`. Zero days end on `start`. */
export function addWorkingDays(calendar: Calendar, start: string, count: number): Due {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`working days: ${count}`)
  let day = toDayNumber(start)
  let provisional = false
  for (let left = count; left > 0; ) {
    day++
    provisional ||= !calendar.years.has(yearOf(day))
    if (isWorking(calendar, day)) left--
  }
  return { due: toDate(day), provisional }
}

/** Working days after `from` up to and including `to`: the inverse of `addWorkingDays`; negative when `to` lies before. */
export function workingDaysBetween(calendar: Calendar, from: string, to: string): number {
  const [first, last] = [toDayNumber(from), toDayNumber(to)]
  if (last < first) return 0 - workingDaysBetween(calendar, to, from)
  let count = 0
  for (let day = first + 1; day <= last; day++) if (isWorking(calendar, day)) count++
  return count
}

/** When something that arrives out of hours counts as received. Order 809 has no rule: it is the profile's choice. */
export type ReceiptPolicy = { policy: 'same_day' } | { policy: 'next_working_day'; closesAt: string }

/** The local date from which a limit runs. `closesAt` is local `HH:MM`; what arrives at that minute is too late. */
export function receiptDate(calendar: Calendar, instant: Date | string, receipt: ReceiptPolicy): string {
  const today = toLocalDate(instant)
  if (receipt.policy === 'same_day') return today
  const isOpen = isWorkingDay(calendar, today) && shanghaiTime.format(new Date(instant)) < receipt.closesAt
  return isOpen ? today : addWorkingDays(calendar, today, 1).due
}
