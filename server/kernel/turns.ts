import type { TurnRule } from '#contract/schedule/schedule.ts'
import { type Calendar, isWorkingDay, toDate, toDayNumber, toLocalDate } from './working-days.ts'

const minuteMs = 60_000
const dayMs = 1440 * minuteMs
/** Asia/Shanghai has had no summer time since 1991: local midnight is a fixed distance from UTC's. */
const shanghaiMs = 8 * 60 * minuteMs

/** Months in a cycle that is counted in months. */
const monthsOf = { monthly: 1, quarterly: 3, half_yearly: 6, yearly: 12 } as const

/** The instant of a local day number and minute of that day. */
const instantOf = (day: number, minute: number) => new Date(day * dayMs + minute * minuteMs - shanghaiMs)

function minutesOf({ cycle, everyMinutes, at }: TurnRule): number[] {
  if (cycle === 'realtime') return Array.from({ length: Math.ceil(1440 / everyMinutes) }, (_, i) => i * everyMinutes)
  const [hour, minute] = at.split(':').map(Number)
  return [hour! * 60 + minute!]
}

/** Days named by the cycle, from `first` on, without regard to holidays. A month that has no 31st takes its last day. */
function* namedDays(rule: TurnRule, first: number): Generator<number> {
  const { cycle } = rule
  if (cycle === 'realtime' || cycle === 'daily') for (let day = first; ; day++) yield day
  // Day 0, 1970-01-01, was a Thursday.
  if (cycle === 'weekly') for (let day = first + ((((rule.weekday - 4 - first) % 7) + 7) % 7); ; day += 7) yield day
  if (cycle === 'irregular') return
  const start = new Date(first * dayMs)
  const year = start.getUTCFullYear()
  for (let month = start.getUTCMonth(); ; month++) {
    if (month % monthsOf[cycle] !== (rule.month - 1) % monthsOf[cycle]) continue
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    const day = Date.UTC(year, month, Math.min(rule.day, lastDay)) / dayMs
    if (day >= first) yield day
  }
}

/** Days on which there are turns: those named, each moved to the next working day where only those count; two may fall together. */
function* turnDays(rule: TurnRule, calendar: Calendar, first: number): Generator<number> {
  if (!rule.workingDaysOnly) return yield* namedDays(rule, first)
  const isWorking = (day: number) => isWorkingDay(calendar, toDate(day))
  // A named day before a working day was moved to that day at the latest: only the free days right before `first` may reach it.
  let from = first
  while (!isWorking(from - 1)) from--
  let last = first - 1
  for (let day of namedDays(rule, from)) {
    while (!isWorking(day)) day++
    if (day > last) yield day
    last = Math.max(last, day)
  }
}

/**
 * The instants at which a plan is due, after `after`, ascending and without end; none for an irregular cycle. A pure function
 * of the rule and the calendar: nothing that was computed before has to be kept or corrected when either of them changes.
 */
export function* turnsAfter(rule: TurnRule, calendar: Calendar, after: Date): Generator<Date> {
  const minutes = minutesOf(rule)
  for (const day of turnDays(rule, calendar, toDayNumber(toLocalDate(after))))
    for (const minute of minutes) {
      const due = instantOf(day, minute)
      if (due > after) yield due
    }
}

/** Null where there is none. */
export const nextTurn = (rule: TurnRule, calendar: Calendar, after: Date): Date | null =>
  turnsAfter(rule, calendar, after).next().value ?? null

/** Every turn after `after` up to and including `until`. */
export function* turnsBetween(rule: TurnRule, calendar: Calendar, after: Date, until: Date): Generator<Date> {
  for (const due of turnsAfter(rule, calendar, after)) {
    if (due > until) return
    yield due
  }
}

/** The night that a turn belongs to, by the date of its morning: from noon to noon, so that each turn is on one morning page. */
export const nightOf = (due: Date): string => toLocalDate(new Date(due.getTime() + dayMs / 2))

/** Noon before the morning and noon after it. */
export function hoursOfNight(night: string): { from: Date; until: Date } {
  const from = instantOf(toDayNumber(night) - 1, 720)
  return { from, until: new Date(from.getTime() + dayMs) }
}
