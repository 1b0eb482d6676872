import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { passGates } from '#testing/build-entry.ts'
import { applyFor, approve, callShared, createKey, loadRows, shareEntry } from '#testing/build-shared-data.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import type { KeyPair } from '#testing/sign-call.ts'
import { settleGrants } from './settle-grants.ts'

let city: TestCity
let consumer: { steward: Client; officer: Client }
let key: KeyPair
const id = { code: 'id', name: '编号', dataType: 'C', length: 32, isKey: true } as const
const name = { code: 'name', name: '名称', dataType: 'C', length: 200 } as const
const district = { code: 'district', name: '区', dataType: 'C', length: 20 } as const

before(async () => {
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
  consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  key = await createKey(consumer.steward)
})
after(() => city.close())

const settle = (entryId?: string) => settleGrants(city.app.system('sharing.settle_grants'), { entryId })
const grantOf = (grantId: string) => consumer.steward.call('get_grant', { params: { grantId } })
const codeOf = async (url: string) => {
  const response = await callShared(city, key, url)
  return `${response.statusCode} ${response.json().code ?? 'ok'}`
}
/** What follows from an event follows by a job: soon, and by itself. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await isSo()) return
    await sleep(50)
  }
  assert.fail('it did not come by itself')
}

test('a grant without data waits under the supply clock and comes into effect when a load has ended', async () => {
  const provider = await shareEntry(city, '厦门市民政局', { name: '低保家庭', items: [id, name] })
  const grant = await approve(provider.officer, await applyFor(consumer, provider.entryId, { items: ['id', 'name'] }))
  assert.deepEqual([grant.state, grant.isAvailable], ['pending', false])
  assert.match(grant.unavailableReason!, /等待厦门市民政局提供/)
  assert.equal(await codeOf(grant.endpoint), '403 sharing.grant_not_in_effect')
  const clock = async () =>
    (await provider.bureau.call('list_clocks', { query: { rule: 'supply' } })).items.find(({ objectId }) => objectId === grant.id)!
  assert.deepEqual([(await clock()).state, (await clock()).dueOn], ['running', '2026-03-30'])
  // A table that lacks a granted item supplies nothing.
  await loadRows(city, provider.entryId, [id], [['1']])
  await settle()
  assert.equal((await grantOf(grant.id)).state, 'pending')
  city.setNow('2026-03-04T02:00:00Z')
  await loadRows(city, provider.entryId, [id, name], [['1', '甲']])
  await until(async () => (await grantOf(grant.id)).state === 'active')
  assert.equal((await clock()).state, 'met')
  assert.equal((await provider.steward.call('get_entry', { params: { entryId: provider.entryId } })).userCount, 1)
  assert.equal(await codeOf(`${grant.endpoint}?id=eq.1`), '200 ok')
  city.setNow('2026-03-02T02:00:00Z')
})

test('a grant that waits is suspended and resumed as a waiting one, and its clock with it', async () => {
  const provider = await shareEntry(city, '厦门市民政局', { name: '救助记录', items: [id] })
  const { id: grantId } = await approve(provider.officer, await applyFor(consumer, provider.entryId, { items: ['id'] }))
  const params = { grantId }
  await provider.officer.call('suspend_grant', { params, body: { reason: '核对范围' } })
  const clocks = await provider.bureau.call('list_clocks', { query: { rule: 'supply', state: 'paused' } })
  assert.ok(clocks.items.some(({ objectId }) => objectId === grantId))
  assert.equal((await provider.officer.call('resume_grant', { params, body: { reason: '核对完毕' } })).state, 'pending')
  const ended = await provider.bureau.call('terminate_grant', { params, body: { reason: '申请部门放弃' } })
  assert.deepEqual([ended.state, ended.can.resume], ['terminated', false])
})

test('a grant ends with its last day, also before anybody settles it', async () => {
  const provider = await shareEntry(city, '厦门市民政局', { name: '殡葬服务', items: [id] }, [['1']])
  const grant = await approve(provider.officer, await applyFor(consumer, provider.entryId, { items: ['id'] }), { to: '2026-03-10' })
  city.setNow('2026-03-10T15:59:00Z')
  assert.equal(await codeOf(`${grant.endpoint}?id=eq.1`), '200 ok')
  city.setNow('2026-03-10T16:01:00Z')
  assert.equal(await codeOf(`${grant.endpoint}?id=eq.1`), '403 sharing.grant_not_in_effect')
  await settle()
  assert.equal((await grantOf(grant.id)).state, 'expired')
  // Of this grant only: the city's clock was turned, so that other jobs may write entries of their own meanwhile.
  const entries = () => city.app.plane.db.selectFrom('platform.event').select('seq').where('object_id', '=', grant.id).execute()
  const before = await entries()
  await settle()
  assert.deepEqual(await entries(), before, 'settling twice changes nothing')
  city.setNow('2026-03-02T02:00:00Z')
})

test('an announced withdrawal stands on the grant; with the withdrawal it ends, and publishing anew does not bring it back', async () => {
  const provider = await shareEntry(city, '厦门市民政局', { name: '社会组织', items: [id] }, [['1']])
  const grant = await approve(provider.officer, await applyFor(consumer, provider.entryId, { items: ['id'] }))
  const params = { entryId: provider.entryId }
  await provider.steward.call('announce_withdrawal', { params, body: { reason: '职能划转' } })
  const announced = await grantOf(grant.id)
  assert.match(announced.notice!, /下架.*职能划转/)
  assert.equal(await codeOf(`${grant.endpoint}?id=eq.1`), '200 ok', 'its users were told; they go on until then')
  const effectiveOn = (await provider.steward.call('get_entry', { params })).withdrawal!.effectiveOn
  city.setNow(`${effectiveOn}T08:00:00Z`)
  await provider.bureau.call('withdraw_entry', { params, body: {} })
  assert.notEqual(await codeOf(`${grant.endpoint}?id=eq.1`), '200 ok')
  const { id: revisionId } = await provider.steward.call('start_revision', { params, body: { changeReason: '恢复提供' } })
  await passGates({ ...provider, revisionId })
  await settle()
  const ended = await grantOf(grant.id)
  assert.deepEqual([ended.state, ended.stateReason], ['terminated', '目录已下架'])
  assert.notEqual(await codeOf(`${grant.endpoint}?id=eq.1`), '200 ok')
  city.setNow('2026-03-02T02:00:00Z')
})

test('no right attaches to an item that was dropped and came back under its name (V10)', async () => {
  const built = await shareEntry(city, '厦门市民政局', { name: '养老机构', items: [id, name, district] }, [['1', '甲', '思明区']])
  const params = { entryId: built.entryId }
  const wide = await approve(built.officer, await applyFor(consumer, built.entryId, { items: ['id', 'name'] }))
  const byDistrict = await approve(built.officer, await applyFor(consumer, built.entryId, { items: ['id'] }), {
    rows: [{ item: 'name', operator: 'eq', value: '甲' }],
  })
  const only = await approve(built.officer, await applyFor(consumer, built.entryId, { items: ['name'] }))
  assert.equal(await codeOf(`${wide.endpoint}?name=eq.甲`), '200 ok')
  const publish = async (items: object[]) => {
    const revision = await built.steward.call('start_revision', { params, body: { changeReason: '调整信息项' } })
    const content = { ...revision.content, items: items as never }
    await built.steward.call('update_revision', { params: { revisionId: revision.id }, body: { content, edit: revision.edit } })
    await passGates({ ...built, revisionId: revision.id })
  }
  await publish([id, district])
  // The same name, something else: a person's name.
  await publish([id, district, name])
  await loadRows(city, built.entryId, [id, name, district], [['1', '张三', '思明区']])
  await settle(built.entryId)
  const narrowed = await grantOf(wide.id)
  assert.deepEqual([narrowed.state, narrowed.items.map(({ item }) => item)], ['active', ['id']])
  assert.equal(await codeOf(`${wide.endpoint}?name=eq.张三`), '400 http.invalid_input')
  assert.deepEqual((await callShared(city, key, `${wide.endpoint}?id=eq.1`)).json().items, [{ id: '1' }])
  const stopped = await grantOf(byDistrict.id)
  assert.equal(stopped.state, 'suspended')
  assert.match(stopped.stateReason, /行条件.*name/)
  assert.equal((await grantOf(only.id)).state, 'terminated')
})

test('whoever follows the log learns who is concerned by what became of a grant', async () => {
  const events = await city.app.plane.db
    .selectFrom('platform.event')
    .select(['action', 'detail'])
    .where('action', 'like', 'sharing.grant_%')
    .execute()
  assert.ok(new Set(events.map(({ action }) => action)).size >= 5)
  for (const { detail } of events.filter(({ action }) => action !== 'sharing.grant_previewed')) {
    const { consumerOrgId, providerOrgId } = JSON.parse(detail)
    assert.ok(consumerOrgId === consumer.steward.org.id && providerOrgId)
  }
})

test('a dissolved organisation loses its grants by itself, and its keys at once', async () => {
  const provider = await shareEntry(city, '厦门市民政局', { name: '婚姻登记', items: [id] }, [['1']])
  const dissolved = {
    steward: await city.as('厦门市原信息中心', 'steward'),
    officer: await city.as('厦门市原信息中心', 'data_officer'),
  }
  const theirs = await createKey(dissolved.steward)
  const grant = await approve(provider.officer, await applyFor(dissolved, provider.entryId, { items: ['id'] }))
  const call = async () => (await callShared(city, theirs, `${grant.endpoint}?id=eq.1`)).statusCode
  assert.equal(await call(), 200)
  const admin = await city.as('厦门市数据管理局', 'system_admin')
  await admin.call('update_organisation', { params: { orgId: dissolved.steward.org.id }, body: { active: false } })
  assert.equal(await call(), 401)
  const seen = () => provider.officer.call('get_grant', { params: { grantId: grant.id } })
  await until(async () => (await seen()).state === 'terminated')
  assert.equal((await seen()).stateReason, '使用部门已撤并')
})
