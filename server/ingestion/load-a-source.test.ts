import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'

const files = mkdtempSync(join(tmpdir(), 'datong-files-'))
let city: TestCity
let server: TestServer
let client: pg.Client
before(async () => {
  city = await openTestCity({ fileRoots: [files] })
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
})
after(async () => {
  await client.end()
  await server.stop()
  await city.close()
})

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'amount', name: '金额', dataType: 'Y', length: 14, scale: 2 },
  { code: 'born', name: '成立日期', dataType: 'D' },
] as const

const postgresql = () => ({ kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' }) as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))

async function planOf(steward: Client, entryId: string, source: { name: string; settings: object }, object: string, more: object = {}) {
  const { id: sourceId } = await steward.call('create_source', { body: source as never })
  const plan = await steward.call('create_plan', { body: { entryId, sourceId, object, mapping, ...more } })
  return { sourceId, planId: plan.id }
}

const liveTable = async (entryId: string) =>
  (await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').where('entry_id', '=', entryId).executeTakeFirstOrThrow())
    .lake_table

test('a table of PostgreSQL becomes the data of an entry, with five numbers', async () => {
  await client.query(
    `create table firm as select i as id, '企业'||i as name, (i/100.0)::numeric(14,2) as amount, date '2000-01-01'+i as born from generate_series(1,5000) i`,
  )
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
  const { planId, sourceId } = await planOf(steward, entryId, { name: '登记库', settings: postgresql() }, 'firm', { verify: 'content' })
  const checked = await steward.call('check_source', { params: { sourceId } })
  assert.equal(checked.check?.ok, true)
  assert.equal(checked.check?.code, 'ingestion.not_read_only')
  assert.deepEqual(
    (await steward.call('list_source_objects', { params: { sourceId } })).items.map(({ name }) => name),
    ['firm'],
  )
  const load = await runPlan(steward, planId)
  const { state, read, sent, written, quarantined, agrees, error } = load
  assert.deepEqual(
    { state, read, sent, written, quarantined, agrees, error },
    { state: 'succeeded', read: 5000, sent: 5000, written: 5000, quarantined: 0, agrees: true, error: null },
  )
  const entry = await steward.call('get_entry', { params: { entryId } })
  assert.equal(entry.rows, 5000)
})

test('an account that can write by a role that it must first set is not read only', async () => {
  await client.query('create role clerk nologin; create role looker login; create role writer login noinherit; grant clerk to writer')
  await client.query('grant select on firm to looker, writer; grant insert on firm to clerk')
  const steward = await city.as('厦门市体育局', 'steward')
  for (const [user, isReadOnly] of [
    ['looker', true],
    ['writer', false],
  ] as const) {
    const { id: sourceId } = await steward.call('create_source', { body: { name: user, settings: { ...postgresql(), user } } })
    const { check } = await steward.call('check_source', { params: { sourceId } })
    assert.deepEqual([check?.ok, check?.readOnly], [true, isReadOnly])
  }
})

test('a CSV with broken rows is loaded but for them; they are corrected, replayed and discarded', async () => {
  writeFileSync(
    join(files, 'firm.csv'),
    'id,name,amount,born\n1,甲,10.5,2020-01-02\n2,乙,12.345,2020/1/3\n3,丙,abc,2020-01-04\n4,丁,"1,000",20200105\nx,戊,1,2020-01-06\n6,己,1,2\n',
  )
  const { entryId, steward } = await publishEntry(city, '厦门市商务局', { name: '商户名录', items: [...items] })
  const { planId } = await planOf(steward, entryId, { name: '文件夹', settings: { kind: 'folder', path: '' } }, 'firm.csv', {
    quarantineLimit: 1,
    verify: 'content',
  })
  const load = await runPlan(steward, planId)
  assert.equal(load.error, null)
  assert.deepEqual([load.state, load.read, load.sent, load.written, load.quarantined, load.agrees], ['succeeded', 6, 6, 2, 4, true])
  assert.deepEqual(
    load.reasons.map(({ column, reason, count }) => `${column} ${reason} ${count}`),
    [
      'amount ingestion.not_a_number 1',
      'amount ingestion.too_many_decimals 1',
      'born ingestion.not_a_date 1',
      'id ingestion.not_a_number 1',
    ],
  )

  const { items: rows } = await steward.call('list_quarantine', { params: { planId } })
  assert.deepEqual(
    rows.map(({ row, column }) => `${row} ${column}`),
    ['2 amount', '3 amount', '5 id', '6 born'],
  )
  assert.deepEqual(rows[0]!.values, { id: '2', name: '乙', amount: '12.345', born: '2020/1/3' })
  const correct = (at: number, values: Record<string, string>) =>
    steward.call('correct_quarantined_row', { params: { planId, rowId: rows[at]!.id }, body: { values } })
  await correct(0, { amount: '12.35' })
  await correct(1, { amount: '还是错' })
  await steward.call('discard_quarantined_rows', { params: { planId }, body: { rowIds: [rows[2]!.id], reason: '测试数据' } })
  assert.equal((await steward.call('get_plan', { params: { planId } })).openQuarantine, 3)

  const replay = await awaitLoad(steward, (await steward.call('replay_quarantine', { params: { planId } })).id)
  assert.equal(replay.error, null)
  assert.deepEqual([replay.state, replay.read, replay.written, replay.quarantined], ['succeeded', 4, 3, 1])
  assert.deepEqual(await city.app.lake.rows(`SELECT * FROM lake.${await liveTable(entryId)} ORDER BY _row`), [
    { _row: '1', id: '1', name: '甲', amount: '10.5', born: '2020-01-02' },
    { _row: '2', id: '2', name: '乙', amount: '12.35', born: '2020-01-03' },
    { _row: '4', id: '4', name: '丁', amount: '1000', born: '2020-01-05' },
  ])
  const states = async (state: 'open' | 'replayed' | 'discarded') =>
    (await steward.call('list_quarantine', { params: { planId }, query: { state } })).items.map(({ row, reason }) => `${row} ${reason}`)
  assert.deepEqual(await states('open'), ['3 ingestion.not_a_number', '6 ingestion.not_a_date'])
  assert.deepEqual(await states('replayed'), ['2 ingestion.too_many_decimals'])
  assert.deepEqual(await states('discarded'), ['5 ingestion.not_a_number'])
  assert.equal((await steward.call('get_plan', { params: { planId } })).openQuarantine, 2)
  const { bytes } = await steward.call('export_quarantine', { params: { planId } })
  assert.match(bytes.toString(), /12\.345/)
})

test('another organisation finds nothing, and the bureau sees the state but not the rows', async () => {
  const { entryId, steward } = await publishEntry(city, '厦门市民政局', { name: '社区名录', items: [...items] })
  writeFileSync(join(files, 'one.csv'), 'id,name,amount,born\n1,甲,1,2020-01-02\nx,乙,1,2020-01-02\n3,丙\n')
  const { planId, sourceId } = await planOf(steward, entryId, { name: '文件夹', settings: { kind: 'folder', path: '' } }, 'one.csv', {
    quarantineLimit: 1,
  })
  const load = await runPlan(steward, planId)
  const { items: rows } = await steward.call('list_quarantine', { params: { planId } })
  const broken = rows.find(({ reason }) => reason === 'file.defect.ragged')
  assert.deepEqual([broken?.row, broken?.detail], [4, '应有 4 列，实有 2 列。请检查该行是否多了或少了分隔符。 原文：3,丙'])
  const stranger = await city.as('厦门市交通运输局', 'steward')
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  const status = async (who: Client, name: string, input: object) => (await who.attempt(name as never, input as never)).statusCode
  for (const [name, input] of [
    ['get_source', { params: { sourceId } }],
    ['get_plan', { params: { planId } }],
    ['get_load', { params: { loadId: load.id } }],
    ['list_quarantine', { params: { planId } }],
    ['describe_source_object', { params: { sourceId }, query: { object: 'one.csv' } }],
  ] as const) {
    assert.equal(await status(stranger, name, input), 404, name)
    assert.equal(await status(bureau, name, input), /quarantine|describe/.test(name) ? 403 : 200, name)
  }
  assert.deepEqual((await stranger.call('list_loads')).items, [])
})

test('a load that fails leaves the earlier data live', async () => {
  await client.query('create table small as select i as id from generate_series(1,10) i')
  const { entryId, steward } = await publishEntry(city, '厦门市水利局', {
    name: '河道名录',
    items: [{ code: 'id', name: '编号', dataType: 'I', isKey: true }],
  })
  const { planId } = await planOf(steward, entryId, { name: '河道库', settings: postgresql() }, 'small', {
    mapping: [{ item: 'id', column: 'id' }],
  })
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  const table = await liveTable(entryId)
  await client.query('alter table small rename column id to no')
  const failed = await runPlan(steward, planId)
  assert.deepEqual([failed.state, failed.error?.code], ['failed', 'ingestion.structure_drifted'])
  assert.equal(await liveTable(entryId), table)
  assert.deepEqual(await city.app.lake.measure(`SELECT count() AS n FROM lake.${table}`), [{ n: '10' }])
})
