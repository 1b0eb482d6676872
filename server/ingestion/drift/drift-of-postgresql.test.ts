import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'

const owner = '厦门市市场监督管理局'
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'town', name: '所在镇街', dataType: 'C', length: 40 },
  { code: 'staff', name: '人数', dataType: 'I' },
] as const
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
  await server.stop()
  await city.close()
})

/** A table of its own with three rows, loaded once. */
async function loaded(table: string, driftPolicy: 'freeze' | 'evolve' | 'quarantine' = 'freeze') {
  await client.query(`create table ${table} (id integer primary key, name text, town text, staff integer)`)
  await client.query(`insert into ${table} values (1, '甲', '集美', 10), (2, '乙', '同安', 20), (3, '丙', '翔安', 30)`)
  const { entryId, steward } = await publishEntry(city, owner, { name: `名录 ${table}`, items: [...items] })
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: `库 ${table}`, settings } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId, sourceId, object: table, mapping, verify: 'content', quarantineLimit: 1, driftPolicy } as const
  const { id: planId } = await steward.call('create_plan', { body })
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  return { steward, entryId, planId }
}

async function rowsOf(entryId: string): Promise<string[]> {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const rows = await city.app.lake.rows<Record<string, unknown>>(`SELECT id, name, town, staff FROM lake.${lake_table} ORDER BY id`)
  return rows.map((row) => Object.values(row).join(' '))
}
const was = ['1 甲 集美 10', '2 乙 同安 20', '3 丙 翔安 30']
const driftsOf = async (steward: Client, planId: string) => (await steward.call('list_drifts', { query: { planId } })).items
const told = ({ changes }: { changes: { kind: string; column: string; after: string | null }[] }) =>
  changes.map(({ kind, column, after }) => `${kind} ${column} ${after}`)

test('frozen, a load stops before it reads; accepted, the items follow their columns', async () => {
  const { steward, entryId, planId } = await loaded('frozen')
  await client.query('alter table frozen rename column name to full_name')
  await client.query('alter table frozen add column note text')
  const load = await runPlan(steward, planId)
  assert.deepEqual([load.state, load.error?.code, load.read], ['failed', 'ingestion.structure_drifted', null])
  assert.match(load.error!.detail, /字段改名 name → full_name/)
  assert.deepEqual(await rowsOf(entryId), was)
  const [drift, ...others] = await driftsOf(steward, planId)
  assert.deepEqual(
    [drift!.state, drift!.entryVersion, told(drift!), others],
    ['open', 1, ['added note text', 'renamed name full_name'], []],
  )
  assert.equal(drift!.changes[1]!.isCertain, true)
  // Found again it is the same one.
  assert.equal((await runPlan(steward, planId)).state, 'failed')
  assert.equal((await driftsOf(steward, planId)).length, 1)

  const work = await steward.call('get_my_work')
  assert.equal(work.counts.find(({ key }) => key === 'drifts_to_decide')?.count, 1)
  assert.equal((await steward.call('accept_drift', { params: { driftId: drift!.id }, body: {} })).state, 'accepted')
  assert.deepEqual(
    (await steward.call('get_plan', { params: { planId } })).mapping.map(({ item, column }) => `${item}=${column}`),
    ['id=id', 'name=full_name', 'town=town', 'staff=staff'],
  )
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  assert.deepEqual(await rowsOf(entryId), was)
})

test('two columns that swapped their names are never loaded under each other’s item', async () => {
  const { steward, entryId, planId } = await loaded('swapped', 'quarantine')
  const swap =
    'alter table swapped rename column name to tmp; alter table swapped rename column town to name; alter table swapped rename column tmp to town'
  await client.query(swap)
  assert.equal((await runPlan(steward, planId)).error?.code, 'ingestion.structure_drifted')
  assert.deepEqual(await rowsOf(entryId), was)
  const [drift] = await driftsOf(steward, planId)
  assert.deepEqual(told(drift!), ['renamed name town', 'renamed town name'])
  await steward.call('refuse_drift', { params: { driftId: drift!.id }, body: { reason: '请源系统改回' } })
  assert.equal((await runPlan(steward, planId)).state, 'failed')
  assert.deepEqual(
    (await driftsOf(steward, planId)).map(({ state }) => state),
    ['refused'],
  )
  await client.query(swap)
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  assert.deepEqual(
    (await driftsOf(steward, planId)).map(({ state }) => state),
    ['gone'],
  )
  assert.deepEqual(await rowsOf(entryId), was)
})

/** The load waits for a lock between its description and its reading, while `change` happens. */
async function changeMidRun(steward: Client, planId: string, table: string, change: string) {
  await client.query('begin')
  await client.query(`lock table ${table} in access exclusive mode`)
  const { id } = await steward.call('start_load', { params: { planId } })
  for (let isWaiting = false, tries = 0; !isWaiting; await sleep(50)) {
    assert.ok(tries++ < 400, 'the load never came to read')
    // Within a transaction the server shows the same activity until it is told to look anew.
    await client.query('select pg_stat_clear_snapshot()')
    const { rows } = await client.query("select 1 from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'datong'")
    isWaiting = rows.length > 0
  }
  await client.query(change)
  await client.query('commit')
  return awaitLoad(steward, id)
}

test('columns that swap their names between description and reading are noticed, and nothing is replaced', async () => {
  const { steward, entryId, planId } = await loaded('swapping')
  const load = await changeMidRun(
    steward,
    planId,
    'swapping',
    'alter table swapping rename column name to tmp; alter table swapping rename column town to name; alter table swapping rename column tmp to town',
  )
  // The first try saw the structure move, the second one a structure that nobody has accepted.
  assert.deepEqual([load.state, load.error?.code], ['failed', 'ingestion.structure_drifted'])
  assert.deepEqual(await rowsOf(entryId), was)
})

test('a swap that is taken back while the load reads is noticed too: the load is tried again and is right', async () => {
  const { steward, entryId, planId } = await loaded('there_and_back')
  const load = await changeMidRun(
    steward,
    planId,
    'there_and_back',
    'alter table there_and_back rename column name to tmp; alter table there_and_back rename column tmp to name',
  )
  assert.equal(load.state, 'succeeded')
  assert.deepEqual(await rowsOf(entryId), was)
  const runs = await city.app.plane.db.selectFrom('ingestion.load').select('attempt').where('id', '=', load.id).execute()
  assert.deepEqual(runs, [{ attempt: 2 }])
})

test('evolving, what is compatible goes on, and a draft with the new items is proposed', async () => {
  const { steward, entryId, planId } = await loaded('evolving', 'evolve')
  await client.query("alter table evolving add column email text; comment on column evolving.email is '电子邮箱'")
  await client.query('alter table evolving alter column staff type bigint')
  const load = await runPlan(steward, planId)
  assert.equal(load.error, null)
  const [drift] = await driftsOf(steward, planId)
  assert.deepEqual([drift!.state, told(drift!)], ['applied', ['added email text', 'retyped staff bigint']])
  const draft = await steward.call('get_revision', { params: { revisionId: drift!.revisionId! } })
  assert.equal(draft.state, 'draft')
  assert.deepEqual(draft.content.items.map(({ code, sensitiveKind, isRequired }) => [code, sensitiveKind, isRequired]).at(-1), [
    'email',
    'email',
    false,
  ])
  assert.equal(draft.content.items.length, items.length + 1)
  assert.deepEqual(await rowsOf(entryId), was)
  // The known structure is the new one: the next load finds nothing.
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  assert.equal((await driftsOf(steward, planId)).length, 1)
  await client.query('alter table evolving drop column town')
  assert.equal((await runPlan(steward, planId)).error?.code, 'ingestion.structure_drifted')
})

test('quarantining, a changed type costs the rows that no longer fit and the others agree', async () => {
  const { steward, entryId, planId } = await loaded('quarantining', 'quarantine')
  await client.query('alter table quarantining alter column staff type text')
  await client.query("update quarantining set staff = '约三十' where id = 3")
  const load = await runPlan(steward, planId)
  assert.deepEqual([load.state, load.written, load.quarantined, load.agrees], ['succeeded', 2, 1, true])
  assert.deepEqual(await rowsOf(entryId), was.slice(0, 2))
  const [drift] = await driftsOf(steward, planId)
  assert.deepEqual([drift!.state, told(drift!)], ['open', ['retyped staff text']])
  // A column that is gone cannot be quarantined row by row.
  await client.query('alter table quarantining drop column town')
  assert.equal((await runPlan(steward, planId)).error?.code, 'ingestion.structure_drifted')
  assert.deepEqual(
    (await driftsOf(steward, planId)).map(({ state }) => state),
    ['open', 'gone'],
  )
})

test('a dropped column of a required item must be mapped anew by hand; a new key asks too; comments do not', async () => {
  const { steward, planId } = await loaded('keyed')
  await client.query("comment on column keyed.town is '镇街'")
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  assert.deepEqual(
    (await driftsOf(steward, planId)).map((drift) => [drift.state, ...told(drift)]),
    [['applied', 'comment town 镇街']],
  )
  await client.query('alter table keyed drop constraint keyed_pkey; alter table keyed add primary key (name)')
  assert.match((await runPlan(steward, planId)).error!.detail, /主键变更/)
  await client.query('alter table keyed drop column id')
  assert.equal((await runPlan(steward, planId)).state, 'failed')
  const [drift] = await driftsOf(steward, planId)
  const refused = await steward.attempt('accept_drift', { params: { driftId: drift!.id }, body: {} })
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'ingestion.drift_unmapped'])
  // Saving the plan with a new mapping is a decision about the structure.
  const { version, entryId, sourceId } = await steward.call('get_plan', { params: { planId } })
  const mapping = [
    { item: 'id', column: 'staff' },
    { item: 'name', column: 'name' },
  ]
  const body = { version, entryId, sourceId, object: 'keyed', mapping }
  await steward.call('update_plan', { params: { planId }, body })
  assert.equal((await steward.call('get_drift', { params: { driftId: drift!.id } })).state, 'accepted')
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  const stranger = await city.as('厦门市水利局', 'steward')
  assert.equal((await stranger.attempt('get_drift', { params: { driftId: drift!.id } })).statusCode, 404)
})
