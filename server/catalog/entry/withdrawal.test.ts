import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'

let city: TestCity
before(async () => {
  city = await openTestCity({ now: '2026-11-02T02:00:00Z' })
})
after(() => city.close())

const reason = '职能划转，由新部门重新编目'

test('an entry is withdrawn after it was announced, by the bureau, and stays readable', async () => {
  const { entryId, steward, officer, bureau } = await publishEntry(city, '厦门市交通运输局', { name: '公交线路' })
  const params = { entryId }
  const announced = await steward.call('announce_withdrawal', { params, body: { reason } })
  assert.equal(announced.state, 'withdrawing')
  assert.deepEqual(announced.withdrawal, { reason, announcedOn: '2026-11-02', effectiveOn: '2026-11-02' })
  assert.equal(announced.can.cancel_withdrawal, true)
  assert.equal(announced.can.start_revision, false)
  assert.equal((await officer.attempt('withdraw_entry', { params, body: {} })).statusCode, 403)
  const withdrawn = await bureau.call('withdraw_entry', { params, body: { opinion: '已备案' } })
  assert.equal(withdrawn.state, 'withdrawn')
  const other = await city.as('厦门市公安局', 'steward')
  assert.equal((await other.call('get_entry', { params })).withdrawal?.reason, reason)
  assert.equal((await steward.attempt('announce_withdrawal', { params, body: { reason } })).json().code, 'state.refused')
})

test('nothing is withdrawn before the announced day, and nothing is published meanwhile', async () => {
  const built = await publishEntry(city, '厦门市交通运输局', { name: '公交站点' })
  const { entryId, steward, officer, bureau } = built
  const params = { entryId }
  const change = await steward.call('start_revision', { params, body: { changeReason: '更新' } })
  await steward.call('announce_withdrawal', { params, body: { reason } })
  await city.app.plane.db.updateTable('catalog.entry').set({ effective_on: '2026-11-09' }).where('id', '=', entryId).execute()
  const early = await bureau.attempt('withdraw_entry', { params, body: {} })
  assert.equal(early.statusCode, 409)
  assert.equal(early.json().code, 'catalog.withdrawal_too_early')
  assert.match(early.json().detail, /2026-11-09/)
  assert.equal((await bureau.call('get_entry', { params })).can.withdraw, false)
  const revision = { params: { revisionId: change.id } }
  await steward.call('submit_revision', revision)
  await officer.call('pass_department_review', { ...revision, body: {} })
  assert.equal((await bureau.attempt('publish_revision', { ...revision, body: {} })).json().code, 'state.refused')
  assert.equal((await bureau.call('get_revision', revision)).state, 'bureau_review', 'a refused publication changes nothing')
  await steward.call('cancel_withdrawal', { params })
  assert.equal((await bureau.call('publish_revision', { ...revision, body: {} })).state, 'published')
  assert.equal((await steward.call('get_entry', { params })).withdrawal, null)
})

test('only the provider announces, and an unpublished entry has nothing to withdraw', async () => {
  const { entryId } = await publishEntry(city, '厦门市交通运输局', { name: '公交车辆' })
  const other = await city.as('厦门市公安局', 'steward')
  const response = await other.attempt('announce_withdrawal', { params: { entryId }, body: { reason } })
  assert.equal(response.json().code, 'state.wrong_side')
})

test('a withdrawn entry is published anew under its old code', async () => {
  const { entryId, steward, officer, bureau } = await publishEntry(city, '厦门市交通运输局', { name: '公交票价' })
  const params = { entryId }
  await steward.call('announce_withdrawal', { params, body: { reason } })
  const { code } = await bureau.call('withdraw_entry', { params, body: {} })
  const { id: revisionId } = await steward.call('start_revision', { params, body: { changeReason: '恢复提供' } })
  await steward.call('submit_revision', { params: { revisionId } })
  await officer.call('pass_department_review', { params: { revisionId }, body: {} })
  await bureau.call('publish_revision', { params: { revisionId }, body: {} })
  const entry = await steward.call('get_entry', { params })
  assert.deepEqual([entry.state, entry.code, entry.version, entry.withdrawal], ['published', code, 2, null])
})
