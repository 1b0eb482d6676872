import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { buildContent, publishEntry } from '#testing/build-entry.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'
import { emit, inTx } from '../../store/index.ts'
import { bindResource } from '../resource/bind-resource.ts'
import { countRevisionWork } from '../revision/list-revisions.ts'
import { countCatalog } from './count-catalog.ts'

let city: TestCity
before(async () => {
  city = await openTestCity({ now: '2026-11-02T02:00:00Z' })
})
after(() => city.close())

test('every number of the ledger is what its list holds', async () => {
  const steward = await city.as('厦门市交通运输局', 'steward')
  const system = await steward.call('create_system', { body: { name: '公交调度系统' } })
  await steward.call('create_system', { body: { name: '运政系统' } })
  await steward.call('create_system', { body: { name: '办公系统', noDataReason: '不产生业务数据' } })
  await steward.call('create_system', { body: { name: '新系统', state: 'planned' } })
  const loaded = await publishEntry(city, '厦门市交通运输局', { name: '公交线路', systemId: system.id, updateCycle: 'daily' })
  const { entryId } = await publishEntry(city, '厦门市公安局', {
    name: '人口',
    sharingType: 'conditional',
    sharingCondition: '经同意',
    sharingScope: '各部门',
    sharingPurpose: '核验',
  })
  await steward.call('create_entry', { body: { content: buildContent({ name: '草稿' }) } })
  await inTx(city.app.system('ingestion.finish_load'), async (ctx) => {
    await bindResource(ctx, {
      entryId: loaded.entryId,
      kind: 'table',
      table: 'e_1',
      rows: 7_000_000_000,
      loadedAt: new Date('2026-10-01T00:00:00Z'),
    })
    emit(ctx, { action: 'ingestion.load_succeeded', detail: { entryId } })
  })
  const counts = await countCatalog(city.app.plane.db, '2026-11-02')
  assert.deepEqual(
    { ...counts, bySharingType: counts.bySharingType.length, byProvider: counts.byProvider.length },
    {
      systems: 4,
      systemsWithoutEntries: 1,
      entries: 2,
      entriesWithData: 1,
      pastCycle: 1,
      items: 6,
      rows: 7_000_000_000,
      bySharingType: 2,
      byProvider: 2,
    },
  )
  assert.deepEqual(
    counts.byProvider.find(({ orgId }) => orgId === steward.org.id),
    { orgId: steward.org.id, systems: 4, entries: 1, entriesWithData: 1, rows: 7_000_000_000 },
  )
  const length = async (query: object) => (await steward.call('list_entries', { query: { limit: 1000, ...query } })).items.length
  assert.equal(await length({ inCatalog: 'true' }), counts.entries)
  assert.equal(await length({ inCatalog: 'true', hasData: 'true' }), counts.entriesWithData)
  assert.equal(await length({ problem: 'without_data' }), counts.entries - counts.entriesWithData)
  assert.equal(await length({ problem: 'past_cycle' }), counts.pastCycle)
  const owing = await steward.call('list_systems', { query: { withoutEntries: 'true' } })
  assert.deepEqual(
    owing.items.map(({ name }) => name),
    ['运政系统'],
  )
})

test('the counts of the two lists are their lengths', async () => {
  const steward = await city.as('厦门市民政局', 'steward')
  const officer = await city.as('厦门市民政局', 'data_officer')
  const one = await steward.call('create_entry', { body: { content: buildContent({ name: '甲' }) } })
  await steward.call('create_entry', { body: { content: buildContent({ name: '乙' }) } })
  await steward.call('submit_revision', { params: { revisionId: one.id } })
  const countFor = (client: typeof steward, scopes: string[]) => {
    const actor = { kind: 'person', id: client.personId, name: '', org: client.org, roles: [], scopes: new Set(scopes) } as never
    return countRevisionWork({ ...city.app.system('test'), actor })
  }
  assert.deepEqual(await countFor(steward, ['catalog:write']), { mine: 2, toHandle: 0 })
  assert.deepEqual(await countFor(officer, ['catalog:review']), { mine: 0, toHandle: 1 })
  assert.equal((await officer.call('list_revisions_to_handle')).items.length, 1)
  assert.equal((await steward.call('list_my_revisions')).items.length, 2)
})
