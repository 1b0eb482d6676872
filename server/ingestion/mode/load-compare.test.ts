import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'

const items = [
  { code: 'uscc', name: '统一社会信用代码', dataType: 'C', length: 18, isKey: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'born', name: '成立日期', dataType: 'D' },
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

async function planOf(object: string, more: object = {}): Promise<{ steward: Client; entryId: string; planId: string }> {
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: `企业名录 ${object}`, items: [...items] })
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: object, settings } })
  const mode = { kind: 'compare' } as const
  const plan = await steward.call('create_plan', { body: { entryId, sourceId, object, mapping, mode, ...more } })
  return { steward, entryId, planId: plan.id }
}

async function liveRows(entryId: string): Promise<string[]> {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const rows = await city.app.lake.measure<{ row: string }>(
    `SELECT concat(uscc, ' ', name, ' ', ifNull(toString(born), '-')) AS row FROM lake.${lake_table} ORDER BY row`,
  )
  const [{ n, last }] = (await city.app.lake.measure<{ n: string; last: string }>(
    `SELECT uniqExact(_row) AS n, count() AS last FROM lake.${lake_table}`,
  )) as [{ n: string; last: string }]
  assert.equal(n, last, 'row numbers are unique')
  return rows.map(({ row }) => row)
}

const sourceRows = async (table: string) =>
  (await client.query(`select uscc||' '||name||' '||coalesce(born::text, '-') as row from ${table} order by uscc collate "C"`)).rows.map(
    ({ row }) => row,
  )

const changes = ({
  inserted,
  changed,
  deleted,
  unchanged,
}: {
  inserted: number | null
  changed: number | null
  deleted: number | null
  unchanged: number | null
}) => [inserted, changed, deleted, unchanged]

for (const verify of ['count', 'content'] as const)
  test(`by comparison the table follows its source, and tells what became of the keys (${verify})`, async () => {
    const table = `firm_${verify}`
    await client.query(
      `create table ${table} as select 'K'||i as uscc, '企业'||i as name, date '2000-01-01'+i as born from generate_series(1,1000) i`,
    )
    const { steward, entryId, planId } = await planOf(table, { verify })
    const first = await runPlan(steward, planId)
    assert.deepEqual([first.state, first.kind, ...changes(first)], ['succeeded', 'compare', 1000, 0, 0, 0])
    assert.deepEqual(await liveRows(entryId), await sourceRows(table))
    await client.query(`update ${table} set name = name||'改' where uscc in ('K7', 'K8', 'K9')`)
    await client.query(`update ${table} set born = null where uscc = 'K10'`)
    await client.query(`delete from ${table} where uscc in ('K1', 'K1000')`)
    await client.query(`insert into ${table} values ('A0', '新', null), ('', '空主键', null)`)
    const second = await runPlan(steward, planId)
    assert.deepEqual([second.state, second.read, second.written, ...changes(second)], ['succeeded', 1000, 1000, 2, 4, 2, 994])
    assert.deepEqual(await liveRows(entryId), await sourceRows(table))
    const third = await runPlan(steward, planId)
    assert.deepEqual(changes(third), [0, 0, 0, 1000])
    assert.deepEqual(await liveRows(entryId), await sourceRows(table))
  })

test('half a source is refused; where it is meant, the limit is raised', async () => {
  await client.query(`create table halved as select 'K'||i as uscc, '企业'||i as name, null::date as born from generate_series(1,100) i`)
  const { steward, entryId, planId } = await planOf('halved')
  await runPlan(steward, planId)
  const whole = await liveRows(entryId)
  await client.query('delete from halved where uscc > $1', ['K50'])
  const refused = await runPlan(steward, planId)
  assert.deepEqual([refused.state, refused.error?.code], ['failed', 'ingestion.deletion_limit'])
  assert.deepEqual(await liveRows(entryId), whole)
  const { version, entryId: entry, sourceId, object, verify, mode } = await steward.call('get_plan', { params: { planId } })
  const body = { entryId: entry, sourceId, object, mapping, verify, mode, deletionLimit: 0.6, version }
  await steward.call('update_plan', { params: { planId }, body })
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  assert.deepEqual(await liveRows(entryId), await sourceRows('halved'))
})

test('rows whose key is there twice, or missing, go to quarantine with the reason, and the rest follows', async () => {
  await client.query('create table twice (uscc text, name text, born date)')
  await client.query(
    "insert into twice values ('A', '甲', null), ('B', '乙', null), ('B', '丙', null), (null, '丁', null), ('E', '戊', null)",
  )
  const { steward, entryId, planId } = await planOf('twice', { quarantineLimit: 0.9 })
  const load = await runPlan(steward, planId)
  assert.deepEqual([load.state, load.read, load.sent, load.written, load.quarantined], ['succeeded', 5, 5, 2, 3])
  assert.deepEqual(load.reasons.map(({ reason, count }) => [reason, count]).sort(), [
    ['ingestion.key_twice', 2],
    ['ingestion.missing_value', 1],
  ])
  assert.deepEqual(await liveRows(entryId), ['A 甲 -', 'E 戊 -'])
  const { items: open } = await steward.call('list_quarantine', { params: { planId }, query: {} })
  const wrong = open.find(({ values }) => values.name === '丙')!
  await steward.call('correct_quarantined_row', { params: { planId, rowId: wrong.id }, body: { values: { ...wrong.values, uscc: 'C' } } })
  const { id } = await steward.call('replay_quarantine', { params: { planId } })
  assert.equal((await awaitLoad(steward, id)).state, 'succeeded')
  assert.deepEqual(await liveRows(entryId), ['A 甲 -', 'C 丙 -', 'E 戊 -'])
})

test('another plan of the entry moves the pointer: the next comparison begins anew, and no change is lost', async () => {
  await client.query(`create table ours as select 'K'||i as uscc, '企业'||i as name, null::date as born from generate_series(1,10) i`)
  await client.query(`create table theirs as select 'T'||i as uscc, '他'||i as name, null::date as born from generate_series(1,10) i`)
  const { steward, entryId, planId } = await planOf('ours')
  const { sourceId } = await steward.call('get_plan', { params: { planId } })
  const other = await steward.call('create_plan', { body: { entryId, sourceId, object: 'theirs', mapping } })
  await runPlan(steward, planId)
  await runPlan(steward, other.id)
  assert.deepEqual(await liveRows(entryId), await sourceRows('theirs'))
  const again = await runPlan(steward, planId)
  assert.deepEqual([again.state, ...changes(again)], ['succeeded', 10, 0, 0, 0])
  assert.deepEqual(await liveRows(entryId), await sourceRows('ours'))
})
