import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { buildContent, passGates, publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { emit, inTx } from '../../store/index.ts'
import { bindResource } from '../resource/bind-resource.ts'

let city: TestCity
let reader: Client
before(async () => {
  city = await openTestCity()
  reader = await city.as('厦门市公安局', 'steward')
})
after(() => city.close())

const namesFor = async (client: Client, q: string) => (await client.call('search_entries', { query: { q } })).items.map(({ name }) => name)
const health = async () => {
  const { stored, indexed, drift } = await reader.call('get_search_health')
  return { stored, indexed, drift }
}

test('what is published is found at once, in the words, pinyin and items of the entry', async () => {
  await publishEntry(city, '厦门市交通运输局', {
    name: '公交线路信息',
    items: [{ code: 'line_no', name: '线路编号', dataType: 'C', length: 20 }],
  })
  for (const q of ['公交', '公交線路', 'gjxl', 'gongjiao', '线路编号', 'line_no', '301001/000001', '交通运输局'])
    assert.deepEqual(await namesFor(reader, q), ['公交线路信息'], q)
  const { items, facets, total } = await reader.call('search_entries', { query: { q: '线路', sharingType: 'unconditional' } })
  assert.equal(total, 1)
  assert.deepEqual(items[0]?.highlights.slice(0, 2), [
    { field: 'name', text: '公交线路信息', ranges: [[2, 4]] },
    { field: 'itemName', text: '线路编号', ranges: [[0, 2]] },
  ])
  assert.deepEqual(facets.provider, [{ value: items[0]?.provider.id, label: '厦门市交通运输局', count: 1 }])
  assert.deepEqual(facets.hasData, [{ value: 'no', label: '暂无数据', count: 1 }])
})

test('a draft is found by its department, from the handover on by the bureau, and by nobody else', async () => {
  const steward = await city.as('厦门市民政局', 'steward')
  const officer = await city.as('厦门市民政局', 'data_officer')
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  const draft = await steward.call('create_entry', { body: { content: buildContent({ name: '婚姻登记信息' }) } })
  const found = async () => Promise.all([steward, officer, bureau, reader].map(async (client) => (await namesFor(client, '婚姻')).length))
  assert.deepEqual(await found(), [1, 1, 0, 0])
  const params = { revisionId: draft.id }
  await steward.call('submit_revision', { params })
  await officer.call('pass_department_review', { params, body: {} })
  assert.deepEqual(await found(), [1, 1, 1, 0])
  await bureau.call('publish_revision', { params, body: {} })
  assert.deepEqual(await found(), [1, 1, 1, 1])
})

test('a new version, a new system name and a load show in the search; a withdrawn entry leaves it', async () => {
  const steward = await city.as('厦门市水利局', 'steward')
  const system = await steward.call('create_system', { body: { name: '水库调度系统' } })
  const built = await publishEntry(city, '厦门市水利局', { name: '水库水位', abstract: '每小时一次', systemId: system.id })
  const { entryId, bureau } = built
  assert.deepEqual(await namesFor(reader, '水库调度'), ['水库水位'])
  await steward.call('update_system', { params: { systemId: system.id }, body: { name: '智慧水利平台', version: system.version } })
  assert.deepEqual(await namesFor(reader, '智慧水利'), ['水库水位'])
  const change = await steward.call('start_revision', { params: { entryId }, body: { changeReason: '更名' } })
  const { edit } = await steward.call('update_revision', {
    params: { revisionId: change.id },
    body: { content: { ...change.content, name: '水库雨水情' }, edit: change.edit },
  })
  assert.equal(edit, change.edit + 1)
  assert.deepEqual(await namesFor(reader, '雨水情'), [], 'a draft of a published entry changes nothing yet')
  await passGates({ ...built, revisionId: change.id })
  assert.deepEqual([await namesFor(reader, '雨水情'), await namesFor(reader, '水位')], [['水库雨水情'], []])
  await inTx(city.app.system('ingestion.finish_load'), async (ctx) => {
    await bindResource(ctx, { entryId, kind: 'table', table: 'e_1', rows: 5, loadedAt: ctx.now() })
    emit(ctx, { action: 'ingestion.load_succeeded', detail: { entryId } })
  })
  const withData = async () => (await reader.call('search_entries', { query: { q: '雨水情', hasData: 'yes' } })).total
  for (let tries = 0; (await withData()) === 0 && tries < 50; tries++) await setTimeout(50)
  assert.equal(await withData(), 1)
  await steward.call('announce_withdrawal', { params: { entryId }, body: { reason: '职能划转' } })
  assert.equal((await namesFor(reader, '雨水情')).length, 1, 'announced, but still there')
  await bureau.call('withdraw_entry', { params: { entryId }, body: {} })
  assert.deepEqual([await namesFor(reader, '雨水情'), await namesFor(steward, '雨水情')], [[], ['水库雨水情']])
  assert.equal((await health()).drift, 0)
})

test('a change past the event log is told as drift, and mended', async () => {
  await publishEntry(city, '厦门市教育局', { name: '中小学学籍' })
  const before = await health()
  assert.equal(before.drift, 0)
  assert.equal(before.stored, before.indexed)
  const { db } = city.app.plane
  const { id } = await db.selectFrom('catalog.entry').select('id').where('name', '=', '中小学学籍').executeTakeFirstOrThrow()
  await db.updateTable('catalog.entry').set({ name: '中小学校学籍', row_version: 1000 }).where('id', '=', id).execute()
  assert.equal((await health()).drift, 1)
  assert.equal((await health()).drift, 0)
  assert.deepEqual(await namesFor(reader, '学校学籍'), ['中小学校学籍'])
})

test('after a restart the first search waits until everything is indexed', async () => {
  const { stored } = await health()
  await city.restart()
  assert.deepEqual(await namesFor(reader, '公交'), ['公交线路信息'])
  assert.deepEqual(await health(), { stored, indexed: stored, drift: 0 })
})
