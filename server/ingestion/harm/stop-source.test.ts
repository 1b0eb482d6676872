import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { hasMariadb, startMariadb } from '#testing/mariadb.ts'
import { postgresBin, startPostgres, type TestServer } from '#testing/postgres.ts'
import { openProxy, type ResettableProxy } from '#testing/resettable-proxy.ts'
import { openCare } from './open-care.ts'

/** More than the buffers of a line hold: a source whose reader has stopped is still at work. */
const rows = 80_000
const ids = [
  { code: 'id', name: '编号', dataType: 'I', isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 80 },
] as const
const mapping = ids.map(({ code }) => ({ item: code, column: code }))

interface Fixture {
  kind: 'postgresql' | 'mysql'
  isMissing: boolean
  start(): Promise<TestServer>
  settings: { database: string; user: string }
  prepare(server: TestServer): Promise<void>
  /** Statements of the program that run at the source. */
  running(): Promise<number>
  close(): Promise<void>
}

let client: pg.Client
const onPostgres: Fixture = {
  kind: 'postgresql',
  isMissing: !postgresBin(),
  start: startPostgres,
  settings: { database: 'postgres', user: 'postgres' },
  async prepare({ url }) {
    client = new pg.Client(url)
    await client.connect()
    await client.query(`create table firm as select i as id, repeat('厦门', 36) || i as name from generate_series(1, ${rows}) i`)
  },
  running: async () =>
    Number(
      (
        await client.query(
          "select count(*) as n from pg_stat_activity where query like '%/* datong%' and state = 'active' and pid <> pg_backend_pid()",
        )
      ).rows[0].n,
    ),
  close: () => client.end(),
}
let connection: mysql.Connection
const onMariadb: Fixture = {
  kind: 'mysql',
  isMissing: !hasMariadb(),
  start: startMariadb,
  settings: { database: 'city', user: 'datong' },
  async prepare({ url }) {
    connection = await mysql.createConnection({ uri: url })
    await connection.query('CREATE DATABASE city CHARACTER SET utf8mb4')
    await connection.query(
      `CREATE TABLE city.firm (id INT PRIMARY KEY, name VARCHAR(80))
      AS SELECT seq AS id, CONCAT(REPEAT('厦门', 36), seq) AS name FROM city_seq`.replace('city_seq', `seq_1_to_${rows}`),
    )
  },
  async running() {
    const [found] = await connection.query<mysql.RowDataPacket[]>(
      "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE '%/* datong%' AND id <> CONNECTION_ID()",
    )
    return Number(found[0]!.n)
  },
  close: async () => connection.destroy(),
}

let city: TestCity
before(async () => {
  city = await openTestCity()
})
after(() => city.close())

for (const fixture of [onPostgres, onMariadb]) {
  const { kind } = fixture
  if (fixture.isMissing && process.env.CI === 'true') throw new Error(`no ${kind} is installed`)
  if (fixture.isMissing) console.log(`skipped: no ${kind} is installed`)
  else describe(kind, () => runOn(fixture))
}

function runOn(fixture: Fixture): void {
  const { kind } = fixture
  let server: TestServer
  let proxy: ResettableProxy
  let steward: Client
  let sourceId: string
  let planId: string
  before(async () => {
    server = await fixture.start()
    await fixture.prepare(server)
    proxy = await openProxy(server.port)
    const organisation = kind === 'mysql' ? '厦门市商务局' : '厦门市市场监督管理局'
    const published = await publishEntry(city, organisation, { name: '企业名录', items: [...ids] })
    steward = published.steward
    const settings = { kind, host: '127.0.0.1', port: proxy.port, ...fixture.settings } as const
    sourceId = (await steward.call('create_source', { body: { name: '登记库', settings } })).id
    planId = (
      await steward.call('create_plan', { body: { entryId: published.entryId, sourceId, object: 'firm', mapping, verify: 'content' } })
    ).id
  })
  after(async () => {
    await fixture.close()
    await proxy.close()
    await server.stop()
  })

  const startAndHold = async () => {
    const { promise: held, resolve } = Promise.withResolvers<() => void>()
    proxy.breakAfter(200_000, ({ reset }) => {
      resolve(reset)
      return new Promise(() => {})
    })
    const { id } = await steward.call('start_load', { params: { planId } })
    await held
    return id
  }
  const assertQuiet = async () => {
    for (let tries = 0; (await fixture.running()) > 0; tries++) {
      assert.ok(tries < 100, 'a statement still runs at the source')
      await sleep(100)
    }
  }

  test(`what was run on a source can be read, without values, by those who may see it`, async () => {
    const load = await runPlan(steward, planId)
    assert.deepEqual([load.state, load.written], ['succeeded', rows])
    const { items } = await steward.call('list_source_statements', { params: { sourceId }, query: { loadId: load.id } })
    const reading = items.find(({ statement, rows: found }) => found === rows && /FROM .*firm/.test(statement))
    assert.ok(reading && reading.error === null && reading.loadId === load.id)
    assert.ok(items.some(({ statement }) => /count\(\*\)/i.test(statement)))
    assert.ok(items.every(({ statement }) => !statement.includes("'")))
    const stranger = await city.as('厦门市交通运输局', 'steward')
    assert.equal((await stranger.attempt('list_source_statements', { params: { sourceId } })).statusCode, 404)
    assert.equal((await stranger.attempt('stop_source', { params: { sourceId }, body: { reason: '试试' } })).statusCode, 404)
    const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
    assert.equal((await bureau.attempt('stop_source', { params: { sourceId }, body: { reason: '试试' } })).statusCode, 403)
  })

  test(`cancelling a load ends its statement at the source`, async () => {
    const id = await startAndHold()
    assert.equal(await fixture.running(), 1)
    await steward.call('cancel_load', { params: { loadId: id } })
    await assertQuiet()
    proxy.mend()
  })

  test(`the kill switch ends everything at once; nothing begins until the source is released`, async () => {
    const id = await startAndHold()
    const stopped = await steward.call('stop_source', { params: { sourceId }, body: { reason: '数据库维护' } })
    assert.deepEqual([stopped.stopped?.reason, stopped.can.stop, stopped.can.release], ['数据库维护', false, true])
    assert.equal((await steward.attempt('stop_source', { params: { sourceId }, body: { reason: '再停' } })).statusCode, 409)
    const load = await steward.call('get_load', { params: { loadId: id } })
    assert.deepEqual([load.state, load.error?.code], ['cancelled', 'ingestion.source_stopped'])
    assert.match(load.error!.detail, /数据库维护/)
    await assertQuiet()
    proxy.mend()
    // The ended load says good-bye.
    let carried = -1
    for (; carried !== proxy.carried; await sleep(500)) carried = proxy.carried
    for (const route of ['check_source', 'list_source_objects'] as const)
      assert.equal((await steward.attempt(route, { params: { sourceId } })).statusCode, route === 'check_source' ? 200 : 409)
    const { id: next } = await steward.call('start_load', { params: { planId } })
    for (let tries = 0; tries < 100 && !(await steward.call('get_load', { params: { loadId: next } })).waiting; tries++) await sleep(100)
    const waiting = await steward.call('get_load', { params: { loadId: next } })
    assert.deepEqual([waiting.state, waiting.waiting?.code, waiting.waiting?.until], ['queued', 'ingestion.source_stopped', null])
    assert.equal(proxy.carried, carried, 'nothing was asked of the source')
    assert.equal((await steward.call('release_source', { params: { sourceId } })).stopped, null)
    assert.equal((await awaitLoad(steward, next)).state, 'succeeded')
  })

  test(`a load waits for the hours of its source, and is no faster than it may`, async () => {
    const { name, settings, version } = await steward.call('get_source', { params: { sourceId } })
    const clock = (hours: number) => new Date(Date.now() + (8 + hours) * 3600_000).toISOString().slice(11, 16)
    const change = (care: object, at: number) =>
      steward.call('update_source', { params: { sourceId }, body: { name, settings, version: at, care } as never })
    const closed = await change({ window: { from: clock(2), to: clock(3) } }, version)
    const { id } = await steward.call('start_load', { params: { planId } })
    for (let tries = 0; tries < 100 && !(await steward.call('get_load', { params: { loadId: id } })).waiting; tries++) await sleep(100)
    const { waiting, state } = await steward.call('get_load', { params: { loadId: id } })
    assert.deepEqual([state, waiting?.code], ['queued', 'ingestion.outside_window'])
    assert.ok(Math.abs(Date.parse(waiting!.until!) - Date.now() - 2 * 3600_000) <= 61_000)
    const [bytesPerSecond, carried, began] = [8_000_000, proxy.carried, Date.now()]
    await change({ bytesPerSecond, parallelReads: 1 }, closed.version)
    assert.equal((await awaitLoad(steward, id)).state, 'succeeded')
    const least = (proxy.carried - carried) / bytesPerSecond - 0.25
    assert.ok(least > 1 && (Date.now() - began) / 1000 > least, `${proxy.carried - carried} bytes in ${Date.now() - began} ms`)
  })
}

test('a statement that runs too long is stopped, and the load is told', async () => {
  const care = { window: null, parallelReads: 1, bytesPerSecond: null, statementSeconds: 0.05 }
  const one = openCare(city.app.system('test'), { id: '00000000-0000-7000-8000-000000000001', care }, null)
  const { promise, reject } = Promise.withResolvers<number>()
  const stop = async () => reject(new Error('cut'))
  await assert.rejects(
    one.read('SELECT 1', new AbortController().signal, stop, () => promise),
    { code: 'ingestion.statement_too_long' },
  )
})
