import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { updateCycles } from '#contract/catalog.ts'
import { passGates, publishEntry } from '#testing/build-entry.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'
import { loadProfile } from '../../kernel/load-profile.ts'
import { isPastCycle } from '../../kernel/profile.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import { emit, inTx } from '../../store/index.ts'
import { findPublishedEntries } from '../entry/published-entries.ts'
import { type Binding, bindResource } from './bind-resource.ts'
import { pastCycleOn } from './past-cycle-on.ts'

let city: TestCity
before(async () => {
  city = await openTestCity({ now: '2026-11-02T02:00:00Z' })
})
after(() => city.close())

const bind = (binding: Binding) =>
  inTx(city.app.system('ingestion.finish_load'), async (ctx) => {
    const bound = await bindResource(ctx, binding)
    emit(ctx, { action: 'ingestion.load_succeeded', detail: { entryId: binding.entryId } })
    return bound
  })

test('a load moves the pointer and the facts, and the next load says which table it left', async () => {
  const { entryId, steward } = await publishEntry(city, '厦门市交通运输局', { name: '公交线路', updateCycle: 'daily' })
  const query = { orgId: steward.org.id, problem: 'without_data' } as const
  assert.equal((await steward.call('list_entries', { query })).items.length, 1)
  const loadedAt = new Date('2026-11-02T01:00:00Z')
  const first = await bind({ entryId, kind: 'table', table: 'e_1', rows: 10, loadedAt })
  assert.equal(first.previousTable, null)
  const second = await bind({ entryId, kind: 'table', table: 'e_2', rows: 3_000_000_000, loadedAt })
  assert.deepEqual(second, { resourceId: first.resourceId, previousTable: 'e_1' })
  assert.equal((await findPublishedEntries(city.app.plane.db, [entryId])).get(entryId)?.table, 'e_2')
  const entry = await steward.call('get_entry', { params: { entryId } })
  assert.equal(entry.rows, 3_000_000_000)
  assert.deepEqual(
    entry.resources.map(({ name, rows, isPastCycle }) => ({ name, rows, isPastCycle })),
    [{ name: '公交线路', rows: 3_000_000_000, isPastCycle: false }],
  )
  assert.equal((await steward.call('list_entries', { query })).items.length, 0)
})

test('data past their update cycle are found on the day after, and a longer cycle takes them off the list', async () => {
  const built = await publishEntry(city, '厦门市公安局', { name: '路况', updateCycle: 'daily' })
  const { entryId, steward } = built
  await bind({ entryId, kind: 'table', table: 'e_3', rows: 1, loadedAt: new Date('2026-11-01T15:59:00Z') })
  const late = async () => (await steward.call('list_entries', { query: { orgId: steward.org.id, problem: 'past_cycle' } })).items.length
  assert.equal(await late(), 0, '23:59 on 1 November; on the 2nd they are a day old')
  city.setNow('2026-11-02T16:00:00Z')
  assert.equal(await late(), 1, 'on 3 November in Xiamen')
  const {
    id: revisionId,
    content,
    edit,
  } = await steward.call('start_revision', { params: { entryId }, body: { changeReason: '周期调整' } })
  await steward.call('update_revision', { params: { revisionId }, body: { content: { ...content, updateCycle: 'weekly' }, edit } })
  await passGates({ ...built, revisionId })
  assert.equal(await late(), 0)
  assert.equal((await steward.call('get_entry', { params: { entryId } })).resources[0]?.isPastCycle, false)
})

test('the kept day is the rule of the kernel for every cycle and day', () => {
  const profile = loadProfile('xiamen')
  const moment = fc.date({ min: new Date('2025-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(updateCycles) as (keyof typeof updateCycles)[])),
      moment,
      moment,
      (cycle, loadedAt, now) => {
        const today = toLocalDate(now)
        const kept = pastCycleOn(profile, cycle, loadedAt)
        assert.equal(kept !== null && kept <= today, isPastCycle(profile, cycle, toLocalDate(loadedAt), today))
      },
    ),
  )
})
