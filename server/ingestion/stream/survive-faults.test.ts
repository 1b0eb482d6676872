import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { openProxy, type ResettableProxy } from '#testing/resettable-proxy.ts'
import { awaitStream } from '#testing/stream/await-stream.ts'

let city: TestCity
let server: TestServer
let proxy: ResettableProxy
let client: pg.Client
before(async () => {
  city = await openTestCity({ env: { DATONG_STREAM_LIMIT: '24', LOG_LEVEL: 'silent' } })
  server = await startPostgres({ wal_level: 'logical' })
  proxy = await openProxy(server.port)
  client = new pg.Client(server.url)
  await client.connect()
})
after(async () => {
  await client.end()
  await city.close()
  await proxy.close()
  await server.stop()
})

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 100 },
] as const

async function follow(orgName: string, table: string): Promise<{ steward: Client; planId: string; id: string }> {
  await client.query(`create table ${table} (id bigint primary key, name varchar(100));
    insert into ${table} select i, 'n' || i from generate_series(1, 100) i; create publication datong_${table} for table ${table}`)
  const { entryId, steward } = await publishEntry(city, orgName, { name: `名录${table}`, items: [...items] })
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: proxy.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: `库${table}`, settings } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId, sourceId, object: table, mapping, mode: { kind: 'stream' } } as const
  const { id: planId } = await steward.call('create_plan', { body })
  const { id } = await steward.call('start_stream', { params: { planId } })
  await awaitStream(steward, id, ({ state }) => state === 'streaming')
  return { steward, planId, id }
}

const slotsOf = async (id: string) =>
  (await client.query('select slot_name as name from pg_replication_slots where slot_name like $1', [`datong_${id.replaceAll('-', '')}%`]))
    .rows

test('connections that break and a source that is away for a while leave nothing out and double nothing', async () => {
  const { steward, id } = await follow('厦门市商务局', 'shop')
  proxy.breakAfter(30_000, (connection) => connection.reset())
  await client.query("insert into shop select i, 'm' || i from generate_series(101, 20000) i")
  await awaitStream(steward, id, ({ rows }) => rows === 20_000)
  assert.equal(proxy.breaks, 1)
  proxy.target = 0
  proxy.breakAfter(1, (connection) => connection.reset(), true)
  await client.query('delete from shop where id % 2 = 0')
  const away = await awaitStream(steward, id, ({ error }) => error !== null)
  assert.ok(['ingestion.source_lost', 'ingestion.source_unreachable'].includes(away.error!.code), away.error!.code)
  proxy.mend()
  proxy.target = server.port
  const back = await awaitStream(steward, id, ({ rows, error }) => rows === 10_000 && error === null)
  assert.equal(back.state, 'streaming')
})

test('a slot that somebody else moved is not followed: what lies between would be left out', async () => {
  const { steward, id } = await follow('厦门市民政局', 'club')
  await steward.call('pause_stream', { params: { streamId: id } })
  await sleep(2000)
  await client.query("insert into club values (101, 'lost')")
  const [slot] = await slotsOf(id)
  await client.query('select pg_replication_slot_advance($1, pg_current_wal_lsn())', [slot.name])
  await steward.call('resume_stream', { params: { streamId: id } })
  const failed = await awaitStream(steward, id, ({ state }) => state === 'failed')
  assert.equal(failed.error?.code, 'ingestion.stream_slot_moved')
})

test('a paused stream lets go of its slot before the log that is kept for it gets large, and says that it must be copied anew', async () => {
  const { steward, planId, id } = await follow('厦门市教育局', 'school')
  await steward.call('pause_stream', { params: { streamId: id } })
  await client.query("create table noise as select i, repeat('x', 500) as t from generate_series(1, 80000) i")
  const failed = await awaitStream(steward, id, ({ state }) => state === 'failed', 90)
  assert.equal(failed.error?.code, 'ingestion.stream_released')
  for (let tries = 0; (await slotsOf(id)).length > 0; tries++) {
    assert.ok(tries < 120, 'the slot is dropped')
    await sleep(500)
  }
  await client.query("insert into school values (101, 'neu')")
  await steward.call('start_stream', { params: { planId } })
  await awaitStream(steward, id, ({ state, rows }) => state === 'streaming' && rows === 101)
})
