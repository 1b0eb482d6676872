import assert from 'node:assert/strict'
import { test } from 'node:test'
import chineseDays from 'chinese-days'
import fc from 'fast-check'
import {
  type ClockTerms,
  cancelClock,
  clockStatus,
  extendClock,
  isExtendable,
  type LegalClock,
  meetClock,
  pauseClock,
  resumeClock,
  startClock,
} from './clock.ts'
import { loadCalendarYears } from './load-profile.ts'
import { addWorkingDays, buildCalendar } from './working-days.ts'

const years = loadCalendarYears()
const calendar = buildCalendar(years)
const replyTerms: ClockTerms = { days: 10, maxExtensionDays: 10, afterCompletion: 'pause', dueSoonDays: 2 }
const dayAfter = (date: string, days = 1) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
const reply = startClock(replyTerms, '2026-02-13')

test('a running clock is normal, then due soon, then overdue on the day after its due date', () => {
  const at = (today: string) => clockStatus(reply, today, calendar)
  assert.deepEqual(at('2026-02-13'), { state: 'running', dueOn: '2026-03-05', provisional: false, remainingDays: 10, phase: 'normal' })
  assert.deepEqual([at('2026-03-02').phase, at('2026-03-03').phase], ['normal', 'due_soon'])
  assert.deepEqual([at('2026-03-05').remainingDays, at('2026-03-05').phase], [0, 'due_soon'])
  assert.deepEqual([at('2026-03-06').remainingDays, at('2026-03-06').phase], [-1, 'overdue'])
})

test('met on the due date is in time, a day later is late, whenever one looks', () => {
  assert.deepEqual(clockStatus(meetClock(reply, '2026-03-05'), '2026-12-31', calendar), {
    state: 'met',
    dueOn: '2026-03-05',
    provisional: false,
    remainingDays: 0,
    phase: 'normal',
  })
  const late = clockStatus(meetClock(reply, '2026-03-09'), '2026-12-31', calendar)
  assert.deepEqual([late.state, late.phase, late.remainingDays], ['met_late', 'overdue', -2])
  assert.equal(clockStatus(cancelClock(reply, '2026-02-24'), '2026-12-31', calendar).state, 'cancelled')
})

test('completion pauses: the rest of the limit runs on after the day of resumption', () => {
  const paused = pauseClock(reply, '2026-02-25')
  assert.deepEqual(clockStatus(paused, '2026-06-01', calendar), {
    state: 'paused',
    dueOn: '2026-03-05',
    provisional: false,
    remainingDays: 7,
    phase: 'normal',
  })
  const resumed = resumeClock(paused, '2026-03-10')
  assert.equal(clockStatus(resumed, '2026-03-10', calendar).dueOn, addWorkingDays(calendar, '2026-03-10', 7).due)
  const restarted = resumeClock(
    pauseClock(startClock({ ...replyTerms, afterCompletion: 'restart' }, '2026-02-13'), '2026-02-25'),
    '2026-03-10',
  )
  assert.equal(clockStatus(restarted, '2026-03-10', calendar).dueOn, addWorkingDays(calendar, '2026-03-10', 10).due)
})

test('a return for completion after the due date cures no delay, under either policy', () => {
  for (const afterCompletion of ['pause', 'restart'] as const) {
    const paused = pauseClock(startClock({ ...replyTerms, afterCompletion }, '2026-02-13'), '2026-03-06')
    const status = clockStatus(paused, '2026-03-09', calendar)
    assert.deepEqual([status.state, status.phase, status.dueOn, status.remainingDays], ['paused', 'overdue', '2026-03-05', -2])
    assert.equal(clockStatus(meetClock(resumeClock(paused, '2026-04-01'), '2026-04-02'), '2026-04-02', calendar).state, 'met_late')
  }
})

test('an extension needs consent, fits the maximum, comes before the due date has passed, and only once', () => {
  const on = '2026-03-02'
  const extend = (clock: LegalClock, change: object = {}) => extendClock(clock, { on, days: 5, consentBy: 'bureau', ...change }, calendar)
  const extended = extend(reply)
  assert.equal(clockStatus(extended, on, calendar).dueOn, addWorkingDays(calendar, '2026-02-13', 15).due)
  assert.throws(() => extend(extended), { code: 'duty.extension_used' })
  assert.throws(() => extend(reply, { days: 11 }), { code: 'duty.extension_days' })
  assert.throws(() => extend(reply, { days: 0 }), { code: 'duty.extension_days' })
  assert.throws(() => extend(reply, { consentBy: ' ' }), { code: 'duty.extension_consent' })
  assert.throws(() => extend(reply, { on: '2026-03-06' }), { code: 'duty.extension_overdue' })
  assert.throws(() => extend(startClock({ ...replyTerms, maxExtensionDays: 0 }, on)), { code: 'duty.extension_none' })
  assert.throws(() => extend(meetClock(reply, on)), { code: 'duty.clock_ended' })
  const never = startClock({ ...replyTerms, maxExtensionDays: 0 }, on)
  const isOffered = (clock: LegalClock, day = on) => isExtendable(clock, clockStatus(clock, day, calendar))
  assert.ok(isOffered(reply))
  for (const clock of [extended, never, meetClock(reply, on)]) assert.ok(!isOffered(clock))
  assert.ok(!isOffered(reply, '2026-03-06'))
})

test('steps out of turn are refused', () => {
  const paused = pauseClock(reply, '2026-02-25')
  const ended = meetClock(reply, '2026-02-25')
  assert.throws(() => pauseClock(paused, '2026-02-26'), { code: 'duty.clock_paused' })
  assert.throws(() => resumeClock(reply, '2026-02-26'), { code: 'duty.clock_not_paused' })
  assert.throws(() => resumeClock(paused, '2026-02-24'), { code: 'duty.clock_backwards' })
  assert.throws(() => meetClock(reply, '2026-02-12'), { code: 'duty.clock_backwards' })
  for (const step of [pauseClock, resumeClock, meetClock, cancelClock])
    assert.throws(() => step(ended, '2026-02-26'), { code: 'duty.clock_ended' })
})

test('loading the next year moves a provisional due date and settles whether an act was late', () => {
  const clock = meetClock(startClock(replyTerms, '2026-12-25'), '2027-01-11')
  const before = clockStatus(clock, '2027-01-11', calendar)
  assert.deepEqual([before.dueOn, before.provisional, before.state], ['2027-01-08', true, 'met_late'])
  const loaded = buildCalendar([...years, { year: 2027, source: 'test', off: ['2027-01-01'], makeUp: [] }])
  const after = clockStatus(clock, '2027-01-11', loaded)
  assert.deepEqual([after.dueOn, after.provisional, after.state], ['2027-01-11', false, 'met'])
})

/** A history of at most three pauses, as gaps in days. */
const history = fc.record({
  days: fc.integer({ min: 1, max: 20 }),
  extra: fc.integer({ min: 0, max: 10 }),
  afterCompletion: fc.constantFrom('pause' as const, 'restart' as const),
  start: fc.integer({ min: 0, max: 300 }).map((i) => dayAfter('2025-01-01', i)),
  gaps: fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 20 })), { maxLength: 3 }),
})
type History = typeof history extends fc.Arbitrary<infer T> ? T : never

function play({ days, extra, afterCompletion, start, gaps }: History): LegalClock {
  let clock = startClock({ days, maxExtensionDays: 10, afterCompletion, dueSoonDays: 2 }, start)
  if (extra > 0) clock = extendClock(clock, { on: start, days: extra, consentBy: 'bureau' }, calendar)
  let on = start
  for (const [wait, away] of gaps) {
    clock = resumeClock(pauseClock(clock, dayAfter(on, wait)), dayAfter(on, wait + away))
    on = dayAfter(on, wait + away)
  }
  return clock
}

/** Walks day by day through an independent calendar, spending one day of the budget at a time. */
function walk({ days, extra, afterCompletion, start }: History, pauses: LegalClock['pauses']): string {
  const queue = [...pauses]
  let [today, left] = [start, days + extra]
  for (;;) {
    while (queue[0]?.from === today) {
      const { from, to } = queue.shift()!
      if (afterCompletion === 'restart') left = days + extra
      else if (to !== from && left === 0) left = 1
      today = to!
    }
    if (left === 0) return today
    today = dayAfter(today)
    if (chineseDays.isWorkday(today)) left--
  }
}

test('the due date is what a clerk finds who crosses off one day after the other', () => {
  fc.assert(
    fc.property(history, (past) => {
      const clock = play(past)
      assert.equal(clockStatus(clock, past.start, calendar).dueOn, walk(past, clock.pauses))
    }),
    { numRuns: 300 },
  )
})

test('neither pauses nor an extension ever shorten a limit', () => {
  fc.assert(
    fc.property(history, (past) => {
      const dueOn = (change: Partial<History>) => clockStatus(play({ ...past, ...change }), past.start, calendar).dueOn
      assert.ok(dueOn({}) >= dueOn({ gaps: [] }))
      assert.ok(dueOn({ gaps: past.gaps.slice(0, -1) }) <= dueOn({}))
      assert.ok(dueOn({ extra: 0 }) <= dueOn({}))
    }),
  )
})

test('as days pass an open clock only gets worse: fewer days left, never back to an earlier phase', () => {
  const rank = { normal: 0, due_soon: 1, overdue: 2 }
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: 60 }), (past, later) => {
      const clock = play(past)
      const [now, then] = [clockStatus(clock, past.start, calendar), clockStatus(clock, dayAfter(past.start, later), calendar)]
      assert.ok(then.remainingDays <= now.remainingDays)
      assert.ok(rank[then.phase] >= rank[now.phase])
    }),
  )
})
