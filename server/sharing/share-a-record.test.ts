import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applyFor, approve, callShared, createKey, shareEntry } from '#testing/build-shared-data.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'

let city: TestCity
before(async () => {
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
})
after(() => city.close())

const items = [
  { code: 'id_no', name: '公民身份号码', dataType: 'C', length: 18, isKey: true, sensitiveKind: 'citizen_id', level: 'L3' },
  { code: 'name', name: '姓名', dataType: 'C', length: 50, sensitiveKind: 'name', level: 'L2' },
  { code: 'district', name: '区', dataType: 'C', length: 20 },
  { code: 'amount', name: '金额', dataType: 'N', length: 20, scale: 2 },
  { code: 'secret_note', name: '内部备注', dataType: 'C', length: 200 },
] as const

test('a record is shared: from the application to masked rows under a key, and one audit entry for each look', async () => {
  const provider = await shareEntry(
    city,
    '厦门市民政局',
    {
      name: '婚姻登记',
      items: [...items],
      level: 'L3',
      sharingType: 'conditional',
      sharingCondition: '办事核验',
      sharingScope: '行政机关',
      sharingPurpose: '核验',
    },
    [
      ['350203199001011234', '张三', '思明区', '1234.50', 'x'],
      ['350206199202022345', '李四', '湖里区', '12345678901234567.25', 'y'],
      ['350203199303033456', '王小五', '思明区', null, 'z'],
    ],
  )
  const consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  const requestId = await applyFor(consumer, provider.entryId, {
    items: ['id_no', 'name', 'district', 'amount'],
    rows: [{ item: 'district', operator: 'eq', value: '思明区' }],
    callsPerDay: 5,
  })
  const waiting = await provider.officer.call('list_requests_to_handle', {})
  assert.deepEqual(
    waiting.items.map(({ id }) => id),
    [requestId],
  )
  assert.deepEqual(
    [waiting.items[0]!.number, waiting.items[0]!.clock?.dueOn, waiting.items[0]!.can.approve],
    ['GX-2026-000001', '2026-03-16', true],
    'ten working days after 2 March',
  )
  assert.deepEqual(
    waiting.items[0]!.suggestion!.items.map(({ mask }) => mask),
    ['citizen_id', 'name', 'none', 'none'],
  )
  const grant = await approve(provider.officer, requestId, {
    items: [{ item: 'id_no' }, { item: 'name', mask: 'name' }, { item: 'district' }, { item: 'amount' }],
  })
  assert.deepEqual([grant.number, grant.state, grant.isAvailable], ['SQ-2026-000001', 'active', true])

  const key = await createKey(consumer.steward)
  const response = await callShared(city, key, `${grant.endpoint}?id_no=eq.350203199001011234`)
  assert.equal(response.statusCode, 200, response.body)
  assert.deepEqual(response.json(), {
    items: [{ id_no: '350203199001011234', name: '张*', district: '思明区', amount: 1234.5 }],
    next: null,
  })
  assert.equal(response.headers['ratelimit-remaining'], '4')
  const elsewhere = await callShared(city, key, `${grant.endpoint}?id_no=eq.350206199202022345`)
  assert.deepEqual(elsewhere.json().items, [], 'rows outside the decision do not exist')
  const hidden = await callShared(city, key, `${grant.endpoint}?secret_note=eq.x`)
  assert.equal(hidden.statusCode, 400)

  const preview = await consumer.steward.call('preview_grant', { params: { grantId: grant.id } })
  assert.deepEqual(
    preview.rows.map((row) => row[1]),
    ['张*', '王**'],
  )

  const { items: log } = await auditOf(grant.id)
  assert.deepEqual(
    log.map(({ action, result }) => `${action} ${result}`),
    ['sharing.records_read ok', 'sharing.records_read ok', 'sharing.call_refused denied', 'sharing.grant_previewed ok'],
  )
  assert.ok(log.every(({ purpose, org_name }) => purpose === '核验申请人信息' && org_name === '厦门市卫生健康委员会'))

  await provider.officer.call('suspend_grant', { params: { grantId: grant.id }, body: { reason: '发现超范围使用' } })
  const refused = await callShared(city, key, `${grant.endpoint}?id_no=eq.350203199001011234`)
  assert.equal(refused.statusCode, 403)
  assert.match(refused.json().detail, /发现超范围使用/)
  assert.match(String(refused.headers['x-ca-error-message']), /not in effect/)
})

/** What the event log says of looks under a decision. */
async function auditOf(decisionId: string) {
  const items = await city.app.plane.db
    .selectFrom('platform.event')
    .selectAll()
    .where('decision_id', '=', decisionId)
    .where('object_type', '=', 'grant')
    .orderBy('seq')
    .execute()
  return { items }
}
