import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { buildContent, publishEntry } from '#testing/build-entry.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'
import { emit, inTx, openEventFeed } from '../../store/index.ts'
import { openEntrySearch } from '../entry-search/open-entry-search.ts'
import { adoptEntries } from '../exchange/adopt-entries.ts'

let city: TestCity
before(async () => {
  city = await openTestCity()
})
after(() => city.close())

test('entries published at the same moment get codes without gap or repetition', async () => {
  const steward = await city.as('厦门市交通运输局', 'steward')
  const officer = await city.as('厦门市交通运输局', 'data_officer')
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  const drafts = await Promise.all(
    Array.from({ length: 6 }, (_, i) => steward.call('create_entry', { body: { content: buildContent({ name: `线路${i}` }) } })),
  )
  for (const { id } of drafts) await steward.call('submit_revision', { params: { revisionId: id } })
  for (const { id } of drafts) await officer.call('pass_department_review', { params: { revisionId: id }, body: {} })
  await Promise.all(drafts.map(({ id }) => bureau.call('publish_revision', { params: { revisionId: id }, body: {} })))
  const codes = (await steward.call('list_entries', { query: {} })).items.map(({ code }) => code).sort()
  assert.deepEqual(
    codes,
    drafts.map((_, i) => `301001/00000${i + 1}`),
  )
})

test('of many saves and decisions that started from the same version exactly one is kept', async () => {
  const steward = await city.as('厦门市水利局', 'steward')
  const officers = await Promise.all(Array.from({ length: 4 }, () => city.as('厦门市水利局', 'data_officer')))
  const draft = await steward.call('create_entry', { body: { content: buildContent({ name: '水库' }) } })
  const params = { revisionId: draft.id }
  const saves = await Promise.all(
    officers.map((_, i) =>
      steward.attempt('update_revision', { params, body: { content: { ...draft.content, remark: `${i}` }, edit: draft.edit } }),
    ),
  )
  assert.deepEqual(saves.map(({ statusCode }) => statusCode).sort(), [200, 409, 409, 409])
  await steward.call('submit_revision', { params })
  const passes = await Promise.all(officers.map((officer) => officer.attempt('pass_department_review', { params, body: {} })))
  assert.deepEqual(passes.map(({ statusCode }) => statusCode).sort(), [200, 409, 409, 409])
  const { opinions } = await steward.call('get_revision', { params })
  assert.deepEqual(
    opinions.map(({ event }) => event),
    ['submit', 'pass_department'],
  )
})

test('another process follows the event log and finds the same', async () => {
  const ctx = city.app.system('other process')
  const feed = await openEventFeed(ctx.db, ctx.log)
  const other = openEntrySearch()
  other.start(ctx, feed)
  const count = async (text: string) => (await other.search({ text, visible: 'everything' })).total
  assert.equal(await count('桥梁'), 0)
  const { entryId, steward, bureau } = await publishEntry(city, '厦门市住房和建设局', { name: '桥梁隧道' })
  const until = async (text: string, total: number) => {
    for (let tries = 0; (await count(text)) !== total && tries < 100; tries++) await setTimeout(50)
    assert.equal(await count(text), total)
  }
  await until('桥梁', 1)
  await steward.call('announce_withdrawal', { params: { entryId }, body: { reason: '职能划转' } })
  await bureau.call('withdraw_entry', { params: { entryId }, body: {} })
  const codes = await inTx(city.app.system('adopt'), async (ctx) => {
    const adopted = await adoptEntries(ctx, [{ providerOrgId: steward.org.id, content: buildContent({ name: '危旧房屋' }) }])
    emit(ctx, { action: 'catalog.entries_adopted', detail: { entries: 1 } })
    return adopted.map(({ code }) => code)
  })
  assert.deepEqual(codes, ['301001/000008'])
  await until('危旧', 1)
  assert.equal((await other.reconcile(ctx.db)).drift, 0)
  await publishEntry(city, '厦门市住房和建设局', { name: '物业服务' })
  const { items } = await steward.call('search_entries', { query: { q: '物业' } })
  assert.equal(items[0]?.code, '301001/000009', 'an adopted code is taken')
  await feed.close()
  await other.close()
})
