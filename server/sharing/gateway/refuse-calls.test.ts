import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyFor, approve, callShared, createKey, type SharedData, shareEntry } from '#testing/build-shared-data.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import type { KeyPair } from '#testing/sign-call.ts'
import { signCall } from '#testing/sign-call.ts'
import { verifyChain } from '../../store/index.ts'

let city: TestCity
let provider: SharedData
let consumer: { steward: Client; officer: Client }
let key: KeyPair & { id: string }
const items = [
  { code: 'id', name: '编号', dataType: 'C', length: 32, isKey: true },
  { code: 'phone', name: '联系电话', dataType: 'C', length: 20, sensitiveKind: 'phone', level: 'L2' },
  { code: 'income', name: '收入', dataType: 'Y', length: 12, scale: 2, sensitiveKind: 'income', level: 'L3' },
] as const

before(async () => {
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
  const rows = Array.from({ length: 25 }, (_, i) => [`P${i}`, `138${String(i).padStart(8, '0')}`, `${i}000.50`])
  provider = await shareEntry(city, '厦门市民政局', { name: '人员信息', items: [...items], level: 'L3' }, rows)
  consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  key = await createKey(consumer.steward)
})
after(() => city.close())

const grantOf = async (content: object = {}, change: object = {}) =>
  approve(provider.officer, await applyFor(consumer, provider.entryId, { items: ['id', 'phone'], ...content }), change)
const codeOf = (response: { statusCode: number; json(): { code?: string } }) => `${response.statusCode} ${response.json().code ?? 'ok'}`
const call = async (url: string, by: KeyPair = key, options = {}) => codeOf(await callShared(city, by, url, options))

test('a grant that is suspended, resumed or terminated is so for the very next call', async () => {
  const { id: grantId, endpoint } = await grantOf()
  const params = { grantId }
  const url = `${endpoint}?id=eq.P1`
  const reason = { reason: '超出约定用途' }
  assert.equal(await call(url), '200 ok')
  const { can } = await provider.bureau.call('get_grant', { params })
  assert.deepEqual([can.suspend, can.resume, can.terminate, can.preview], [true, false, true, false])
  assert.equal((await consumer.steward.attempt('suspend_grant', { params, body: reason })).json().code, 'state.wrong_side')
  assert.equal((await provider.steward.attempt('suspend_grant', { params, body: reason })).json().code, 'security.missing_scope')
  for (let round = 0; round < 3; round++) {
    await provider.bureau.call('suspend_grant', { params, body: reason })
    assert.equal(await call(url), '403 sharing.grant_not_in_effect')
    assert.equal((await consumer.steward.attempt('preview_grant', { params })).json().code, 'sharing.grant_not_in_effect')
    const resumed = await provider.officer.call('resume_grant', { params, body: { reason: '已整改' } })
    assert.equal(resumed.state, 'active')
    assert.equal(await call(url), '200 ok')
  }
  await provider.officer.call('terminate_grant', { params, body: reason })
  assert.equal(await call(url), '403 sharing.grant_not_in_effect')
  assert.equal((await provider.officer.attempt('resume_grant', { params, body: reason })).json().code, 'state.refused')
})

test('a grant of somebody else, none, and one that ended before a restart: nothing is told to strangers', async () => {
  const { endpoint } = await grantOf()
  const stranger = await createKey(await city.as('厦门市体育局', 'steward'))
  const [theirs, none] = await Promise.all([
    callShared(city, stranger, `${endpoint}?id=eq.P1`),
    callShared(city, stranger, '/share/v1/SQ-2026-999999?id=eq.P1'),
  ])
  const body = ({ instance: _, ...rest }: Record<string, unknown>) => rest
  assert.deepEqual(body(theirs.json()), body(none.json()))
  assert.equal(codeOf(theirs), '404 sharing.grant_unknown')
  const other = await city.as('厦门市体育局', 'steward')
  const { id } = (await consumer.steward.call('list_grants', {})).items[0]!
  assert.equal((await other.attempt('get_grant', { params: { grantId: id } })).statusCode, 404)
  assert.deepEqual((await other.call('list_grants', { query: { side: 'all' } })).items, [])
  assert.deepEqual((await other.call('list_keys', {})).items.length, 1)
})

test('a nonce counts once, after a restart too; of two at once one is answered (A22)', async () => {
  const { endpoint } = await grantOf()
  const url = `${endpoint}?id=eq.P1`
  const nonce = 'nonce-0001'
  assert.equal(await call(url, key, { nonce }), '200 ok')
  assert.equal(await call(url, key, { nonce }), '401 sharing.replayed')
  await city.restart()
  assert.equal(await call(url, key, { nonce }), '401 sharing.replayed')
  const both = await Promise.all([call(url, key, { nonce: 'nonce-0002' }), call(url, key, { nonce: 'nonce-0002' })])
  assert.deepEqual(both.sort(), ['200 ok', '401 sharing.replayed'])
  const now = city.app.system('test').now().getTime()
  assert.equal(await call(url, key, { now: now - 16 * 60_000 }), '401 sharing.clock_skew')
  const signed = signCall(key, url, { now })
  const swapped = await city.app.http.inject({ method: 'GET', url: `${endpoint}?id=eq.P2`, headers: signed })
  assert.equal(codeOf(swapped), '401 sharing.wrong_signature', 'the signature covers the query')
  const headers = Object.fromEntries(Object.entries(signCall(key, url, { now })).reverse())
  assert.equal(codeOf(await city.app.http.inject({ method: 'GET', url, headers })), '200 ok', 'the order of headers means nothing')
})

test('a quota is exact under calls at once, and starts again at midnight in Shanghai', async () => {
  const { id: grantId, endpoint } = await grantOf({ callsPerDay: 20 })
  const url = `${endpoint}?id=eq.P3`
  const answers = await Promise.all(Array.from({ length: 50 }, () => callShared(city, key, url)))
  const by = Map.groupBy(answers, ({ statusCode }) => statusCode)
  assert.deepEqual([by.get(200)?.length, by.get(429)?.length], [20, 30])
  const remaining = by.get(200)!.map(({ headers }) => Number(headers['ratelimit-remaining']))
  assert.deepEqual(
    remaining.sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, i) => i),
  )
  assert.equal(by.get(429)![0]!.headers['retry-after'], String(14 * 3600), '10:00 in Shanghai')
  const grant = await consumer.steward.call('get_grant', { params: { grantId } })
  assert.deepEqual([grant.callsToday, grant.callsTotal, grant.rowsTotal], [20, 20, 20])
  city.setNow('2026-03-02T16:00:00Z')
  assert.equal(await call(url), '200 ok')
  assert.equal((await consumer.steward.call('get_grant', { params: { grantId } })).callsToday, 1)
  city.setNow('2026-03-02T02:00:00Z')
})

test('a key works from its addresses, until its day, until it is revoked, for its organisation', async () => {
  const { endpoint } = await grantOf()
  const url = `${endpoint}?id=eq.P1`
  const bound = await createKey(consumer.steward, ['10.1.0.0/16', '2001:db8::1', '192.168.7.9'])
  for (const [remoteAddress, answer] of [
    ['10.1.200.3', '200 ok'],
    ['::ffff:10.1.0.1', '200 ok'],
    ['2001:db8::1', '200 ok'],
    ['192.168.7.9', '200 ok'],
    ['192.168.7.10', '403 sharing.address_not_allowed'],
    ['10.2.0.1', '403 sharing.address_not_allowed'],
    ['2001:db8::2', '403 sharing.address_not_allowed'],
  ] as const)
    assert.equal(await call(url, bound, { remoteAddress }), answer, remoteAddress)
  for (const wrong of ['1', '0x7f.1', '10.0.0.0/33', '::1/200', '10.1.2', 'example.com', ''])
    assert.equal(
      (await consumer.steward.attempt('create_key', { body: { name: 'x', allowedAddresses: [wrong], expiresOn: '2026-12-31' } })).json()
        .errors[0].code,
      'sharing.key_address',
    )
  const spare = await createKey(consumer.steward)
  const revoked = await consumer.steward.call('revoke_key', { params: { keyId: spare.id } })
  assert.deepEqual([revoked.state, revoked.can.revoke], ['revoked', false])
  assert.equal(await call(url, spare), '401 sharing.key_not_valid')
  assert.equal(await call(url, { ...spare, secret: 'x' }), '401 sharing.wrong_signature', 'only who holds the secret learns why')
  assert.equal(await call(url, { accessKey: 'AKnobody', secret: 'x' }), '401 sharing.wrong_signature')
  city.setNow('2027-01-01T02:00:00Z')
  assert.equal(await call(url), '401 sharing.key_not_valid', 'it ended on 31 December')
  city.setNow('2026-03-02T02:00:00Z')
  const stored = JSON.stringify(await city.app.plane.db.selectFrom('sharing.access_key').selectAll().execute())
  const told = JSON.stringify(await city.app.plane.db.selectFrom('platform.event').selectAll().execute())
  assert.ok(![key, bound, spare].some(({ secret }) => stored.includes(secret) || told.includes(secret)), 'secrets are nowhere in the clear')
})

test('a hidden item cannot be asked for in any way: the answer is that of an item that does not exist (V08)', async () => {
  const { endpoint } = await grantOf({ items: ['id', 'phone'] })
  const answerTo = async (item: string, filter: string) => {
    const response = await callShared(city, key, `${endpoint}?${item}=${encodeURIComponent(filter)}`)
    const { instance: _, ...body } = response.json()
    return JSON.stringify([response.statusCode, body]).replaceAll(item, 'ITEM')
  }
  const filters = ['eq.1', 'neq.1', 'gt.0', 'lte.9', 'like.*', 'in.(1,2)', 'is.null', 'is.not_null', 'nonsense', "eq.' or 1=1 --", '']
  for (const filter of filters) {
    const absent = await answerTo('no_such_item', filter)
    for (const hidden of ['phone', 'income', '_row']) assert.equal(await answerTo(hidden, filter), absent, `${hidden} ${filter}`)
  }
  for (const probe of ['select=income', 'order=income.desc', 'group=income', 'items=income', 'sort=phone'])
    assert.equal((await callShared(city, key, `${endpoint}?${probe}`)).statusCode, 400, probe)
})

test('a page goes on where it ended, until the data are loaded anew', async () => {
  const { endpoint } = await grantOf({}, { maxRowsPerCall: 10 })
  const seen: string[] = []
  let next: string | null = null
  do {
    const response = await callShared(city, key, `${endpoint}?limit=500${next ? `&cursor=${next}` : ''}`)
    const page = response.json() as { items: { id: string }[]; next: string | null }
    assert.ok(page.items.length <= 10, 'never more than the decision allows')
    seen.push(...page.items.map(({ id }) => id))
    next = page.next
  } while (next)
  assert.deepEqual(
    seen,
    Array.from({ length: 25 }, (_, i) => `P${i}`),
  )
  assert.equal(await call(`${endpoint}?cursor=zzz`), '400 value.cursor')
  assert.equal(await call(`${endpoint}?cursor=00000000-5`), '409 sharing.cursor_old')
})

test('rights that cannot be confirmed are not acted on', async () => {
  const { endpoint } = await grantOf()
  assert.equal(await call(`${endpoint}?id=eq.P1`), '200 ok')
  let release = () => {}
  const held = new Promise<void>((done) => {
    release = done
  })
  const hold = city.app.plane.db.transaction().execute(async (tx) => {
    await tx.selectFrom('platform.chain_head').selectAll().forUpdate().execute()
    await held
  })
  await sleep(1200)
  const asked = callShared(city, key, `${endpoint}?id=eq.P1`)
  await sleep(1500)
  release()
  await hold
  // The embedded engine serves one transaction at a time: the log could not be read for more than a second.
  assert.equal(codeOf(await asked), city.app.plane.kind === 'pglite' ? '503 sharing.rights_unknown' : '200 ok')
  assert.equal(await call(`${endpoint}?id=eq.P1`), '200 ok')
})

test('every call left one entry with purpose and decision, refused ones too, and the chain holds', async () => {
  const { id: decisionId, endpoint } = await grantOf({ callsPerDay: 2 })
  const { seq: before } = await city.app.plane.db.selectFrom('platform.chain_head').select('seq').executeTakeFirstOrThrow()
  const urls = ['?id=eq.P1', '?income=eq.1', '?id=eq.P2', '?id=eq.P3', '?cursor=x', '?id=eq.P4']
  const codes = []
  for (const url of urls) codes.push(await call(endpoint + url))
  assert.deepEqual(codes, [
    '200 ok',
    '400 http.invalid_input',
    '200 ok',
    '429 sharing.over_quota',
    '400 value.cursor',
    '429 sharing.over_quota',
  ])
  await city.app.http.inject({ method: 'GET', url: endpoint })
  const entries = city.app.plane.db
    .selectFrom('platform.event')
    .selectAll()
    .where('seq', '>', before)
    .where('action', 'in', ['sharing.records_read', 'sharing.call_refused'])
  const log = await entries.orderBy('seq').execute()
  assert.deepEqual(
    log.map(({ result, is_data }) => `${result}${is_data ? ' data' : ''}`),
    ['ok data', 'denied', 'ok data', 'denied', 'denied', 'denied', 'denied'],
  )
  assert.ok(
    log.slice(0, -1).every((entry) => entry.decision_id === decisionId && entry.purpose === '核验申请人信息' && entry.actor_kind === 'key'),
  )
  assert.equal(log.at(-1)?.actor_id, 'visitor')
  assert.ok((await verifyChain(city.app.plane.db)).intact)
})
