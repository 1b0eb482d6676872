import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { awaitStream } from '#testing/stream/await-stream.ts'

let city: TestCity
let server: TestServer
let client: pg.Client
before(async () => {
  city = await openTestCity({ env: { LOG_LEVEL: 'silent' } })
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

test('contents are proved once a day and when asked for, also while they change, and what differs is named', async () => {
  await client.query(`create table firm (id bigint primary key, name text, amount numeric, born date); alter table firm replica identity full;
    insert into firm select i, '企业' || i, i / 100.0, date '2000-01-01' + (i % 5000)::int from generate_series(1, 5000) i;
    update firm set name = repeat('长', 60) where id = 9; create publication datong for table firm`)
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: '登记库', settings } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId, sourceId, object: 'firm', mapping, mode: { kind: 'stream' }, verify: 'content', quarantineLimit: 1 } as const
  const { id: planId } = await steward.call('create_plan', { body })
  const { id } = await steward.call('start_stream', { params: { planId } })
  const first = await awaitStream(steward, id, ({ proof }) => proof !== null)
  assert.deepEqual(
    { ...first.proof, at: '', moving: 0 },
    {
      at: '',
      agrees: true,
      rows: 5000,
      moving: 0,
      lacking: 0,
      extra: 0,
      changed: 0,
      keys: [],
      error: null,
    },
  )

  const prove = async () => {
    const { proof } = await steward.call('prove_stream', { params: { streamId: id } })
    return (await awaitStream(steward, id, (stream) => !stream.isProving && stream.proof!.at !== proof!.at)).proof!
  }
  let isWriting = true
  const writing = (async () => {
    for (let i = 0; isWriting; i++) {
      await client.query('begin; update firm set amount = amount + 1 where id % 500 = 3; delete from firm where id = 107; commit')
      await client.query('insert into firm values ($1, $2, 2, null) on conflict (id) do update set name = excluded.name', [
        6000 + (i % 50),
        `${i}`,
      ])
      await sleep(20)
    }
  })()
  writing.catch(() => {})
  const moving = await prove()
  isWriting = false
  await writing
  assert.deepEqual([moving.agrees, moving.error], [true, null])
  assert.ok(moving.moving > 0)

  const { lake_table: table } = await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').executeTakeFirstOrThrow()
  const spoil = (change: string, id: number) =>
    city.app.lake.command(
      `INSERT INTO lake.${table} SELECT * REPLACE (${change}, 1 AS _row) FROM lake.${table} FINAL WHERE born = toDate32('2000-01-01') + ${id}`,
    )
  await spoil("'falsch' AS name, _version + 1 AS _version", 5)
  await spoil('1 AS _deleted, _version + 1 AS _version', 6)
  await spoil("99999 AS id, '99999' AS `#k0`", 7)
  const found = await prove()
  assert.deepEqual([found.agrees, found.changed, found.lacking, found.extra, found.keys.sort()], [false, 1, 1, 1, ['5', '6', '99999']])
  const told = await awaitStream(steward, id, ({ error }) => error !== null)
  assert.deepEqual([told.state, told.error?.code], ['streaming', 'ingestion.stream_differs'])
})
