import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { buildContent, passGates, publishEntry } from '#testing/build-entry.ts'
import type { Problem } from '#contract/values.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'

let city: TestCity
before(async () => {
  city = await openTestCity({ now: '2026-11-02T02:00:00Z' })
})
after(() => city.close())

const transport = '厦门市交通运输局'
const problemOf = async (answer: ReturnType<TestCity['visitor']['attempt']>): Promise<Problem> => {
  const response = await answer
  assert.ok(response.statusCode >= 400, `it was not refused: ${response.body}`)
  return response.json()
}

test('an entry goes from draft over both gates to publication and gets its code', async () => {
  const steward = await city.as(transport, 'steward')
  const officer = await city.as(transport, 'data_officer')
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  const system = await steward.call('create_system', { body: { name: '公交调度系统' } })
  assert.equal(system.code, '350200S000001')
  const draft = await steward.call('create_entry', { body: { content: buildContent({ name: '公交线路信息', systemId: system.id }) } })
  assert.equal(draft.state, 'draft')
  assert.deepEqual((await steward.call('check_revision', { params: { revisionId: draft.id } })).problems, [])
  const params = { revisionId: draft.id }
  assert.equal((await steward.call('submit_revision', { params })).state, 'department_review')
  const handled = await officer.call('list_revisions_to_handle')
  assert.deepEqual(
    handled.items.map(({ id, name, can }) => ({ id, name, pass: can.pass_department })),
    [{ id: draft.id, name: '公交线路信息', pass: true }],
  )
  assert.deepEqual((await bureau.call('list_revisions_to_handle')).items, [])
  await officer.call('pass_department_review', { params, body: { opinion: '同意' } })
  assert.equal((await bureau.call('list_revisions_to_handle')).items.length, 1)
  const published = await bureau.call('publish_revision', { params, body: {} })
  assert.equal(published.state, 'published')
  assert.deepEqual(
    published.opinions.map(({ event, opinion }) => [event, opinion]),
    [
      ['submit', ''],
      ['pass_department', '同意'],
      ['publish', ''],
    ],
  )
  const stranger = await city.as('厦门市卫生健康委员会', 'steward')
  const entry = await stranger.call('get_entry', { params: { entryId: draft.entryId } })
  assert.equal(entry.code, '301001/000001')
  assert.equal(entry.state, 'published')
  assert.equal(entry.publishedOn, '2026-11-02')
  assert.equal(entry.version, 1)
  assert.equal(entry.itemCount, 3)
  assert.equal(entry.system?.name, '公交调度系统')
  assert.ok(entry.providerUscc)
  assert.equal((await stranger.call('get_system', { params: { systemId: system.id } })).entryCount, 1)
  assert.deepEqual(Object.values(entry.can), [false, false, false, false])
})

test('a change becomes the next version; the one before it stays readable and is compared', async () => {
  const built = await publishEntry(city, transport, { name: '公交站点信息' })
  const { steward, entryId } = built
  const change = await steward.call('start_revision', { params: { entryId }, body: { changeReason: '新增坐标' } })
  assert.equal(change.number, 2)
  const items = [
    ...change.content.items,
    { code: 'lng', name: '经度', dataType: 'B' as const, level: 'L3' as const, sensitiveKind: 'location' as const },
  ]
  const saved = await steward.call('update_revision', {
    params: { revisionId: change.id },
    body: { content: { ...change.content, items, level: 'L3', updateCycle: 'daily' }, edit: change.edit },
  })
  const { against, differences } = await steward.call('compare_revision', { params: { revisionId: saved.id } })
  assert.equal(against, 1)
  assert.deepEqual(
    differences.map(({ pointer, label, kind }) => [pointer, label, kind]),
    [
      ['/items/3', '信息项“经度”', 'added'],
      ['/updateCycle', '更新周期', 'changed'],
      ['/level', '数据级别', 'changed'],
    ],
  )
  await passGates({ ...built, revisionId: change.id })
  const entry = await steward.call('get_entry', { params: { entryId } })
  assert.equal(entry.version, 2)
  assert.equal(entry.code, '301001/000002', 'the code stays')
  const { items: versions } = await built.bureau.call('list_revisions', { params: { entryId } })
  assert.deepEqual(
    versions.map(({ number, state }) => [number, state]),
    [
      [2, 'published'],
      [1, 'superseded'],
    ],
  )
})

test('submitting names every problem at once and changes nothing', async () => {
  const steward = await city.as(transport, 'steward')
  const draft = await steward.call('create_entry', {
    body: {
      content: {
        name: '驾驶员信息',
        sharingType: 'conditional',
        items: [
          { code: 'name', name: '姓名', dataType: 'C', sensitiveKind: 'name' },
          { code: 'NAME', name: '姓名', dataType: 'C', length: 20, level: 'L3' },
        ],
      },
    },
  })
  const params = { revisionId: draft.id }
  const problem = await problemOf(steward.attempt('submit_revision', { params }))
  assert.equal(problem.code, 'catalog.incomplete')
  const expected = [
    '/abstract catalog.abstract_missing',
    '/formatType catalog.format_missing',
    '/items/0/length catalog.item_length_missing',
    '/items/0/level catalog.item_level',
    '/items/1/code catalog.item_twice',
    '/items/1/name catalog.item_name_twice',
    '/level catalog.level',
    '/privacyReview catalog.privacy_review_missing',
    '/secrecyReview catalog.secrecy_review_missing',
    '/sharingCondition catalog.sharing_condition_missing',
    '/sharingPurpose catalog.sharing_purpose_missing',
    '/sharingScope catalog.sharing_scope_missing',
  ]
  assert.deepEqual(problem.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort(), expected)
  const checked = await steward.call('check_revision', { params })
  assert.deepEqual(checked.problems.map(({ pointer, code }) => `${pointer} ${code}`).sort(), expected)
  assert.equal((await steward.call('get_revision', { params })).state, 'draft')
})

test('nobody passes a version that he had a hand in, whatever roles he holds', async () => {
  const both = await city.as(transport, 'steward', 'data_officer')
  const draft = await both.call('create_entry', { body: { content: buildContent({ name: '停车场信息' }) } })
  const params = { revisionId: draft.id }
  const submitted = await both.call('submit_revision', { params })
  assert.equal(submitted.can.pass_department, false)
  assert.deepEqual(
    (await both.call('list_revisions_to_handle')).items.filter(({ id }) => id === draft.id),
    [],
  )
  assert.equal((await problemOf(both.attempt('pass_department_review', { params, body: {} }))).code, 'catalog.self_review')
})

test('of its own entries the bureau needs two different persons for the two gates', async () => {
  const author = await city.as('厦门市数据管理局', 'steward')
  const both = await city.as('厦门市数据管理局', 'data_officer', 'bureau_officer')
  const other = await city.as('厦门市数据管理局', 'bureau_officer')
  const { id: revisionId } = await author.call('create_entry', { body: { content: buildContent({ name: '平台运行统计' }) } })
  await author.call('submit_revision', { params: { revisionId } })
  await both.call('pass_department_review', { params: { revisionId }, body: {} })
  assert.equal((await problemOf(both.attempt('publish_revision', { params: { revisionId }, body: {} }))).code, 'catalog.self_review')
  await other.call('publish_revision', { params: { revisionId }, body: {} })
})

test('two stewards never overwrite each other', async () => {
  const one = await city.as(transport, 'steward')
  const two = await city.as(transport, 'steward')
  const draft = await one.call('create_entry', { body: { content: buildContent({ name: '出租车信息' }) } })
  const params = { revisionId: draft.id }
  await two.call('update_revision', { params, body: { content: { ...draft.content, remark: '二' }, edit: draft.edit } })
  const problem = await problemOf(
    one.attempt('update_revision', { params, body: { content: { ...draft.content, remark: '一' }, edit: draft.edit } }),
  )
  assert.equal(problem.code, 'value.stale')
  assert.equal((await one.call('get_revision', { params })).content.remark, '二')
})

test('a draft is invisible to other departments, and to the bureau until it is handed over', async () => {
  const steward = await city.as(transport, 'steward')
  const officer = await city.as(transport, 'data_officer')
  const other = await city.as('厦门市公安局', 'steward')
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  const draft = await steward.call('create_entry', { body: { content: buildContent({ name: '网约车信息' }) } })
  const params = { revisionId: draft.id }
  const entryParams = { params: { entryId: draft.entryId } }
  for (const client of [other, bureau]) {
    assert.equal((await client.attempt('get_revision', { params })).statusCode, 404)
    assert.equal((await client.attempt('get_entry', entryParams)).statusCode, 404)
    assert.equal((await client.attempt('list_revisions', entryParams)).statusCode, 404)
    const { items } = await client.call('list_entries', { query: { orgId: steward.org.id, state: 'unpublished' } })
    assert.deepEqual(items, [])
  }
  assert.equal((await other.attempt('update_revision', { params, body: { content: draft.content, edit: 1 } })).statusCode, 404)
  await steward.call('submit_revision', { params })
  await officer.call('pass_department_review', { params, body: {} })
  assert.equal((await bureau.call('get_entry', entryParams)).openRevision?.state, 'bureau_review')
  assert.equal((await other.attempt('get_revision', { params })).statusCode, 404)
  await bureau.call('return_bureau_review', { params, body: { opinion: '摘要过于简单' } })
  assert.equal((await bureau.call('get_revision', { params })).state, 'returned')
  const mine = await steward.call('list_my_revisions')
  assert.ok(mine.items.some(({ id, state, name }) => id === draft.id && state === 'returned' && name === '网约车信息'))
})

test('wrong state is a conflict that names the state, wrong side is forbidden', async () => {
  const { steward, officer, bureau, revisionId } = await publishEntry(city, transport, { name: '货运车辆信息' })
  const params = { revisionId }
  const late = await problemOf(steward.attempt('submit_revision', { params }))
  assert.deepEqual([late.code, late.status, late.detail.includes('已发布')], ['state.refused', 409, true])
  const other = await city.as('厦门市公安局', 'data_officer')
  assert.equal((await problemOf(other.attempt('pass_department_review', { params, body: {} }))).code, 'state.wrong_side')
  assert.equal((await problemOf(officer.attempt('publish_revision', { params, body: {} }))).code, 'security.missing_scope')
  assert.equal((await bureau.attempt('discard_revision', { params })).statusCode, 403)
})

test('a second change waits until the open one is finished; a discarded one makes room', async () => {
  const { steward, entryId } = await publishEntry(city, transport, { name: '港口泊位信息' })
  const input = { params: { entryId }, body: { changeReason: '职责调整' } }
  const first = await steward.call('start_revision', input)
  assert.equal((await problemOf(steward.attempt('start_revision', input))).code, 'catalog.revision_open')
  await steward.call('discard_revision', { params: { revisionId: first.id } })
  assert.equal((await steward.call('start_revision', input)).number, 3)
})

test('a name is taken once per provider; a discarded draft frees it', async () => {
  const steward = await city.as(transport, 'steward')
  const content = buildContent({ name: '轮渡航班信息' })
  const draft = await steward.call('create_entry', { body: { content } })
  assert.equal((await problemOf(steward.attempt('create_entry', { body: { content } }))).code, 'catalog.name_taken')
  await steward.call('discard_revision', { params: { revisionId: draft.id } })
  await steward.call('create_entry', { body: { content } })
  const other = await city.as('厦门港口管理局', 'steward')
  await other.call('create_entry', { body: { content } })
})

test('the clock of a change runs for the provider, stands still at the bureau, and runs on after a return', async () => {
  const built = await publishEntry(city, transport, { name: '道路施工信息' })
  const { steward, officer, bureau, entryId } = built
  const change = await steward.call('start_revision', { params: { entryId }, body: { changeReason: '系统更新' } })
  const params = { revisionId: change.id }
  assert.equal(change.dueOn, '2026-11-11', 'Xiamen: 7 working days after 2 November 2026')
  await steward.call('submit_revision', { params })
  const handed = await officer.call('pass_department_review', { params, body: {} })
  assert.equal(handed.dueOn, '2026-11-04', 'the bureau has 2 working days')
  city.setNow('2026-11-03T02:00:00Z')
  const returned = await bureau.call('return_bureau_review', { params, body: { opinion: '请补充说明' } })
  assert.equal(returned.dueOn, '2026-11-12', 'a day at the bureau does not count')
  await passGates({ ...built, revisionId: change.id })
  assert.equal((await steward.call('get_revision', { params })).dueOn, null)
  city.setNow('2026-11-02T02:00:00Z')
})

test('a system is changed by its organisation only, from the version that was seen', async () => {
  const steward = await city.as(transport, 'steward')
  const other = await city.as('厦门市公安局', 'steward')
  const system = await steward.call('create_system', { body: { name: '运政管理系统' } })
  const params = { systemId: system.id }
  const body = { name: '运政管理系统（新）', version: system.version }
  assert.equal((await problemOf(other.attempt('update_system', { params, body }))).code, 'catalog.not_your_system')
  assert.equal((await steward.call('update_system', { params, body })).version, 2)
  assert.equal((await problemOf(steward.attempt('update_system', { params, body }))).code, 'value.stale')
  assert.equal(
    (await problemOf(steward.attempt('create_system', { body: { name: '运政管理系统（新）' } }))).code,
    'catalog.system_name_taken',
  )
  const { items } = await other.call('list_systems', { query: { q: '运政', withoutEntries: 'true' } })
  assert.deepEqual(
    items.map(({ id, can }) => [id, can.update]),
    [[system.id, false]],
  )
})

test('lists page by seek without gap or repetition', async () => {
  const reader = await city.as('厦门市公安局', 'steward')
  const all = await reader.call('list_entries', { query: { limit: 1000 } })
  const seen: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await reader.call('list_entries', { query: { limit: 2, ...(cursor && { cursor }) } })
    seen.push(...page.items.map(({ id }) => id))
    if (page.next === null) break
    cursor = page.next
  }
  assert.deepEqual(
    seen,
    all.items.map(({ id }) => id),
  )
  assert.ok(seen.length >= 5)
  assert.equal((await reader.attempt('list_entries', { query: { cursor: 'made-up' } })).statusCode, 400)
})

test('the bureau consents once to more days for a change that it does not see yet, and the department reads why', async () => {
  const built = await publishEntry(city, transport, { name: '公交专用道信息' })
  const { steward, bureau, entryId } = built
  const { id: revisionId, dueOn } = await steward.call('start_revision', { params: { entryId }, body: { changeReason: '新增路段' } })
  const params = { revisionId }
  const clockOf = async (caller: typeof steward) => {
    const { items } = await caller.call('list_clocks', { query: { rule: 'catalog_update', limit: 100 } })
    return items.find(({ objectId }) => objectId === revisionId)!
  }
  assert.equal((await bureau.attempt('get_revision', { params })).statusCode, 404)
  const [seen, own] = [await clockOf(bureau), await clockOf(await city.as(transport, 'data_officer'))]
  assert.deepEqual([seen.dueOn, seen.maxExtensionDays, seen.can.extend, own.can.extend], [dueOn, 5, true, false])
  const body = { days: 5, reason: '涉及三个区的数据核对' }
  assert.equal((await steward.attempt('extend_revision', { params, body })).json().code, 'security.missing_scope')
  assert.equal((await bureau.attempt('extend_revision', { params, body: { ...body, days: 6 } })).json().code, 'duty.extension_days')
  const extended = await bureau.call('extend_revision', { params, body })
  const after = await clockOf(bureau)
  assert.deepEqual([after.dueOn, after.extendedDays, after.can.extend], [extended.dueOn, 5, false])
  assert.equal((await bureau.attempt('extend_revision', { params, body })).json().code, 'duty.extension_used')
  const { edit, content, ...told } = await steward.call('get_revision', { params })
  assert.equal(told.dueOn, extended.dueOn)
  assert.deepEqual(
    told.opinions.map(({ event, opinion, org }) => [event, opinion, org]),
    [['extend', body.reason, '厦门市数据管理局']],
  )
  // A steward who was editing goes on.
  await steward.call('update_revision', { params, body: { content, edit } })
  const none = await steward.call('create_entry', { body: { content: buildContent({ name: '公交换乘信息' }) } })
  const first = await bureau.attempt('extend_revision', { params: { revisionId: none.id }, body })
  assert.equal(first.json().code, 'catalog.no_clock')
})
