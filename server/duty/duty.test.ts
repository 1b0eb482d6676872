import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { CalendarYear } from '#contract/duty.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import type { ClockTerms, LegalClock } from '../kernel/clock.ts'
import * as legal from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { inTx, type TxCtx } from '../store/index.ts'
import { selectCalendar } from './calendar-store.ts'
import { insertClock, selectClocks, standing } from './clock-store.ts'
import { escalateClocks } from './escalate-clocks.ts'
import { cancelClock, clocksOf, extendClock, meetClock, pauseClock, resumeClock, startClock } from './index.ts'

let city: TestCity
let transport: Client
let bureau: Client
const at = (day: string) => city.setNow(`${day}T10:00:00+08:00`)
before(async () => {
  city = await openTestCity({ now: '2025-09-26T10:00:00+08:00' })
  transport = await city.as('厦门市交通运输局', 'data_officer')
  bureau = await city.as('厦门市数据管理局', 'bureau_officer')
})
after(() => city.close())

const act = <T>(work: (ctx: TxCtx) => Promise<T>) => inTx(city.app.system('test'), work)
const start = (org = transport.org) => {
  const object = { type: 'request' as const, id: newId(), name: '公交线路' }
  return act((ctx) => startClock(ctx, { rule: 'request_reply_conditional', object, owner: org })).then((clock) => ({
    clock: clock!,
    key: { rule: 'request_reply_conditional' as const, objectId: object.id },
  }))
}
const events = (action: string, objectId: string) =>
  city.app.plane.db.selectFrom('platform.event').selectAll().where('action', '=', action).where('object_id', '=', objectId).execute()
const isRefused = (code: string) => (error: unknown) => error instanceof AppError && error.code === code

test('a reply clock counts ten working days over the National Day holiday and its make-up days', async () => {
  const { clock } = await start()
  assert.equal(clock.startedOn, '2025-09-26')
  // 28 September and 11 October are worked, 1 to 8 October are off (国办发明电〔2024〕12号).
  assert.equal(clock.dueOn, '2025-10-16')
  assert.deepEqual([clock.state, clock.phase, clock.remainingDays, clock.provisional], ['running', 'normal', 10, false])
  assert.match(clock.citation, /第809号/)
})

test('a return for completion stops the clock, and the rest of the limit runs on', async () => {
  const { key } = await start()
  at('2025-09-29')
  assert.equal((await act((ctx) => pauseClock(ctx, key)))!.state, 'paused')
  await assert.rejects(
    act((ctx) => pauseClock(ctx, key)),
    isRefused('duty.clock_paused'),
  )
  at('2025-10-20')
  assert.equal((await clocksOf(city.app.system('test'), [key.objectId])).get(key.objectId)![0]!.phase, 'normal')
  const clock = await act((ctx) => resumeClock(ctx, key))
  assert.deepEqual([clock!.state, clock!.remainingDays, clock!.dueOn], ['running', 8, '2025-10-30'])
  at('2025-10-30')
  assert.equal((await act((ctx) => meetClock(ctx, key)))!.state, 'met')
  assert.equal(await act((ctx) => meetClock(ctx, key)), null)
  at('2025-09-26')
})

test('an extension needs consent, is given once, and never after the due date', async () => {
  const { key } = await start()
  const extend = (days: number, consentBy = '厦门市数据管理局') => act((ctx) => extendClock(ctx, key, { days, consentBy }))
  await assert.rejects(extend(11), isRefused('duty.extension_days'))
  await assert.rejects(extend(5, ' '), isRefused('duty.extension_consent'))
  assert.equal((await extend(5))!.dueOn, '2025-10-23')
  await assert.rejects(extend(1), isRefused('duty.extension_used'))
  assert.equal((await act((ctx) => cancelClock(ctx, key)))!.state, 'cancelled')
})

test('two who move a clock at once: one wins', async () => {
  const { key } = await start()
  const both = await Promise.allSettled([act((ctx) => meetClock(ctx, key)), act((ctx) => cancelClock(ctx, key))])
  const moved = both.filter((one) => one.status === 'fulfilled' && one.value !== null)
  assert.equal(moved.length, 1)
})

test('an object has one open clock of a rule, and none where the profile sets no days', async () => {
  const { key } = await start()
  const object = { type: 'request' as const, id: key.objectId, name: '公交线路' }
  await assert.rejects(
    act((ctx) => startClock(ctx, { rule: 'request_reply_conditional', object, owner: transport.org })),
    isRefused('duty.clock_running'),
  )
  const entry = { type: 'revision' as const, id: newId(), name: '目录' }
  assert.equal(await act((ctx) => startClock(ctx, { rule: 'withdrawal_notice', object: entry, owner: transport.org })), null)
  await act((ctx) => cancelClock(ctx, key))
})

test('escalation says of each clock once that it is due soon and once that it is overdue', async () => {
  const { key } = await start()
  const sweep = () => escalateClocks(city.app.system('duty.escalate_clocks'))
  const said = async () => [
    (await events('duty.clock_due_soon', key.objectId)).length,
    (await events('duty.clock_overdue', key.objectId)).length,
  ]
  await sweep()
  assert.deepEqual(await said(), [0, 0])
  at('2025-10-14')
  await Promise.all([sweep(), sweep()])
  assert.deepEqual(await said(), [1, 0])
  at('2025-10-17')
  await sweep()
  await sweep()
  assert.deepEqual(await said(), [1, 1])
  const [told] = await events('duty.clock_overdue', key.objectId)
  assert.equal(JSON.parse(told!.detail).ownerOrgId, transport.org.id)
  await act((ctx) => cancelClock(ctx, key))
  at('2025-09-26')
})

test('a department sees its own clocks, the bureau all of them, and pages neither repeat nor lose one', async () => {
  const health = await city.as('厦门市卫生健康委员会', 'data_officer')
  for (let n = 0; n < 3; n++) await start(health.org)
  const mine = await health.call('list_clocks', { query: { state: 'running' } })
  assert.equal(mine.items.length, 3)
  assert.ok(mine.items.every(({ owner }) => owner.id === health.org.id))
  assert.ok((await transport.call('list_clocks')).items.every(({ owner }) => owner.id === transport.org.id))
  const seen: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await bureau.call('list_clocks', { query: { limit: 2, ...(cursor && { cursor }) } })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next
  }
  const all = await city.app.plane.db.selectFrom('duty.clock').select('id').execute()
  assert.deepEqual(seen.toSorted(), all.map(({ id }) => id).sort())
  assert.equal((await bureau.attempt('list_clocks', { query: { cursor: "x' or 1=1" } })).statusCode, 400)
})

test('the phase of a list is the phase of the clock, whatever happened to it and whenever one looks', async () => {
  const ctx = city.app.system('test')
  const calendar = await selectCalendar(ctx.db)
  const terms: ClockTerms = { days: 5, maxExtensionDays: 5, afterCompletion: 'pause', dueSoonDays: 2 }
  const day = (n: number) => new Date(Date.UTC(2025, 8, 15 + n)).toISOString().slice(0, 10)
  const moves: ((clock: LegalClock, on: string) => LegalClock)[] = [
    legal.pauseClock,
    legal.resumeClock,
    legal.meetClock,
    legal.cancelClock,
    (clock, on) => legal.extendClock(clock, { on, days: 3, consentBy: '局' }, calendar),
  ]
  const orgId = (await city.org('厦门市时限测试局')).id
  const made = new Map<string, LegalClock>()
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.nat(moves.length - 1)), { maxLength: 4 })
  for (const list of fc.sample(fc.tuple(steps, fc.boolean()), 300)) {
    let clock = legal.startClock({ ...terms, afterCompletion: list[1] ? 'pause' : 'restart' }, day(0))
    for (const [n, move] of list[0].toSorted((a, b) => a[0] - b[0])) {
      try {
        clock = moves[move]!(clock, day(n))
      } catch (error) {
        assert.ok(error instanceof AppError)
      }
    }
    const id = newId()
    made.set(id, clock)
    const object = { object_type: 'request', object_id: newId(), object_name: 'x' }
    const row = { id, rule: 'supply', ...object, owner_org_id: orgId, citation: 'x', started_on: day(0), ...standing(clock, calendar) }
    await act((ctx) => insertClock(ctx.db, row as never))
  }
  for (const n of [0, 3, 5, 7, 12, 20, 40]) {
    const today = day(n)
    for (const phase of ['normal', 'due_soon', 'overdue'] as const) {
      const listed = await selectClocks(ctx.db, { ownerOrgId: orgId }, { phase, today }, { after: null, limit: 1000 })
      const wanted = [...made].filter(([, clock]) => legal.clockStatus(clock, today, calendar).phase === phase).map(([id]) => id)
      assert.deepEqual(listed.map(({ id }) => id).sort(), wanted.sort(), `${phase} on ${today}`)
    }
  }
  await city.app.plane.db.deleteFrom('duty.clock').where('owner_org_id', '=', orgId).execute()
})

const year2027: CalendarYear = { year: 2027, off: ['2027-01-01'], makeUp: [], source: '测试用通知' }

test('importing a year makes provisional dates final, and moves those that it changes', async () => {
  at('2026-12-28')
  transport = await city.as('厦门市交通运输局', 'data_officer')
  const admin = await city.as('厦门市信息中心', 'system_admin')
  const { clock, key } = await start()
  assert.deepEqual([clock.dueOn, clock.provisional], ['2027-01-11', true])
  const { recomputed } = await admin.call('import_calendar_year', { params: { year: 2027 }, body: year2027 })
  assert.ok(recomputed >= 1)
  const [moved] = (await clocksOf(city.app.system('test'), [key.objectId])).get(key.objectId)!
  assert.deepEqual([moved!.dueOn, moved!.provisional], ['2027-01-12', false])
  const again = { ...year2027, off: ['2027-01-01', '2027-01-04'] }
  await admin.call('import_calendar_year', { params: { year: 2027 }, body: again })
  const years = await admin.call('list_calendar_years')
  assert.deepEqual(years.years.find(({ year }) => year === 2027)?.off, again.off)
  assert.equal((await clocksOf(city.app.system('test'), [key.objectId])).get(key.objectId)![0]!.dueOn, '2027-01-13')
})

test('a wrong notice is refused as a whole, each wrong day by its place', async () => {
  const admin = await city.as('厦门市信息中心', 'system_admin')
  const wrong = { ...year2027, year: 2028, off: ['2029-01-01', '2028-01-03', '2028-01-03'], makeUp: ['2028-01-04'] }
  const refused = await admin.attempt('import_calendar_year', { params: { year: 2027 }, body: wrong })
  assert.equal(refused.statusCode, 400)
  assert.deepEqual(
    refused.json().errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`),
    [
      '/off/0 duty.calendar_outside_year',
      '/off/2 duty.calendar_twice',
      '/makeUp/0 duty.calendar_make_up_weekday',
      '/year duty.calendar_other_year',
    ],
  )
  assert.equal((await transport.attempt('import_calendar_year', { params: { year: 2027 }, body: year2027 })).statusCode, 403)
})

test('the calendars that come with the program are known from the first start, and a restart does not repeat them', async () => {
  const before = await transport.call('list_calendar_years')
  assert.deepEqual(before.years.map(({ year }) => year).slice(0, 2), [2025, 2026])
  const count = () => city.app.plane.db.selectFrom('platform.event').selectAll().where('action', '=', 'duty.calendar_imported').execute()
  const imports = (await count()).length
  await city.restart()
  assert.equal((await count()).length, imports)
  assert.deepEqual(await transport.call('list_calendar_years'), before)
})

test('every value of the profile is shown with its citation', async () => {
  const profile = await transport.call('get_profile')
  assert.equal(profile.id, 'xiamen')
  assert.ok(profile.values.length > 50 && profile.values.every(({ cite }) => cite.length > 3))
  const update = profile.values.find(({ key }) => key === 'clocks.catalog_update.days')
  assert.equal(update?.value, 7)
  // The plan expired on 2026-06-06; the city's clock stands in 2026-12.
  assert.equal(update?.isExpired, true)
})
