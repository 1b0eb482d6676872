import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applyFor, approve, buildRequestContent, type SharedData, shareEntry } from '#testing/build-shared-data.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'

let city: TestCity
let provider: SharedData
let consumer: { steward: Client; officer: Client }
let bureau: Client
const items = [
  { code: 'id', name: '编号', dataType: 'C', length: 32, isKey: true },
  { code: 'phone', name: '联系电话', dataType: 'C', length: 20, sensitiveKind: 'phone', level: 'L2' },
  { code: 'born', name: '出生日期', dataType: 'D', sensitiveKind: 'birth_date', level: 'L2' },
] as const
const conditional = { sharingType: 'conditional', sharingCondition: '办事核验', sharingScope: '行政机关', sharingPurpose: '核验' } as const

before(async () => {
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
  provider = await shareEntry(city, '厦门市民政局', { name: '人员信息', items: [...items], level: 'L2', ...conditional }, [
    ['1', '13812345678', '1990-01-01'],
  ])
  consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  bureau = provider.bureau
})
after(() => city.close())

const content = { items: ['id', 'phone'] }
const at = (requestId: string) => ({ params: { requestId } })
const reason = { reason: '请说明对应的法定职责条款' }

test('an incomplete application is told everything that it lacks at once', async () => {
  const { steward } = consumer
  const bad = {
    items: ['id', 'nothing', 'id'],
    rows: [
      { item: 'born', operator: 'like', value: '19*' },
      { item: 'born', operator: 'gt', value: '1990-02-30' },
    ],
    mode: 'file',
    from: '2026-05-01',
    to: '2026-03-01',
  } as const
  const { id } = await steward.call('create_request', {
    body: { entryId: provider.entryId, content: { ...bad, items: [...bad.items], rows: [...bad.rows] } },
  })
  const response = await steward.attempt('submit_request', at(id))
  assert.equal(response.statusCode, 400)
  const { code, errors } = response.json() as { code: string; errors: { pointer: string; code: string; detail: string }[] }
  assert.equal(code, 'sharing.incomplete')
  assert.deepEqual(errors.map(({ pointer, code }) => `${pointer} ${code}`).sort(), [
    '/content/basis value.required',
    '/content/items/1 security.item_unknown',
    '/content/items/2 security.item_unknown',
    '/content/mode sharing.mode_not_offered',
    '/content/purpose value.required',
    '/content/rows/0/operator security.filter_operator',
    '/content/rows/1/value security.filter_value',
    '/content/scenario value.required',
    '/content/to sharing.period_over',
    '/content/to sharing.period_reversed',
  ])
  assert.ok(errors.every(({ detail, code }) => detail !== code && detail.length > 5))
  assert.equal((await steward.call('get_request', at(id))).state, 'draft', 'a refused submission changes nothing')
})

test('what may be applied for: published, of another department, and shareable', async () => {
  const create = (caller: Client, entryId: string) => caller.attempt('create_request', { body: { entryId, content } })
  assert.equal((await create(provider.steward, provider.entryId)).json().code, 'sharing.own_entry')
  const closed = await shareEntry(city, '厦门市公安局', {
    name: '侦查记录',
    items: [...items],
    level: 'L2',
    sharingType: 'not_shared',
    sharingBasis: '《中华人民共和国刑事诉讼法》第五十四条',
  })
  const refused = await create(consumer.steward, closed.entryId)
  assert.equal(refused.json().code, 'sharing.not_shared')
  assert.match(refused.json().detail, /第五十四条/)
  const draft = await closed.steward.call('create_entry', { body: { content: { name: '未发布目录' } } })
  assert.equal((await create(consumer.steward, draft.entryId)).statusCode, 404)
})

test('the way of a request: numbers, who sees it when, who acts next, and what its history says', async () => {
  const { steward, officer } = consumer
  const other = await city.as('厦门市体育局', 'steward')
  const { id, number, can, waitingFor } = await steward.call('create_request', {
    body: { entryId: provider.entryId, content: buildRequestContent(content) },
  })
  assert.match(number, /^GX-2026-\d{6}$/)
  assert.deepEqual([can.submit, can.update, can.pass, can.approve], [true, true, false, false])
  assert.match(waitingFor, /卫生健康委员会/)
  const sight = async () =>
    Object.fromEntries(
      await Promise.all(
        Object.entries({ officer, provider: provider.officer, bureau, other }).map(async ([name, who]) => [
          name,
          (await who.attempt('get_request', at(id))).statusCode,
        ]),
      ),
    )
  assert.deepEqual(await sight(), { officer: 200, provider: 404, bureau: 404, other: 404 })
  await steward.call('submit_request', at(id))
  assert.deepEqual(await sight(), { officer: 200, provider: 404, bureau: 200, other: 404 })
  assert.equal((await officer.call('list_requests_to_handle', {})).items[0]?.id, id)
  const passed = await officer.call('pass_request', { ...at(id), body: { opinion: '同意提出' } })
  assert.deepEqual(await sight(), { officer: 200, provider: 200, bureau: 200, other: 404 })
  assert.deepEqual([passed.clock?.dueOn, passed.clock?.state], ['2026-03-16', 'running'])
  const refused = await provider.officer.call('refuse_request', { ...at(id), body: reason })
  assert.deepEqual([refused.state, refused.clock?.state, refused.waitingFor], ['refused', 'met', '已办结'])
  assert.deepEqual(
    refused.opinions.map(({ event, opinion }) => `${event} ${opinion}`.trim()),
    ['submit', 'pass 同意提出', `refuse ${reason.reason}`],
  )
  const again = await provider.officer.attempt('refuse_request', { ...at(id), body: reason })
  assert.deepEqual([again.statusCode, again.json().code], [409, 'state.refused'])
})

test('who stands on the wrong side, lacks the scope, or saw an older state is refused, and nothing happens', async () => {
  const { steward, officer } = consumer
  const { id, edit } = await steward.call('create_request', { body: { entryId: provider.entryId, content: buildRequestContent(content) } })
  const body = { content: buildRequestContent(content), edit }
  await steward.call('update_request', { ...at(id), body })
  assert.equal((await steward.attempt('update_request', { ...at(id), body })).json().code, 'value.stale')
  assert.equal((await steward.attempt('pass_request', { ...at(id), body: {} })).json().code, 'security.missing_scope')
  await steward.call('submit_request', at(id))
  const colleague = await city.as('厦门市卫生健康委员会', 'steward')
  assert.equal((await colleague.attempt('update_request', { ...at(id), body: { ...body, edit: edit + 2 } })).json().code, 'state.refused')
  assert.equal((await provider.officer.attempt('pass_request', { ...at(id), body: {} })).statusCode, 404)
  await officer.call('pass_request', { ...at(id), body: {} })
  const decision = (await provider.officer.call('get_request', at(id))).suggestion!
  const byConsumer = await officer.attempt('approve_request', { ...at(id), body: decision })
  assert.deepEqual([byConsumer.statusCode, byConsumer.json().code], [403, 'state.wrong_side'])
  assert.equal((await bureau.attempt('refuse_request', { ...at(id), body: reason })).statusCode, 403)
  assert.equal((await provider.officer.call('get_request', at(id))).state, 'provider_review')
  assert.equal((await city.visitor.attempt('get_request', at(id))).statusCode, 401)
})

test('nobody passes or approves what he had a hand in, whichever organisation he acts for', async () => {
  const both = await city.as('厦门市卫生健康委员会', 'steward', 'data_officer')
  const { id, can } = await both.call('create_request', { body: { entryId: provider.entryId, content: buildRequestContent(content) } })
  assert.equal(can.pass, false)
  await both.call('submit_request', at(id))
  const own = await both.attempt('pass_request', { ...at(id), body: {} })
  assert.deepEqual([own.statusCode, own.json().code], [403, 'sharing.self_review'])
  assert.ok(!(await both.call('list_requests_to_handle', {})).items.some((request) => request.id === id))
  await consumer.officer.call('pass_request', { ...at(id), body: {} })
  // The same person is lent to the provider.
  await city.app.plane.db
    .insertInto('security.membership')
    .values({ person_id: both.personId, org_id: provider.officer.org.id, roles: ['data_officer'] })
    .execute()
  await city.app.plane.db
    .updateTable('security.session')
    .set({ org_id: provider.officer.org.id })
    .where('person_id', '=', both.personId)
    .execute()
  const { suggestion } = await provider.officer.call('get_request', at(id))
  assert.equal((await both.call('get_request', at(id))).can.approve, false)
  const approval = await both.attempt('approve_request', { ...at(id), body: suggestion! })
  assert.deepEqual([approval.statusCode, approval.json().code], [403, 'sharing.self_review'])
  assert.equal((await provider.officer.call('get_request', at(id))).state, 'provider_review')
})

test('a decision stays within what was asked, and says everything that is wrong with it', async () => {
  const id = await applyFor(consumer, provider.entryId, content)
  const wrong = {
    items: [{ item: 'id', mask: 'shuffle' }, { item: 'born' }, { item: 'phone' }, { item: 'phone' }],
    rows: [{ item: 'born', operator: 'eq', value: 'yesterday' }],
    from: '2026-02-01',
    to: '2027-01-01',
    callsPerDay: 10,
  }
  assert.equal(
    (await provider.officer.attempt('approve_request', { ...at(id), body: wrong as never })).json().errors[0].pointer,
    '/items/0/mask',
  )
  wrong.items[0]!.mask = 'hash'
  const { errors } = (await provider.officer.attempt('approve_request', { ...at(id), body: wrong as never })).json()
  assert.deepEqual(errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`).sort(), [
    '/from sharing.period_not_asked',
    '/items/1/item sharing.item_not_asked',
    '/items/3/item security.item_unknown',
    '/rows/0/value security.filter_value',
    '/to sharing.period_not_asked',
  ])
  const { state, suggestion } = await provider.officer.call('get_request', at(id))
  assert.equal(state, 'provider_review')
  assert.deepEqual(suggestion?.items, [
    { item: 'id', mask: 'none' },
    { item: 'phone', mask: 'phone' },
  ])
  const grant = await approve(provider.officer, id)
  assert.deepEqual([grant.state, grant.number.slice(0, 8)], ['active', 'SQ-2026-'])
  const clocks = await bureau.call('list_clocks', { query: { rule: 'supply', state: 'met' } })
  assert.ok(
    clocks.items.some(({ objectId }) => objectId === grant.id),
    'supplied with the reply',
  )
})

test('the reply clock stands still while the applicant completes, is extended once, and says when it is late', async () => {
  const { steward } = consumer
  city.setNow('2026-03-02T02:00:00Z')
  const id = await applyFor(consumer, provider.entryId, content)
  const due = async (caller: Client = steward) => {
    const { clock } = await caller.call('get_request', at(id))
    return [clock!.dueOn, clock!.state, clock!.phase, clock!.remainingDays]
  }
  assert.deepEqual(await due(), ['2026-03-16', 'running', 'normal', 10])
  city.setNow('2026-03-05T02:00:00Z')
  await provider.officer.call('return_request', { ...at(id), body: reason })
  assert.deepEqual(await due(), ['2026-03-16', 'paused', 'normal', 7])
  assert.ok((await steward.call('list_requests_to_handle', {})).items.some((request) => request.id === id))
  city.setNow('2026-03-12T02:00:00Z')
  const { content: returned, edit } = await steward.call('get_request', at(id))
  await steward.call('update_request', { ...at(id), body: { content: { ...returned, basis: '' }, edit } })
  assert.equal((await steward.attempt('complete_request', at(id))).json().code, 'sharing.incomplete')
  await steward.call('update_request', { ...at(id), body: { content: returned, edit: edit + 1 } })
  await steward.call('complete_request', at(id))
  // Three of ten days were used by 5 March; seven run from 12 March.
  assert.deepEqual(await due(), ['2026-03-23', 'running', 'normal', 7])
  assert.equal((await provider.officer.attempt('extend_request', { ...at(id), body: { days: 5, ...reason } })).statusCode, 403)
  assert.equal((await bureau.attempt('extend_request', { ...at(id), body: { days: 11, ...reason } })).json().code, 'duty.extension_days')
  const extended = await bureau.call('extend_request', { ...at(id), body: { days: 10, reason: '数据量大' } })
  assert.deepEqual([extended.clock?.dueOn, extended.clock?.extendedDays, extended.can.extend], ['2026-04-07', 10, false])
  assert.equal((await bureau.attempt('extend_request', { ...at(id), body: { days: 1, ...reason } })).json().code, 'duty.extension_used')
  assert.equal((await steward.call('get_request', at(id))).opinions.at(-1)?.event, 'extend', 'the requester is told')
  city.setNow('2026-04-08T02:00:00Z')
  assert.deepEqual((await due()).slice(1), ['running', 'overdue', -1])
  const overdue = await bureau.call('list_requests', { query: { overdue: 'true' as never } })
  assert.ok(overdue.items.some((request) => request.id === id) && overdue.items.every(({ clock }) => clock?.phase === 'overdue'))
  await provider.officer.call('refuse_request', { ...at(id), body: reason })
  assert.equal((await due())[1], 'met_late')
})

test('what is shared without conditions is answered within one working day, over a holiday too', async () => {
  city.setNow('2026-09-24T02:00:00Z')
  const open = await shareEntry(city, '厦门市气象局', { name: '气象观测', items: [items[0]], level: 'L1' })
  const id = await applyFor(consumer, open.entryId, { items: ['id'], from: '2026-09-24' })
  const { clock } = await open.officer.call('get_request', at(id))
  // 25 to 27 September 2026 are the Mid-Autumn holiday.
  assert.equal(clock?.dueOn, '2026-09-28')
  const withdrawn = await consumer.steward.call('withdraw_request', at(id))
  assert.deepEqual([withdrawn.state, withdrawn.clock?.state], ['withdrawn', 'cancelled'])
})

test('`can` is what the acts then allow, in every state and for everybody', async () => {
  city.setNow('2026-03-02T02:00:00Z')
  const acts = { submit: {}, pass: {}, reject: reason, return: reason, complete: {}, refuse: reason, withdraw: {} }
  const people = [consumer.steward, consumer.officer, provider.steward, provider.officer, bureau]
  const make = async (state: string): Promise<string> => {
    const { id } = await consumer.steward.call('create_request', {
      body: { entryId: provider.entryId, content: buildRequestContent(content) },
    })
    const steps: Record<string, () => Promise<unknown>> = {
      consumer_review: () => consumer.steward.call('submit_request', at(id)),
      provider_review: () => consumer.officer.call('pass_request', { ...at(id), body: {} }),
      returned: () => provider.officer.call('return_request', { ...at(id), body: reason }),
    }
    for (const [name, step] of Object.entries(steps)) {
      if (state === 'draft') break
      await step()
      if (name === state) break
    }
    return id
  }
  for (const state of ['draft', 'consumer_review', 'provider_review', 'returned']) {
    let id = await make(state)
    for (const [event, body] of Object.entries(acts)) {
      for (const person of people) {
        const seen = await person.attempt('get_request', at(id))
        const may = seen.statusCode === 200 && seen.json().can[event]
        const name = `${event}_request` as 'pass_request'
        const done = await person.attempt(name, {
          ...at(id),
          ...(Object.keys(body).length > 0 || event === 'pass' ? { body: body as never } : {}),
        })
        assert.equal(done.statusCode === 200, may === true, `${person.org.name} ${event} in ${state}: ${done.body}`)
        if (done.statusCode === 200) id = await make(state)
      }
    }
  }
})
