import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyFor, approve, callShared, createKey, loadRows, shareEntry } from '#testing/build-shared-data.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import type { KeyPair } from '#testing/sign-call.ts'

let city: TestCity
let consumer: { steward: Client; officer: Client }
let key: KeyPair
before(async () => {
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
  consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  key = await createKey(consumer.steward)
})
after(() => city.close())

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true },
  { code: 'name', name: '姓名', dataType: 'C', length: 50, sensitiveKind: 'name', level: 'L2' },
  { code: 'district', name: '区', dataType: 'C', length: 20 },
  { code: 'secret', name: '密语', dataType: 'C', length: 20 },
] as const
const rows = Array.from({ length: 200 }, (_, i) => [
  i === 7 ? null : i * 3,
  i % 3 ? '张三' : '欧阳修',
  i % 2 ? '思明区' : '湖里区',
  `s${i}`,
])

const copies = () => readdirSync(join(city.home, 'keyed')).filter((name) => name.endsWith('.sqlite'))
const hasCopy = (table: string) => existsSync(join(city.home, 'keyed', `${table}-id.sqlite`))
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !isSo(); tries++) await sleep(50)
  assert.ok(isSo())
  // The file is there a moment before the gateway takes it up.
  await sleep(50)
}

test('lookups by key answer from a copy what the live table answers, masks and row conditions included', async () => {
  const built = await shareEntry(city, '厦门市民政局', { name: '人员信息', items: [...items], level: 'L2' }, rows)
  const grant = await approve(built.officer, await applyFor(consumer, built.entryId, { items: ['id', 'name', 'district'] }), {
    items: [{ item: 'id' }, { item: 'name', mask: 'name' }, { item: 'district', mask: 'hash' }],
    rows: [{ item: 'secret', operator: 'neq', value: 's4' }],
    callsPerDay: 1_000_000,
  })
  await until(() => hasCopy(built.table!))
  const ids = ['0', '3', '12', '21', '597', '600', '-1', '0003', '9999999999']
  const ask = (filter: string) => callShared(city, key, `${grant.endpoint}?${filter}`)
  // The same question, once by key and once by the live table: a second condition goes past the copy.
  const pairs = await Promise.all(
    ids.map(async (id) => [(await ask(`id=eq.${id}`)).json(), (await ask(`id=eq.${id}&id=is.not_null`)).json()]),
  )
  for (const [byKey, byScan] of pairs) assert.deepEqual(byKey, byScan)
  assert.deepEqual([pairs[1]![0].items[0].id, pairs[1]![0].items[0].name], [3, '张*'])
  assert.deepEqual(pairs[2]![0].items, [], 'the row that the decision leaves out')
  const many = await Promise.all(rows.map(async (_, i) => (await ask(`id=eq.${i * 3}`)).json().items.length))
  assert.equal(many.filter((found) => found === 1).length, 198, 'all but the row left out and the one without a key')
  assert.equal((await ask('id=eq.abc')).json().errors[0].code, 'security.filter_value')
})

test('the copy follows the next load, is taken up after a restart, and leaves with the last grant', async () => {
  const built = await shareEntry(city, '厦门市民政局', { name: '车辆信息', items: [...items], level: 'L2' }, rows.slice(0, 20))
  const grant = await approve(built.officer, await applyFor(consumer, built.entryId, { items: ['id', 'district'] }))
  await until(() => hasCopy(built.table!))
  const ask = async () => (await callShared(city, key, `${grant.endpoint}?id=eq.3`)).json().items
  assert.deepEqual(await ask(), [{ id: 3, district: '思明区' }])
  const next = await loadRows(city, built.entryId, items, [[3, '张三', '集美区', 'x']])
  assert.deepEqual(await ask(), [{ id: 3, district: '集美区' }], 'at once, with or without the new copy')
  await until(() => hasCopy(next) && !hasCopy(built.table!))
  assert.deepEqual(await ask(), [{ id: 3, district: '集美区' }])
  const copy = join(city.home, 'keyed', `${next}-id.sqlite`)
  const { size } = statSync(copy)
  for (const left of [0, 5000, size - 1]) {
    truncateSync(copy, left)
    await city.restart()
    assert.deepEqual(await ask(), [{ id: 3, district: '集美区' }], `with or without what is left of the copy: ${left} bytes`)
    await until(() => statSync(copy).size === size)
  }
  writeFileSync(join(city.home, 'keyed', 't_gone-id.sqlite.part'), 'left by a killed process')
  await city.restart()
  assert.deepEqual(await ask(), [{ id: 3, district: '集美区' }])
  await until(() => readdirSync(join(city.home, 'keyed')).every((name) => name.endsWith('.sqlite')))
  await built.officer.call('terminate_grant', { params: { grantId: grant.id }, body: { reason: '不再需要' } })
  await until(() => !hasCopy(next))
})

test('where a lookup would not find what a filter finds there is no copy: a key twice, two keys, a masked key', async () => {
  const before = copies().length
  const shared = async (name: string, changed: object, data: typeof rows, mask: 'none' | 'full' = 'none') => {
    const own = items.map((item) => ({ ...item, ...(item.code === 'district' && changed) }))
    const built = await shareEntry(city, '厦门市民政局', { name, items: own, level: 'L2' }, data)
    return approve(built.officer, await applyFor(consumer, built.entryId, { items: ['id', 'district'] }), {
      items: [{ item: 'id', mask }, { item: 'district' }],
    })
  }
  const twice = await shared('重复编号', {}, [...rows.slice(0, 3), rows[1]!])
  await shared('两个主键', { isKey: true }, rows.slice(0, 3))
  const masked = await shared('脱敏主键', {}, rows.slice(0, 3), 'full')
  // Copies are made one after the other: when this one is there, those before it were decided on.
  const last = await shareEntry(city, '厦门市民政局', { name: '唯一编号', items: [...items], level: 'L2' }, rows.slice(0, 3))
  await approve(last.officer, await applyFor(consumer, last.entryId, { items: ['id'] }))
  await until(() => hasCopy(last.table!))
  assert.equal(copies().length, before + 1)
  assert.equal((await callShared(city, key, `${twice.endpoint}?id=eq.3`)).json().items.length, 2)
  assert.equal((await callShared(city, key, `${masked.endpoint}?id=eq.3`)).statusCode, 400)
})
