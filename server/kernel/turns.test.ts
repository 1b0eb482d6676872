import assert from 'node:assert/strict'
import { test } from 'node:test'
import chineseDays from 'chinese-days'
import fc from 'fast-check'
import type { TurnRule } from '#contract/schedule/schedule.ts'
import { loadCalendarYears } from './load-profile.ts'
import { hoursOfNight, nextTurn, nightOf, turnsBetween } from './turns.ts'
import { buildCalendar } from './working-days.ts'

const calendar = buildCalendar(loadCalendarYears())
const rule = (given: Partial<TurnRule>): TurnRule => ({
  cycle: 'daily',
  at: '02:00',
  everyMinutes: 15,
  weekday: 1,
  day: 1,
  month: 1,
  workingDaysOnly: false,
  ...given,
})
const local = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const show = (instant: Date | null) =>
  instant && new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(instant)

test('next turns of every cycle, with the ends of months, leap years, holidays and made-up working days', () => {
  const cases: [Partial<TurnRule>, string, string | null][] = [
    [{ cycle: 'daily' }, '2026-03-01 02:00', '2026-03-02 02:00'],
    [{ cycle: 'daily' }, '2026-03-01 01:59', '2026-03-01 02:00'],
    [{ cycle: 'realtime', everyMinutes: 15 }, '2026-03-01 23:50', '2026-03-02 00:00'],
    // An interval that does not divide the day begins anew at midnight.
    [{ cycle: 'realtime', everyMinutes: 420 }, '2026-03-01 21:00', '2026-03-02 00:00'],
    [{ cycle: 'weekly', weekday: 7 }, '2026-03-01 02:00', '2026-03-08 02:00'],
    [{ cycle: 'monthly', day: 31 }, '2026-01-31 02:00', '2026-02-28 02:00'],
    [{ cycle: 'monthly', day: 29 }, '2028-01-31 02:00', '2028-02-29 02:00'],
    [{ cycle: 'monthly', day: 31 }, '2026-04-01 00:00', '2026-04-30 02:00'],
    [{ cycle: 'quarterly', month: 3, day: 31 }, '2026-03-31 02:00', '2026-06-30 02:00'],
    [{ cycle: 'half_yearly', month: 6, day: 30 }, '2026-06-30 02:00', '2026-12-30 02:00'],
    [{ cycle: 'yearly', month: 2, day: 29 }, '2026-02-28 02:00', '2027-02-28 02:00'],
    [{ cycle: 'yearly', month: 2, day: 29 }, '2027-02-28 02:00', '2028-02-29 02:00'],
    [{ cycle: 'irregular' }, '2026-01-01 00:00', null],
    // The National Day holiday of 2025 lasts from 1 to 8 October; Sunday, 28 September, and Saturday, 11 October, are worked.
    [{ cycle: 'daily', workingDaysOnly: true }, '2025-09-30 02:00', '2025-10-09 02:00'],
    [{ cycle: 'daily', workingDaysOnly: true }, '2025-09-26 02:00', '2025-09-28 02:00'],
    [{ cycle: 'daily', workingDaysOnly: true }, '2025-10-10 02:00', '2025-10-11 02:00'],
    [{ cycle: 'weekly', weekday: 4, workingDaysOnly: true }, '2025-09-26 00:00', '2025-10-09 02:00'],
    [{ cycle: 'monthly', day: 1, workingDaysOnly: true }, '2025-09-30 00:00', '2025-10-09 02:00'],
    [{ cycle: 'realtime', everyMinutes: 720, workingDaysOnly: true }, '2025-09-30 12:00', '2025-10-09 00:00'],
  ]
  for (const [given, after, expected] of cases)
    assert.equal(show(nextTurn(rule(given), calendar, local(after))), expected, JSON.stringify([given, after]))
})

// The oracle asks of each single minute whether a turn is due then, in words of the calendar and not by stepping to it.
const dayText = (date: Date) => date.toISOString().slice(0, 10)
const shifted = (day: string, days: number) => dayText(new Date(Date.parse(day) + days * 86_400_000))
function isNamed({ cycle, weekday, day, month }: TurnRule, date: string): boolean {
  const [, monthOfYear, dayOfMonth] = date.split('-').map(Number)
  const span = { monthly: 1, quarterly: 3, half_yearly: 6, yearly: 12 }[cycle as 'monthly']
  const isLast = shifted(date, 1).endsWith('-01')
  const isDay = dayOfMonth === day || (isLast && dayOfMonth! < day)
  if (cycle === 'irregular') return false
  if (cycle === 'weekly') return (new Date(date).getUTCDay() || 7) === weekday
  return span === undefined || (isDay && (monthOfYear! - 1) % span === (month - 1) % span)
}
function isTurnDay(of: TurnRule, date: string): boolean {
  if (!of.workingDaysOnly) return isNamed(of, date)
  if (!chineseDays.isWorkday(date)) return false
  for (let named = date; ; named = shifted(named, -1)) {
    if (isNamed(of, named)) return true
    if (chineseDays.isWorkday(shifted(named, -1))) return false
  }
}
function* dueByOracle(of: TurnRule, after: Date, until: Date): Generator<string> {
  for (let day = dayText(new Date(after.getTime() + 28_800_000)); ; day = shifted(day, 1)) {
    if (new Date(`${day}T00:00:00+08:00`) > until) return
    if (!isTurnDay(of, day)) continue
    for (let minute = 0; minute < 1440; minute++) {
      const at = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
      const instant = new Date(`${day}T${at}:00+08:00`)
      const isTime = of.cycle === 'realtime' ? minute % of.everyMinutes === 0 : at === of.at
      if (isTime && instant > after && instant <= until) yield instant.toISOString()
    }
  }
}

const anyRule = fc.record({
  cycle: fc.constantFrom('realtime', 'daily', 'weekly', 'monthly', 'quarterly', 'half_yearly', 'yearly', 'irregular'),
  at: fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((pair) => pair.map((n) => String(n).padStart(2, '0')).join(':')),
  everyMinutes: fc.integer({ min: 5, max: 720 }),
  weekday: fc.integer({ min: 1, max: 7 }),
  day: fc.integer({ min: 1, max: 31 }),
  month: fc.integer({ min: 1, max: 12 }),
  workingDaysOnly: fc.boolean(),
}) as fc.Arbitrary<TurnRule>
/** Within the years whose notices both calendars know. */
const anyInstant = fc
  .integer({ min: Date.UTC(2025, 0, 12) / 60_000, max: Date.UTC(2026, 5, 1) / 60_000 })
  .map((minutes) => new Date(minutes * 60_000))

test('between any two instants there are exactly the turns that an oracle finds minute by minute', () => {
  fc.assert(
    fc.property(anyRule, anyInstant, fc.integer({ min: 1, max: 200 }), (of, after, days) => {
      const until = new Date(after.getTime() + (of.cycle === 'realtime' ? Math.min(days, 3) : days) * 86_400_000 + 3_600_000)
      const found = [...turnsBetween(of, calendar, after, until)].map((due) => due.toISOString())
      assert.deepEqual(found, [...dueByOracle(of, after, until)])
    }),
    { numRuns: 150 },
  )
})

test('a turn does not depend on when it was asked for: the next one after any earlier instant is the same', () => {
  fc.assert(
    fc.property(anyRule, anyInstant, fc.double({ min: 0, max: 1, noNaN: true }), (of, after, share) => {
      const next = nextTurn(of, calendar, after)
      if (!next) return
      const between = new Date(after.getTime() + Math.floor((next.getTime() - after.getTime() - 1) * share))
      assert.deepEqual(nextTurn(of, calendar, between), next)
    }),
  )
})

test('a night goes from noon to noon and has the date of its morning', () => {
  assert.equal(nightOf(local('2026-03-01 11:59')), '2026-03-01')
  assert.equal(nightOf(local('2026-03-01 12:00')), '2026-03-02')
  const { from, until } = hoursOfNight('2026-03-02')
  assert.deepEqual([show(from), show(until)], ['2026-03-01 12:00', '2026-03-02 12:00'])
})
