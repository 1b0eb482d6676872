import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { awaitStream } from '#testing/stream/await-stream.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { tablesOf } from '../load/lake-tables.ts'
import { sweepLoads } from '../load/sweep-loads.ts'

let city: TestCity
let server: TestServer
let client: pg.Client
before(async () => {
  city = await openTestCity()
  server = await startPostgres({ wal_level: 'logical' })
  client = new pg.Client(server.url)
  await client.connect()
})
after(async () => {
  await client.end()
  await city.close()
  await server.stop()
})

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'amount', name: '金额', dataType: 'Y', length: 14, scale: 2 },
  { code: 'born', name: '成立日期', dataType: 'D' },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
const columns = 'id bigint primary key, name text, amount numeric, born date, active boolean'

async function makeTable(name: string, rows: number): Promise<void> {
  await client.query(`create table ${name} (${columns})`)
  await client.query(`alter table ${name} replica identity full`)
  await client.query(
    `insert into ${name} select i, '企业'||i, i/100.0, date '2000-01-01' + (i % 5000)::int, true from generate_series(1, ${rows}) i`,
  )
  await client.query(`create publication datong_${name} for table ${name}`)
}

async function planOf(orgName: string, object: string): Promise<{ steward: Client; planId: string; entryId: string }> {
  const { entryId, steward } = await publishEntry(city, orgName, { name: `企业名录${object}`, items: [...items] })
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: `库${object}`, settings } })
  const { id: planId } = await steward.call('create_plan', { body: { entryId, sourceId, object, mapping, mode: { kind: 'stream' } } })
  return { steward, planId, entryId }
}

const atSource = async (table: string) => {
  const { rows } = await client.query({
    text: `select id::text, name, trim_scale(amount)::text, born::text from ${table} where amount is null or scale(trim_scale(amount)) <= 2 order by id`,
    rowMode: 'array',
  })
  return rows
}
const inLake = async (entryId: string) => {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const rows = await city.app.lake.rows<Record<string, string | null>>(
    `SELECT toString(id) AS i, name, toString(amount) AS a, toString(born) AS b FROM lake.${lake_table} FINAL ORDER BY id`,
  )
  return rows.map(({ i, name, a, b }) => [i, name, a, b])
}

/** Compared as lines: a difference of whole tables would take minutes to print. */
async function assertSame(entryId: string, table: string): Promise<void> {
  const lines = (rows: unknown[]) => rows.map((row) => JSON.stringify(row))
  const [lake, source] = [lines(await inLake(entryId)), lines(await atSource(table))]
  const [held, wanted] = [new Set(lake), new Set(source)]
  assert.deepEqual(
    {
      extra: lake.filter((line) => !wanted.has(line)).slice(0, 5),
      lacking: source.filter((line) => !held.has(line)).slice(0, 5),
      rows: lake.length,
    },
    { extra: [], lacking: [], rows: source.length },
  )
}

/** Waits until the lake holds everything that the source has now. */
async function settle(steward: Client, id: string): Promise<void> {
  const { rows } = await client.query('select pg_current_wal_lsn()::text as lsn')
  const parse = (lsn: string) => Number.parseInt(lsn.split('/')[0]!, 16) * 2 ** 32 + Number.parseInt(lsn.split('/')[1]!, 16)
  await awaitStream(steward, id, ({ position, state }) => state === 'streaming' && parse(position!) >= parse(rows[0].lsn))
}

test('copy and log meet without a gap while the source is written to, and the lake then follows every change', async () => {
  await makeTable('firm', 20_000)
  const { steward, planId, entryId } = await planOf('厦门市市场监督管理局', 'firm')
  let writes = 0
  let isWriting = true
  const writer = new pg.Client(server.url)
  await writer.connect()
  const writing = (async () => {
    while (isWriting) {
      const id = 1 + ((writes * 7919) % 25_000)
      await writer.query(
        'insert into firm values ($1, $2, 1.5, null, true) on conflict (id) do update set name = excluded.name, amount = firm.amount + 1',
        [id, `改${writes}\t\\N\n末`],
      )
      if (writes % 3 === 0) await writer.query('delete from firm where id = $1', [1 + ((writes * 104729) % 25_000)])
      if (writes % 50 === 0)
        await writer.query('update firm set id = id + $2 where id = $1', [1 + ((writes * 31) % 20_000), 100_000 + writes * 30_000])
      writes++
    }
  })()
  writing.catch(() => {})
  const { id } = await steward.call('start_stream', { params: { planId } })
  await awaitStream(steward, id, ({ state }) => state === 'streaming')
  await sleep(2000)
  isWriting = false
  await writing
  await writer.end()
  assert.ok(writes > 100, `${writes} writes`)
  await settle(steward, id)
  await assertSame(entryId, 'firm')
  const entry = await steward.call('get_entry', { params: { entryId } })
  assert.ok(entry.rows! > 15_000)
})

test('what cannot be followed is refused at the start, with what the department has to do', async () => {
  const refused = async (object: string, ...statements: string[]) => {
    for (const statement of statements) await client.query(statement)
    const { steward, planId } = await planOf('厦门市民政局', object)
    const response = await steward.attempt('start_stream', { params: { planId } })
    assert.equal(response.statusCode, 409)
    return response.json().code
  }
  const table = (name: string, key = '') => `create table ${name} (id bigint ${key}, name varchar(40), amount numeric(14,2), born date)`
  assert.equal(await refused('keyless', table('keyless'), 'create publication datong_k for table keyless'), 'ingestion.stream_identity')
  assert.equal(await refused('unpublished', table('unpublished', 'primary key')), 'ingestion.stream_publication')
  assert.equal(
    await refused('filtered', table('filtered', 'primary key'), 'create publication datong_f for table filtered where (id > 5)'),
    'ingestion.stream_publication',
  )
  const wide = 'create table wide (id bigint primary key, name text, amount numeric(14,2), born date)'
  assert.equal(await refused('wide', wide, 'create publication datong_w for table wide'), 'ingestion.stream_full_identity')
  assert.equal(await refused('seen', 'create view seen as select * from wide'), 'ingestion.stream_object_kind')
})

test('rows that cannot be kept go to quarantine and come back when the source corrects them; the stream goes on', async () => {
  await makeTable('shop', 50)
  await client.query("insert into shop values (51, repeat('长', 60), 1, null, true)")
  const { steward, planId, entryId } = await planOf('厦门市商务局', 'shop')
  const { id } = await steward.call('start_stream', { params: { planId } })
  const live = await awaitStream(steward, id, ({ state }) => state === 'streaming')
  assert.deepEqual([live.rows, live.quarantined], [50, 1])
  await client.query("update shop set amount = 1.234 where id = 7; insert into shop values (52, null, 2, 'infinity', true)")
  await client.query("update shop set name = 'kept' where id = 8")
  await settle(steward, id)
  const bad = await awaitStream(steward, id, ({ quarantined }) => quarantined === 3)
  assert.equal(bad.rows, 49)
  const gone = (await inLake(entryId)).map(([i]) => i)
  assert.ok(!gone.includes('7') && !gone.includes('51') && !gone.includes('52') && gone.includes('8'))
  const rows = (await steward.call('list_quarantine', { params: { planId } })).items.map(({ column, reason, values }) => [
    values.id,
    column,
    reason,
  ])
  assert.deepEqual(rows.sort(), [
    ['51', 'name', 'ingestion.too_long'],
    ['52', 'born', 'ingestion.not_a_date'],
    ['7', 'amount', 'ingestion.too_many_decimals'],
  ])
  await client.query(
    "update shop set amount = 1.23 where id = 7; update shop set name = 'short' where id = 51; delete from shop where id = 52",
  )
  await settle(steward, id)
  await awaitStream(steward, id, ({ quarantined, rows }) => quarantined === 0 && rows === 51)
  await assertSame(entryId, 'shop')
  const response = await steward.attempt('start_load', { params: { planId } })
  assert.deepEqual([response.statusCode, response.json().code], [409, 'ingestion.plan_is_a_stream'])
})

test('large values, emptied tables, transactions larger than a batch, pauses and restarts leave the lake equal to the source', async () => {
  await makeTable('parcel', 100)
  await client.query("update parcel set name = '大'")
  await client.query(
    "alter table parcel add column note text; update parcel set note = (select string_agg(md5(i::text), '') from generate_series(1, 400) i)",
  )
  const { steward, planId, entryId } = await planOf('厦门市邮政管理局', 'parcel')
  const { id } = await steward.call('start_stream', { params: { planId } })
  await awaitStream(steward, id, ({ state }) => state === 'streaming')
  await client.query('update parcel set amount = 9 where id < 50')
  await settle(steward, id)
  await assertSame(entryId, 'parcel')
  await client.query(
    "begin; truncate parcel; insert into parcel select i, 'neu', i, null, true from generate_series(1, 120000) i; update parcel set amount = 3 where id % 7 = 0; commit",
  )
  await settle(steward, id)
  await assertSame(entryId, 'parcel')
  await steward.call('pause_stream', { params: { streamId: id } })
  await client.query('delete from parcel where id % 3 = 0; update parcel set id = -id where id % 5 = 0')
  await sleep(1000)
  assert.equal((await steward.call('get_stream', { params: { streamId: id } })).state, 'paused')
  await steward.call('resume_stream', { params: { streamId: id } })
  await settle(steward, id)
  await assertSame(entryId, 'parcel')
  await city.restart()
  await client.query("insert into parcel values (999999, 'nach dem Neustart', 1, null, true)")
  await settle(steward, id)
  await assertSame(entryId, 'parcel')
  const counted = await awaitStream(steward, id, ({ rows }) => rows !== null)
  assert.equal(counted.rows, (await atSource('parcel')).length)
})

test('a changed table pauses the stream, which is then copied anew; stopping it frees the source', async () => {
  await makeTable('hotel', 30)
  const { steward, planId, entryId } = await planOf('厦门市文化和旅游局', 'hotel')
  const { id } = await steward.call('start_stream', { params: { planId } })
  await awaitStream(steward, id, ({ state }) => state === 'streaming')
  await client.query("alter table hotel alter column amount type text; insert into hotel values (31, 'x', '5', null, true)")
  const paused = await awaitStream(steward, id, ({ state }) => state === 'paused')
  assert.equal(paused.error?.code, 'ingestion.stream_drift')
  await steward.call('start_stream', { params: { planId } })
  await awaitStream(steward, id, ({ state }) => state === 'streaming')
  assert.equal((await inLake(entryId)).length, 31)
  await steward.call('pause_stream', { params: { streamId: id } })
  await client.query('alter table hotel add column stars int')
  await steward.call('resume_stream', { params: { streamId: id } })
  const frozen = await awaitStream(steward, id, ({ state, error }) => state === 'paused' && error !== null)
  assert.equal(frozen.error?.code, 'ingestion.structure_drifted')
  const [drift] = (await steward.call('list_drifts', { query: { planId } })).items
  await steward.call('accept_drift', { params: { driftId: drift!.id }, body: { reason: '不影响目录' } })
  await steward.call('resume_stream', { params: { streamId: id } })
  await awaitStream(steward, id, ({ state }) => state === 'streaming')
  const slots = async () =>
    (await client.query('select slot_name from pg_replication_slots where slot_name like $1', [`datong_${id.replaceAll('-', '')}%`]))
      .rowCount
  assert.equal(await slots(), 1)
  await steward.call('stop_stream', { params: { streamId: id } })
  for (let tries = 0; (await slots()) !== 0; tries++) {
    assert.ok(tries < 100, 'the slot is dropped')
    await sleep(500)
  }
  assert.equal((await inLake(entryId)).length, 31)
})

test('whoever stops a source stops its streams, and they go on when it is released', async () => {
  await makeTable('halted', 500)
  const { steward, planId, entryId } = await planOf('厦门市民政局', 'halted')
  const { id } = await steward.call('start_stream', { params: { planId } })
  await settle(steward, id)
  const { sourceId } = await steward.call('get_plan', { params: { planId } })
  await steward.call('stop_source', { params: { sourceId }, body: { reason: '源系统检修' } })
  const paused = await steward.call('get_stream', { params: { streamId: id } })
  assert.deepEqual([paused.state, paused.error?.code], ['paused', 'ingestion.source_stopped'])
  assert.equal((await steward.attempt('resume_stream', { params: { streamId: id } })).json().code, 'ingestion.source_stopped')
  await client.query("update halted set name = '改' where id <= 10")
  await steward.call('release_source', { params: { sourceId } })
  await settle(steward, id)
  await assertSame(entryId, 'halted')
})

test('the sweep leaves what a stream copies with to the worker that has it', async () => {
  await makeTable('swept', 10)
  const { steward, planId } = await planOf('厦门市统计局', 'swept')
  const { id } = await steward.call('start_stream', { params: { planId } })
  await settle(steward, id)
  const { attempt } = await city.app.plane.db
    .selectFrom('ingestion.stream')
    .select('attempt')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const [own, gone] = [attempt, attempt - 1].map((number) => tablesOf(id, number).input) as [string, string]
  for (const table of [own, gone]) await city.app.lake.define(`CREATE TABLE lake.${table} (x UInt8) ENGINE = Null`)
  await sweepLoads(city.app.system('test'))
  const names = (await city.app.lake.tables([own, gone])).map(({ name }) => name)
  assert.deepEqual(names, [own])
})
