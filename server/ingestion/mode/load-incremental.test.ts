import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'changed_at', name: '更新时间', dataType: 'T' },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
let city: TestCity
let server: TestServer
let client: pg.Client
before(async () => {
  city = await openTestCity()
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
})
after(async () => {
  await client.end()
  await city.close()
  await server.stop()
})

async function planOf(object: string, windowSeconds: number, more: object = {}) {
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: `企业名录 ${object}`, items: [...items] })
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: object, settings } })
  const mode = { kind: 'incremental', column: 'changed_at', windowSeconds } as const
  const plan = await steward.call('create_plan', { body: { entryId, sourceId, object, mapping, mode, ...more } })
  return { entryId, steward, planId: plan.id }
}

async function liveRows(entryId: string): Promise<string[]> {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const rows = await city.app.lake.measure<{ row: string }>(
    `SELECT concat(toString(id), ' ', name) AS row FROM lake.${lake_table} ORDER BY id`,
  )
  return rows.map(({ row }) => row)
}

const createTable = (table: string, type: string) =>
  client.query(
    `create table ${table} as select i as id, '企业'||i as name, (timestamp '2024-01-01' + i * interval '1 minute')::${type} as changed_at from generate_series(1,500) i`,
  )
const load = async (steward: Client, planId: string) => {
  const done = await runPlan(steward, planId)
  assert.equal(done.state, 'succeeded', done.error?.detail)
  return done
}

for (const type of ['timestamp', 'timestamptz'])
  test(`an incremental load reads what is new, what came late, ties and rows without a time (${type})`, async () => {
    const table = `firm_${type}`
    await createTable(table, type)
    const { steward, entryId, planId } = await planOf(table, 600)
    const first = await load(steward, planId)
    assert.deepEqual([first.kind, first.read, first.inserted, first.sourceRows], ['incremental', 500, 500, 500])
    const newest = first.watermark!
    // A tie with the newest one, one that came nine minutes late, one eleven minutes late, one without a time, and a change.
    await client.query(`insert into ${table} select 501, '同时', max(changed_at) from ${table}`)
    await client.query(`insert into ${table} select 502, '迟到', max(changed_at) - interval '9 minutes' from ${table}`)
    await client.query(`insert into ${table} select 503, '太迟', max(changed_at) - interval '11 minutes' from ${table}`)
    await client.query(`insert into ${table} values (504, '无时间', null)`)
    await client.query(`update ${table} set name = '改名', changed_at = changed_at + interval '1 year' where id = 1`)
    const second = await load(steward, planId)
    assert.deepEqual([second.inserted, second.changed, second.deleted, second.unchanged], [3, 1, 0, 11])
    assert.deepEqual([second.read, second.written, second.quarantined, second.sourceRows], [15, 15, 0, 504])
    assert.ok(second.watermark! > newest)
    const rows = await liveRows(entryId)
    assert.equal(rows.length, 503)
    assert.ok(rows.includes('1 改名') && rows.includes('501 同时') && rows.includes('502 迟到') && rows.includes('504 无时间'))
    assert.ok(!rows.includes('503 太迟'))
    // Nothing new: the newest row and the one without a time are read, and stay as they are.
    const third = await load(steward, planId)
    assert.deepEqual([third.read, third.inserted, third.changed, third.unchanged], [2, 0, 0, 2])
    assert.equal(third.watermark, second.watermark)
    assert.deepEqual(await liveRows(entryId), rows)
  })

test('a source that goes back in time is refused by name; loaded afresh it is taken as it is (F20)', async () => {
  await createTable('lagging', 'timestamp')
  const { steward, entryId, planId } = await planOf('lagging', 0)
  await load(steward, planId)
  await client.query('delete from lagging where id > 400')
  const refused = await runPlan(steward, planId)
  assert.deepEqual([refused.state, refused.error?.code], ['failed', 'ingestion.source_behind'])
  assert.equal((await liveRows(entryId)).length, 500)
  const { id } = await steward.call('start_load', { params: { planId }, query: { afresh: 'true' } })
  const afresh = await awaitLoad(steward, id)
  assert.deepEqual([afresh.state, afresh.read, afresh.inserted], ['succeeded', 400, 400])
  assert.equal((await liveRows(entryId)).length, 400)
})

test('a row that was refused stays in quarantine while newer rows come, until its key comes right', async () => {
  await client.query(`create table dirty (id text, name text, changed_at timestamp)`)
  await client.query(
    `insert into dirty values ('1', '甲', '2024-01-01 10:00:00'), ('x', '乙', '2024-01-01 10:00:00'), ('3', '丙', '2024-01-02 10:00:00')`,
  )
  const { steward, planId, entryId } = await planOf('dirty', 0, { quarantineLimit: 1 })
  const first = await load(steward, planId)
  assert.deepEqual([first.read, first.written, first.quarantined], [3, 2, 1])
  await client.query(`insert into dirty values ('4', '丁', '2024-01-03 10:00:00'), ('y', '戊', '2024-01-03 10:00:00')`)
  const second = await load(steward, planId)
  assert.deepEqual([second.read, second.written, second.quarantined, second.inserted], [3, 2, 1, 1])
  const again = await load(steward, planId)
  assert.deepEqual([again.read, again.quarantined], [2, 1])
  const open = await steward.call('list_quarantine', { params: { planId }, query: {} })
  assert.deepEqual(open.items.map(({ values }) => values.id).sort(), ['x', 'y'])
  assert.equal((await steward.call('get_plan', { params: { planId } })).openQuarantine, 2)
  const wrong = open.items.find(({ values }) => values.id === 'x')!
  await steward.call('correct_quarantined_row', { params: { planId, rowId: wrong.id }, body: { values: { ...wrong.values, id: '2' } } })
  const { id } = await steward.call('replay_quarantine', { params: { planId } })
  assert.equal((await awaitLoad(steward, id)).state, 'succeeded')
  assert.deepEqual(await liveRows(entryId), ['1 甲', '2 乙', '3 丙', '4 丁'])
  await client.query(`insert into dirty values ('5', '己', '2024-01-04 10:00:00')`)
  const last = await load(steward, planId)
  assert.deepEqual([last.read, last.inserted, last.unchanged], [3, 1, 1])
  assert.deepEqual(await liveRows(entryId), ['1 甲', '2 乙', '3 丙', '4 丁', '5 己'])
  assert.equal((await steward.call('get_plan', { params: { planId } })).openQuarantine, 1)
})

test('a corrected row takes the place of the one with its key', async () => {
  await client.query(`create table retyped (id text, name text, changed_at timestamp)`)
  await client.query(`insert into retyped values ('1', '甲', '2024-01-01 10:00:00'), ('x', '乙', '2024-01-01 10:00:00')`)
  const { steward, planId, entryId } = await planOf('retyped', 0, { quarantineLimit: 1 })
  await load(steward, planId)
  const [wrong] = (await steward.call('list_quarantine', { params: { planId }, query: {} })).items
  await steward.call('correct_quarantined_row', { params: { planId, rowId: wrong!.id }, body: { values: { ...wrong!.values, id: '1' } } })
  const { id } = await steward.call('replay_quarantine', { params: { planId } })
  const done = await awaitLoad(steward, id)
  assert.deepEqual([done.state, done.read, done.written, done.inserted, done.changed], ['succeeded', 1, 1, 0, 1])
  assert.deepEqual(await liveRows(entryId), ['1 乙'])
})
