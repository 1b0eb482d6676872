import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { publishEntry } from '#testing/build-entry.ts'
import { runPlan } from '#testing/await-load.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { plenty, runTurns } from '#testing/night/run-turns.ts'
import { sweepLoads } from '../load/sweep-loads.ts'
import { advanceTurns } from './advance-turns.ts'
import { settled } from './settle-turns.ts'

let city: TestCity
before(async () => {
  city = await openTestCity({ now: '2026-03-02T10:00:00+08:00' })
})
after(() => city.close())
// The plans of one test are not due in the next.
afterEach(() => city.app.plane.db.updateTable('ingestion.schedule').set({ paused_at: '2026-01-01T00:00:00Z' }).execute())

const at = (local: string) => city.setNow(`${local.replace(' ', 'T')}:00+08:00`)
const rows = (count: number) => Buffer.from(['id,name', ...Array.from({ length: count }, (_, i) => `${i},第${i}号`), ''].join('\n'))
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 60 },
] as const

interface Built {
  steward: Client
  planId: string
  upload(content: Buffer): Promise<unknown>
  turns(night?: string): ReturnType<typeof turnsOf>
}
const turnsOf = async (steward: Client, planId: string, night?: string) =>
  (await steward.call('list_turns', { query: { planId, ...(night && { night }) } })).items

let built = 0
async function build(organisation: string, updateCycle: 'daily' | 'monthly' | 'irregular' = 'daily'): Promise<Built> {
  const { entryId, steward } = await publishEntry(city, organisation, { name: `目录${++built}`, items: [...items], updateCycle })
  const { id: sourceId } = await steward.call('create_source', { body: { name: `上传${built}`, settings: { kind: 'upload' } } })
  const upload = (body: Buffer) => steward.call('upload_file', { query: { fileName: 'a.csv', sourceId }, body })
  await upload(rows(10))
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const { id: planId } = await steward.call('create_plan', { body: { entryId, sourceId, object: 'a.csv', mapping } })
  return { steward, planId, upload, turns: (night) => turnsOf(steward, planId, night) }
}
const schedule = ({ steward, planId }: Built, body: object = {}) =>
  steward.call('set_schedule', { params: { planId }, body: { version: 0, ...body } })

test('a schedule follows the cycle of the catalog, and each due time has one turn and one load, also after a restart and with two schedulers', async () => {
  at('2026-03-02 10:00')
  const one = await build('厦门市交通运输局')
  const set = await schedule(one)
  assert.deepEqual([set.follows, set.cycle, set.nextDueAt, set.isPaused], ['daily', null, '2026-03-02T18:00:00.000Z', false])
  at('2026-03-03 01:59')
  await runTurns(city)
  assert.deepEqual(await one.turns('2026-03-03'), [])
  at('2026-03-03 02:00')
  const ctx = city.app.system('ingestion.advance_turns')
  await Promise.all([advanceTurns(ctx, plenty), advanceTurns(ctx, plenty), advanceTurns(ctx, plenty)])
  await city.restart()
  // A load that was running is taken up once its worker has been silent for long enough.
  at('2026-03-03 02:01')
  await sweepLoads(city.app.system('ingestion.sweep_loads'))
  await runTurns(city)
  await runTurns(city)
  const turns = await one.turns('2026-03-03')
  assert.deepEqual(
    turns.map(({ state, dueAt, tries, origin }) => [state, dueAt, tries, origin]),
    [['succeeded', '2026-03-02T18:00:00.000Z', 1, 'cycle']],
  )
  const loads = await one.steward.call('list_loads', { query: { planId: one.planId } })
  assert.deepEqual(
    loads.items.map(({ id, state, written, startedBy }) => [id, state, written, startedBy]),
    [[turns[0]!.load!.id, 'succeeded', 10, 'ingestion.advance_turns']],
  )
  const events = await city.app.plane.db
    .selectFrom('platform.event')
    .select('action')
    .where('object_id', '=', turns[0]!.load!.id)
    .orderBy('seq')
    .execute()
  assert.deepEqual(
    events.map(({ action }) => action),
    ['ingestion.load_started', 'ingestion.load_succeeded'],
  )
})

test('after an outage the latest turn is run once, and says how many it overtook', async () => {
  at('2026-03-04 10:00')
  const one = await build('厦门市水利局')
  await schedule(one)
  at('2026-03-09 08:00')
  await runTurns(city)
  const [turn, ...more] = await one.turns('2026-03-09')
  assert.deepEqual([turn?.origin, turn?.overtaken, turn?.state, turn?.isLate, more], ['catch_up', 4, 'succeeded', true, []])
  assert.deepEqual(await one.turns('2026-03-08'), [])
})

test('a paused schedule makes no turns, and going on makes up for none', async () => {
  at('2026-03-10 10:00')
  const one = await build('厦门市体育局')
  const params = { planId: one.planId }
  await schedule(one)
  const paused = await one.steward.call('pause_schedule', { params })
  assert.deepEqual([paused.isPaused, paused.nextDueAt], [true, null])
  assert.equal((await one.steward.attempt('pause_schedule', { params })).json().code, 'value.stale')
  at('2026-03-13 10:00')
  await runTurns(city)
  assert.equal((await one.steward.call('resume_schedule', { params })).nextDueAt, '2026-03-13T18:00:00.000Z')
  await runTurns(city)
  for (const night of ['2026-03-11', '2026-03-12', '2026-03-13']) assert.deepEqual(await one.turns(night), [])
})

test('a backfill makes the turns of a span that were never made, once, and they run one after the other', async () => {
  at('2026-03-16 10:00')
  const one = await build('厦门市林业局')
  const backfill = (from: string, to: string) =>
    one.steward.attempt('backfill_turns', { params: { planId: one.planId }, body: { from, to } })
  assert.equal((await backfill('2026-03-12', '2026-03-14')).json().code, 'ingestion.not_scheduled')
  await schedule(one)
  assert.equal((await backfill('2026-03-17', '2026-03-20')).json().code, 'ingestion.backfill_span')
  assert.equal((await backfill('2020-01-01', '2026-03-14')).json().code, 'ingestion.backfill_span')
  assert.deepEqual((await backfill('2026-03-12', '2026-03-14')).json(), { created: 3 })
  assert.deepEqual((await backfill('2026-03-11', '2026-03-14')).json(), { created: 1 })
  await runTurns(city)
  for (const night of ['2026-03-11', '2026-03-12', '2026-03-13', '2026-03-14'])
    assert.deepEqual(
      (await one.turns(night)).map(({ origin, state }) => [origin, state]),
      [['backfill', 'succeeded']],
    )
})

test('a plan waits for the plans before it, is told why, and is blocked where they fail; a load by hand frees it', async () => {
  at('2026-03-18 10:00')
  const one = await build('厦门市统计局')
  const two = await build('厦门市统计局')
  const three = await build('厦门市统计局')
  // The second is due an hour before the plan that it waits for.
  await schedule(one, { at: '03:00' })
  await schedule(two, { at: '02:00', after: [one.planId] })
  await schedule(three, { at: '02:00', after: [two.planId] })
  const circle = await one.steward.attempt('set_schedule', { params: { planId: one.planId }, body: { version: 1, after: [three.planId] } })
  assert.equal(circle.json().errors[0].code, 'ingestion.schedule_circle')
  const stranger = await build('厦门市气象局')
  const foreign = await one.steward.attempt('set_schedule', {
    params: { planId: one.planId },
    body: { version: 1, after: [stranger.planId] },
  })
  assert.equal(foreign.json().errors[0].code, 'ingestion.schedule_after_unknown')

  at('2026-03-19 02:30')
  await runTurns(city)
  assert.deepEqual(
    (await two.turns()).map(({ state, waitReason }) => [state, waitReason]),
    [['waiting', 'after']],
  )
  at('2026-03-19 03:00')
  await runTurns(city)
  for (const each of [one, two, three])
    assert.deepEqual(
      (await each.turns()).map(({ state }) => state),
      ['succeeded'],
    )

  await one.upload(Buffer.from('id,name\nx,坏\n'))
  at('2026-03-20 03:00')
  await runTurns(city)
  assert.deepEqual(
    (await one.turns()).map(({ state, code }) => [state, code]),
    [['failed', 'ingestion.quarantine_limit']],
  )
  await one.upload(rows(10))
  await runPlan(one.steward, one.planId)
  await runTurns(city)
  assert.deepEqual(
    (await two.turns()).map(({ state }) => state),
    ['succeeded'],
  )

  await one.upload(Buffer.from('id,name\nx,坏\n'))
  at('2026-03-21 03:00')
  await runTurns(city)
  // It was found an hour late, so its window begins then.
  at('2026-03-21 07:01')
  await runTurns(city)
  assert.deepEqual(
    (await two.turns()).map(({ state, code }) => [state, code]),
    [['missed', 'ingestion.turn_blocked']],
  )
})

test('budgets hold turns back by rank, per source and for the whole node', async () => {
  at('2026-03-23 10:00')
  const all = [await build('厦门市商务局'), await build('厦门市商务局'), await build('厦门市商务局')]
  await schedule(all[0]!, { priority: 'low' })
  await schedule(all[1]!, { priority: 'high' })
  await schedule(all[2]!)
  at('2026-03-24 02:00')
  const { db } = city.app.plane
  // A load that nobody works on takes the place of one: the node has one left.
  const source = await db
    .selectFrom('ingestion.plan')
    .select(['id', 'entry_id', 'org_id'])
    .where('id', '=', all[2]!.planId)
    .executeTakeFirstOrThrow()
  const busy = { id: '00000000-0000-7000-8000-000000000001', plan_id: source.id, entry_id: source.entry_id, org_id: source.org_id }
  const far = '2027-01-01T00:00:00Z'
  await db
    .insertInto('ingestion.load')
    .values({ ...busy, kind: 'full', state: 'running', touched_at: far, started_by: '-', queued_at: far })
    .execute()
  await advanceTurns(city.app.system('test'), { node: 2, source: 1 })
  const states = () => Promise.all(all.map(async (one) => (await one.turns()).map(({ state, waitReason }) => `${state} ${waitReason}`)[0]))
  const seen = await states()
  assert.deepEqual(seen.slice(1), ['running null', 'waiting busy'])
  assert.equal(seen[0], 'waiting node')
  await db.updateTable('ingestion.load').set({ state: 'cancelled', finished_at: far }).where('id', '=', busy.id).execute()
  await runTurns(city, { node: 1, source: 1 })
  assert.deepEqual(await states(), ['succeeded null', 'succeeded null', 'succeeded null'])
  const started = await db
    .selectFrom('platform.event')
    .select('detail')
    .where('action', '=', 'ingestion.load_started')
    .orderBy('seq')
    .execute()
  const order = started.map(({ detail }) => all.findIndex(({ planId }) => planId === (JSON.parse(detail) as { planId: string }).planId))
  assert.deepEqual(
    order.filter((i) => i >= 0),
    [1, 2, 0],
  )
})

test('a load that a closed source holds up takes no place of the node', async () => {
  at('2026-03-24 10:00')
  const held = await build('厦门市文化和旅游局')
  const other = await build('厦门市文化和旅游局')
  await schedule(other)
  const { db } = city.app.plane
  const plan = await db.selectFrom('ingestion.plan').select(['entry_id', 'org_id']).where('id', '=', held.planId).executeTakeFirstOrThrow()
  const load = { id: '00000000-0000-7000-8000-000000000002', plan_id: held.planId, ...plan, kind: 'full', state: 'queued', started_by: '-' }
  const far = '2027-01-01T00:00:00Z'
  await db
    .insertInto('ingestion.load')
    .values({ ...load, touched_at: far, queued_at: far, waits_for: 'ingestion.outside_window', waits_until: far })
    .execute()
  at('2026-03-25 02:00')
  await runTurns(city, { node: 1, source: 1 })
  assert.deepEqual(
    (await other.turns()).map(({ state }) => state),
    ['succeeded'],
  )
  await db.updateTable('ingestion.load').set({ state: 'cancelled', finished_at: far }).where('id', '=', load.id).execute()
})

test('a load that failed for a passing reason is tried again later and later, within its window', () => {
  const finished_at = new Date('2026-03-03T00:00:00Z')
  const lost = { state: 'failed', finished_at, error_code: 'ingestion.source_lost', error_params: {}, error_detail: null } as const
  const until = new Date('2026-03-03T00:20:00Z')
  const after = (tries: number, end: object = lost) => {
    const { state, not_before } = settled({ tries, begin_until: until }, { ...lost, ...end })
    return [state, not_before && (not_before.getTime() - finished_at.getTime()) / 60_000]
  }
  assert.deepEqual(after(1), ['waiting', 5])
  assert.deepEqual(after(2), ['waiting', 15])
  assert.deepEqual(after(3), ['failed', undefined])
  assert.deepEqual(after(1, { error_code: 'ingestion.source_password' }), ['failed', undefined])
  assert.deepEqual(after(1, { state: 'cancelled', error_code: null }), ['cancelled', undefined])
})

test('a whole table that comes back half empty does not take effect at night; by hand it does', async () => {
  at('2026-03-25 10:00')
  const one = await build('厦门市审计局')
  await schedule(one)
  at('2026-03-26 02:00')
  await runTurns(city)
  await one.upload(rows(5))
  at('2026-03-27 02:00')
  await runTurns(city)
  const [turn] = await one.turns()
  assert.deepEqual([turn?.state, turn?.code, turn?.load?.written], ['failed', 'ingestion.rows_gone', 5])
  assert.equal((await one.steward.call('get_my_work', {})).counts.find(({ key }) => key === 'night_problems')?.count, 1)
  assert.equal((await runPlan(one.steward, one.planId)).state, 'succeeded')
  assert.equal((await one.steward.call('get_my_work', {})).counts.find(({ key }) => key === 'night_problems')?.count, 0)
})

test('the morning report names each problem with its cause, its owner and the next step; a department sees its own', async () => {
  at('2026-04-01 10:00')
  const good = await build('厦门市教育局')
  const bad = await build('厦门市教育局')
  const other = await build('厦门市民政局')
  for (const one of [good, bad, other]) await schedule(one)
  for (const one of [bad, other]) await one.upload(Buffer.from('id,name\nx,坏\n'))
  at('2026-04-02 02:00')
  await runTurns(city)
  at('2026-04-02 08:30')
  const theirs = await bad.steward.call('get_morning_report', {})
  assert.deepEqual([theirs.counts.due, theirs.counts.succeeded, theirs.counts.failed, theirs.open], [2, 1, 1, 1])
  const [problem] = theirs.problems
  assert.deepEqual(
    [problem?.cause, problem?.step, problem?.owner.org.name, problem?.owner.person !== '', problem?.isSettled],
    ['ingestion.quarantine_limit', { key: 'values', link: `/ingestion/loads/${problem?.turn.load?.id}` }, '厦门市教育局', true, false],
  )
  assert.match(problem!.detail, /不合格/)
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  const all = await bureau.call('get_morning_report', { query: { night: '2026-04-02' } })
  assert.ok(all.problems.some(({ owner }) => owner.org.name === '厦门市民政局'))
  assert.ok(theirs.byOrg.every(({ org }) => org.name === '厦门市教育局'))
  const [foreign] = await turnsOf(bureau, other.planId)
  assert.equal((await bad.steward.attempt('cancel_turn', { params: { turnId: foreign!.id } })).json().code, 'value.not_found')
  const file = await bad.steward.call('export_morning_report', {})
  assert.ok(file.bytes.length > 1000)
})

test('a turn that waits is cancelled by its owner, once', async () => {
  at('2026-04-06 10:00')
  const one = await build('厦门市信访局')
  const two = await build('厦门市信访局')
  await schedule(one, { after: [two.planId] })
  await schedule(two, { at: '04:00' })
  at('2026-04-07 02:00')
  await runTurns(city)
  const [turn] = await one.turns()
  assert.equal(turn?.can.cancel, true)
  const params = { turnId: turn!.id }
  assert.equal((await one.steward.call('cancel_turn', { params })).state, 'cancelled')
  assert.equal((await one.steward.attempt('cancel_turn', { params })).json().code, 'value.stale')
})
