import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { openProxy, type ResettableProxy } from '#testing/resettable-proxy.ts'
import { runLoad } from './run-load.ts'
import { sweepLoads } from './sweep-loads.ts'

const rows = 20_000
const files = mkdtempSync(join(tmpdir(), 'datong-files-'))
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'born', name: '成立日期', dataType: 'D' },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
let city: TestCity
let server: TestServer
let client: pg.Client
let proxy: ResettableProxy
let steward: Client
let entryId: string
let planId: string
before(async () => {
  city = await openTestCity({ fileRoots: [files] })
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
  await client.query(
    `create table firm as select i as id, '企业'||i as name, date '2000-01-01' + i % 9000 as born from generate_series(1, ${rows}) i`,
  )
  proxy = await openProxy(server.port)
  ;({ entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] }))
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: proxy.port, database: 'postgres', user: 'postgres' } as const
  planId = await planOf({ name: '登记库', settings }, 'firm')
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
})
after(async () => {
  await client.end()
  await city.close()
  await proxy.close()
  await server.stop()
})

async function planOf(source: { name: string; settings: object }, object: string): Promise<string> {
  const { id: sourceId } = await steward.call('create_source', { body: source as never })
  const body = { entryId, sourceId, object, mapping, verify: 'content', quarantineLimit: 1 } as const
  return (await steward.call('create_plan', { body })).id
}

async function live(): Promise<{ table: string; rows: number; ids: number }> {
  const found = await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').where('entry_id', '=', entryId).execute()
  const table = found[0]!.lake_table!
  const [counts] = await city.app.lake.measure<{ n: string; ids: string }>(`SELECT count() AS n, uniqExact(id) AS ids FROM lake.${table}`)
  return { table, rows: Number(counts!.n), ids: Number(counts!.ids) }
}

test('a load of a source that does not stand still is read at last as one snapshot', async () => {
  const state = { isOver: false }
  const writing = (async () => {
    for (let i = 1; !state.isOver; i++) await client.query('insert into firm values ($1, $2, null)', [rows + i, '新企业'])
  })()
  const load = await runPlan(steward, planId)
  state.isOver = true
  await writing
  assert.deepEqual([load.state, load.error, load.agrees], ['succeeded', null, true])
  assert.ok(load.read! > rows)
  const { rows: found, ids } = await live()
  assert.deepEqual([found, ids, load.sent, load.written], [load.read, load.read, load.read, load.read])
  await client.query('delete from firm where id > $1', [rows])
})

test('a cancelled load ends at once and changes nothing, even where its source hangs', async () => {
  const before = await live()
  const { promise: held, resolve } = Promise.withResolvers<void>()
  const held_ = { reset: () => {} }
  proxy.breakAfter(200_000, (connection) => {
    held_.reset = connection.reset
    resolve()
  })
  const { id } = await steward.call('start_load', { params: { planId } })
  await held
  assert.equal((await steward.call('cancel_load', { params: { loadId: id } })).state, 'cancelled')
  assert.equal((await steward.attempt('cancel_load', { params: { loadId: id } })).statusCode, 409)
  assert.equal((await steward.call('get_plan', { params: { planId } })).can.load, true)
  held_.reset()
  proxy.mend()
  await sleep(3000)
  assert.deepEqual(await live(), before)
  assert.equal((await steward.call('get_load', { params: { loadId: id } })).state, 'cancelled')
})

test('a load that is delivered again after its end has no further effect', async () => {
  const load = await runPlan(steward, planId)
  const before = await live()
  const count = () => city.app.plane.db.selectFrom('platform.event').select('seq').where('object_id', '=', load.id).execute()
  const events = await count()
  await runLoad(city.app.system('test'), null as never, load.id)
  assert.deepEqual([await live(), await count()], [before, events])
})

test('of two who start the same plan one is told', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => steward.attempt('start_load', { params: { planId } })))
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 409, 409])
  const started = answers.find(({ statusCode }) => statusCode === 200)!.json()
  assert.equal((await awaitLoad(steward, started.id)).state, 'succeeded')
})

test('tables of superseded loads stay for those who read them, and go later', async () => {
  const before = await live()
  await runPlan(steward, planId)
  const tables = async () =>
    (
      await city.app.lake.measure<{ name: string }>("SELECT name FROM system.tables WHERE database = 'lake' AND startsWith(name, 'r_')")
    ).map(({ name }) => name)
  await sweepLoads(city.app.system('test'))
  assert.ok((await tables()).includes(before.table))
  const later = { ...city.app.system('test'), now: () => new Date(Date.now() + 2 * 3600_000) }
  await sweepLoads(later)
  assert.deepEqual(await tables(), [(await live()).table])
})

test('records that cannot be read and values that cannot be kept are one quarantine, and the rest agrees', async () => {
  const lines = [
    'id,name,born',
    '1,甲,2020-01-02',
    '2,乙',
    'x,丙,2020-01-04',
    '4,"丁"x,2020-01-05',
    '5,戊,2020-02-30',
    '6,己,2020-01-07',
    '',
  ]
  writeFileSync(join(files, 'broken.csv'), lines.join('\n'))
  const broken = await planOf({ name: '文件夹', settings: { kind: 'folder', path: '' } }, 'broken.csv')
  const load = await runPlan(steward, broken)
  assert.deepEqual(
    [load.state, load.error, load.read, load.sent, load.written, load.quarantined, load.agrees],
    ['succeeded', null, 6, 6, 2, 4, true],
  )
  const { items: found } = await steward.call('list_quarantine', { params: { planId: broken } })
  assert.deepEqual(
    found.map(({ row, reason }) => `${row} ${reason}`),
    ['2 ingestion.not_a_number', '3 ingestion.no_such_date', '3 file.defect.ragged', '5 file.defect.text_after_quote'],
  )
})
