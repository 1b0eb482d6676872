import assert from 'node:assert/strict'
import { test } from 'node:test'
import chineseDays from 'chinese-days'
import fc from 'fast-check'
import { loadCalendarYears } from './load-profile.ts'
import {
  addWorkingDays,
  buildCalendar,
  checkCalendarYear,
  daysBetween,
  isWorkingDay,
  receiptDate,
  toLocalDate,
  workingDaysBetween,
} from './working-days.ts'

const years = loadCalendarYears()
const calendar = buildCalendar(years)
const isOracleWorkday = (date: string) => chineseDays.isWorkday(date)
const dayAfter = (date: string, days = 1) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
const allDays = (year: number) =>
  Array.from({ length: daysBetween(`${year}-01-01`, `${year + 1}-01-01`) }, (_, i) => dayAfter(`${year}-01-01`, i))

test('the shipped notices say what an independent calendar says, day by day, with 248 working days a year', () => {
  for (const year of [2025, 2026]) {
    const working = allDays(year).filter((date) => isWorkingDay(calendar, date))
    assert.deepEqual(working, allDays(year).filter(isOracleWorkday))
    assert.equal(working.length, 248)
  }
})

test('the published vectors (facts §10) hold', () => {
  const vectors = `2025-09-26+1=2025-09-28 2025-09-30+1=2025-10-09 2025-09-30+10=2025-10-21 2025-12-31+2=2026-01-05 2025-12-31+3=2026-01-06
    2026-02-13+1=2026-02-14 2026-02-13+2=2026-02-24 2026-02-13+10=2026-03-05 2026-02-13+20=2026-03-19 2026-04-03+1=2026-04-07
    2026-09-18+10=2026-10-09 2026-09-30+1=2026-10-08 2026-09-30+20=2026-11-03 2026-12-11+10=2026-12-25`.split(/\s+/)
  for (const vector of vectors) {
    const [, start, count, due] = /^(.+)\+(\d+)=(.+)$/.exec(vector)!
    assert.deepEqual(addWorkingDays(calendar, start!, Number(count)), { due, provisional: false }, vector)
    assert.equal(workingDaysBetween(calendar, start!, due!), Number(count), vector)
  }
})

const dateOf2025To2026 = fc.integer({ min: 0, max: 700 }).map((i) => dayAfter('2025-01-01', i))

test('a due date is a working day, exactly so many working days of the independent calendar after the start', () => {
  fc.assert(
    fc.property(dateOf2025To2026, fc.integer({ min: 1, max: 15 }), (start, count) => {
      const { due } = addWorkingDays(calendar, start, count)
      let seen = 0
      for (let date = dayAfter(start); date <= due; date = dayAfter(date)) if (isOracleWorkday(date)) seen++
      assert.equal(seen, count)
      assert.ok(isOracleWorkday(due))
    }),
  )
})

test('counting back is the mirror of counting forward, and adds up', () => {
  fc.assert(
    fc.property(dateOf2025To2026, dateOf2025To2026, dateOf2025To2026, (a, b, c) => {
      assert.equal(workingDaysBetween(calendar, a, b) + workingDaysBetween(calendar, b, a), 0)
      assert.equal(workingDaysBetween(calendar, a, b) + workingDaysBetween(calendar, b, c), workingDaysBetween(calendar, a, c))
    }),
  )
})

test('a year without a notice counts weekends only and the due date is provisional until it is loaded', () => {
  assert.deepEqual(addWorkingDays(calendar, '2026-12-30', 2), { due: '2027-01-01', provisional: true })
  assert.deepEqual(addWorkingDays(calendar, '2026-12-30', 1), { due: '2026-12-31', provisional: false })
  assert.deepEqual(
    addWorkingDays(calendar, '2024-12-31', 1),
    { due: '2025-01-02', provisional: false },
    'the start day itself is not counted',
  )
  const loaded = buildCalendar([...years, { year: 2027, source: 'test', off: ['2027-01-01'], makeUp: ['2027-01-02'] }])
  assert.deepEqual(addWorkingDays(loaded, '2026-12-30', 2), { due: '2027-01-02', provisional: false })
})

test('the local date is that of Asia/Shanghai, whatever the machine believes', () => {
  assert.equal(toLocalDate('2026-02-13T15:59:59.999Z'), '2026-02-13')
  assert.equal(toLocalDate('2026-02-13T16:00:00Z'), '2026-02-14')
  assert.equal(toLocalDate(new Date('2026-01-01T00:00:00+08:00')), '2026-01-01')
})

test('out of hours: same day by default, the next working day where the profile says so', () => {
  const closing = { policy: 'next_working_day', closesAt: '17:30' } as const
  assert.equal(receiptDate(calendar, '2026-02-14T23:00:00+08:00', { policy: 'same_day' }), '2026-02-14')
  assert.equal(receiptDate(calendar, '2026-02-14T17:29:00+08:00', closing), '2026-02-14', 'a made-up Saturday is open')
  assert.equal(receiptDate(calendar, '2026-02-14T17:30:00+08:00', closing), '2026-02-24')
  assert.equal(receiptDate(calendar, '2026-02-15T09:00:00+08:00', closing), '2026-02-24')
})

test('an imported year is refused with every problem at once', () => {
  for (const year of years) assert.deepEqual(checkCalendarYear(year), [])
  assert.deepEqual(
    checkCalendarYear({ year: 2019, source: 'test', off: ['2018-12-30', '2018-12-31', '2019-01-01'], makeUp: ['2018-12-29'] }),
    [],
  )
  const problems = checkCalendarYear({
    year: 2027,
    source: 'test',
    off: ['2027-01-01', '2027-01-01', '2026-11-30'],
    makeUp: ['2027-01-04', '2027-01-01'],
  })
  assert.deepEqual(
    problems.map(({ pointer, code }) => `${pointer} ${code}`),
    [
      '/off/1 duty.calendar_twice',
      '/off/2 duty.calendar_outside_year',
      '/makeUp/0 duty.calendar_make_up_weekday',
      '/makeUp/1 duty.calendar_twice',
    ],
  )
})

test('a date that does not exist is refused', () => {
  for (const date of ['2025-02-30', '2025-13-01', '2025-1-1', '20250101', '', '2025-01-01T00:00:00Z'])
    assert.throws(() => isWorkingDay(calendar, date), { code: 'value.date' }, date)
  assert.throws(() => addWorkingDays(calendar, '2025-01-01', -1), RangeError)
})
