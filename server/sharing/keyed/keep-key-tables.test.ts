import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyFor, approve, callShared, createKey, loadRows, type SharedData, shareEntry } from '#testing/build-shared-data.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import type { KeyPair } from '#testing/sign-call.ts'
import { keepKeyTables } from './keep-key-tables.ts'

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

const keyTables = (entryId: string) =>
  city.app.plane.db.selectFrom('sharing.key_table').selectAll().where('entry_id', '=', entryId).execute()
const inLake = async () =>
  (
    await city.app.lake.measure<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'k_')",
    )
  ).map(({ name }) => name)
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400 && !(await isSo()); tries++) await sleep(50)
  assert.ok(await isSo())
}
const isBuilt = (built: SharedData, table: string) => async () =>
  (await keyTables(built.entryId)).some((one) => one.lake_table === table) && (await keyTables(built.entryId)).length === 1

test('lookups by key answer from a keyed copy what the live table answers, masks and row conditions included', async () => {
  const built = await shareEntry(city, '厦门市民政局', { name: '人员信息', items: [...items], level: 'L2' }, rows)
  const grant = await approve(built.officer, await applyFor(consumer, built.entryId, { items: ['id', 'name', 'district'] }), {
    rows: [{ item: 'secret', operator: 'neq', value: 's4' }],
    callsPerDay: 1_000_000,
  })
  await until(isBuilt(built, built.table!))
  const ids = ['0', '3', '12', '21', '597', '600', '-1', '0003', '9999999999']
  const ask = (filter: string) => callShared(city, key, `${grant.endpoint}?${filter}`)
  // The same question, once by key and once by the live table: a second condition goes past the keyed copy.
  const pairs = await Promise.all(
    ids.map(async (id) => [(await ask(`id=eq.${id}`)).json(), (await ask(`id=eq.${id}&id=is.not_null`)).json()]),
  )
  for (const [byKey, byScan] of pairs) assert.deepEqual(byKey, byScan)
  assert.deepEqual(pairs[1]![0].items, [{ id: 3, name: '张*', district: '思明区' }])
  assert.deepEqual(pairs[2]![0].items, [], 'the row that the decision leaves out')
  const many = await Promise.all(rows.map(async (_, i) => (await ask(`id=eq.${i * 3}`)).json().items.length))
  assert.equal(many.filter((found) => found === 1).length, 198, 'all but the row left out and the one without a key')
  assert.equal((await ask('id=eq.abc')).json().errors[0].code, 'security.filter_value')
})

test('the copy follows the next load and leaves with the last grant', async () => {
  const built = await shareEntry(city, '厦门市民政局', { name: '车辆信息', items: [...items], level: 'L2' }, rows.slice(0, 20))
  const grant = await approve(built.officer, await applyFor(consumer, built.entryId, { items: ['id', 'district'] }))
  await until(isBuilt(built, built.table!))
  const ask = async () => (await callShared(city, key, `${grant.endpoint}?id=eq.3`)).json().items
  assert.deepEqual(await ask(), [{ id: 3, district: '思明区' }])
  const next = await loadRows(city, built.entryId, items, [[3, '张三', '集美区', 'x']])
  assert.deepEqual(await ask(), [{ id: 3, district: '集美区' }], 'at once, with or without the new copy')
  await until(isBuilt(built, next))
  assert.deepEqual(await ask(), [{ id: 3, district: '集美区' }])
  assert.ok(!(await inLake()).includes(`k_${built.table}`))
  await built.officer.call('terminate_grant', { params: { grantId: grant.id }, body: { reason: '不再需要' } })
  await until(async () => (await keyTables(built.entryId)).length === 0)
  await until(async () => !(await inLake()).includes(`k_${next}`))
})

test('where a lookup would not find what a filter finds there is no copy: a key twice, two keys, a masked key', async () => {
  const shared = async (name: string, changed: object, data: typeof rows, mask: 'none' | 'full' = 'none') => {
    const own = items.map((item) => ({ ...item, ...(item.code === 'district' && changed) }))
    const built = await shareEntry(city, '厦门市民政局', { name, items: own, level: 'L2' }, data)
    const grant = await approve(built.officer, await applyFor(consumer, built.entryId, { items: ['id', 'district'] }), {
      items: [{ item: 'id', mask }, { item: 'district' }],
    })
    await keepKeyTables(city.app.system('sharing.keep_key_tables'), { entryId: built.entryId })
    assert.deepEqual(await keyTables(built.entryId), [])
    return grant
  }
  const twice = await shared('重复编号', {}, [...rows.slice(0, 3), rows[1]!])
  assert.equal((await callShared(city, key, `${twice.endpoint}?id=eq.3`)).json().items.length, 2)
  await shared('两个主键', { isKey: true }, rows.slice(0, 3))
  const masked = await shared('脱敏主键', {}, rows.slice(0, 3), 'full')
  assert.equal((await callShared(city, key, `${masked.endpoint}?id=eq.3`)).statusCode, 400)
})

test('what a killed build left of a table that is gone is swept away', async () => {
  await city.app.lake.define('CREATE TABLE k_gone (id String) ENGINE = EmbeddedRocksDB PRIMARY KEY id')
  await keepKeyTables(city.app.system('sharing.keep_key_tables'), {})
  assert.ok(!(await inLake()).includes('k_gone'))
})
