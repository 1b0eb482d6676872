import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Load } from '#contract/ingestion.ts'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { postgresBin, startPostgres, type TestServer } from '#testing/postgres.ts'
import { openProxy, type ResettableProxy } from '#testing/resettable-proxy.ts'
import { inTx } from '../store/index.ts'
import { runLoadJob } from './load/run-load-job.ts'

const secret = 'Kou-Ling-7391'
const firstRows = 220_000
/** About a third of what one of the two connections carries. */
const middle = 2_000_000
const isMissing = !postgresBin() && process.env.CI !== 'true'
const options = { skip: isMissing && "Debian's package postgresql is not installed" }

let city: TestCity
let server: TestServer
let admin: pg.Client
let proxy: ResettableProxy
let steward: Client
let entryId: string
let planId: string
/** Rows of the newest load that succeeded. */
let liveRows = 0

before(async () => {
  if (isMissing) return
  city = await openTestCity()
  await startServer()
  proxy = await openProxy(server.port)
  await fillTable(firstRows)
  const items = [
    { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
    { code: 'name', name: '名称', dataType: 'C', length: 80 },
    { code: 'version', name: '版次', dataType: 'I' },
  ] as const
  ;({ steward, entryId } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] }))
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: proxy.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: '登记库', settings, secret } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  planId = (await steward.call('create_plan', { body: { entryId, sourceId, object: 'firm', mapping, verify: 'content' } })).id
})
after(async () => {
  if (isMissing) return
  await admin.end().catch(() => {})
  await city.close()
  await proxy.close()
  await server.stop()
})

async function startServer(): Promise<void> {
  server = await startPostgres()
  admin = new pg.Client(server.url)
  // The tests kill its server.
  admin.on('error', () => {})
  await admin.connect()
}

/** The whole table at once; `version` is the number of its rows, the same in each. */
async function fillTable(rows: number): Promise<void> {
  await admin.query('drop table if exists firm')
  await admin.query(
    `create table firm as select i as id, '厦门市第'||i||'号企业有限责任公司' as name, ${rows} as version from generate_series(1, ${rows}) i`,
  )
  await admin.query('alter table firm add primary key (id)')
  await admin.query('analyze firm')
}

const readers = async () =>
  (await admin.query("select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()")).rows.map(
    ({ pid }) => pid as number,
  )

/** What the entry's readers see is the whole of one version. */
async function assertLive(rows: number, what: string): Promise<void> {
  const resources = await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').where('entry_id', '=', entryId).execute()
  assert.equal(resources.length, 1, what)
  const [found] = await city.app.lake.measure(
    `SELECT count() AS n, uniqExact(id) AS ids, min(version) AS oldest, max(version) AS newest FROM lake.${resources[0]!.lake_table}`,
  )
  const n = String(rows)
  assert.deepEqual(found, { n, ids: n, oldest: n, newest: n }, what)
  assert.equal((await steward.call('get_entry', { params: { entryId } })).rows, rows, what)
}

/** Starts a load and, since the queue looks for jobs to be tried again only twice a minute, queues each further try at once as the sweep does. */
async function runTries(): Promise<Load> {
  const { id } = await steward.call('start_load', { params: { planId } })
  const prod = setInterval(async () => {
    const waiting = await city.app.plane.db
      .selectFrom('ingestion.load')
      .select('id')
      .where('id', '=', id)
      .where('state', '=', 'queued')
      .where('error_code', 'is not', null)
      .executeTakeFirst()
    if (waiting) await inTx(city.app.system('test'), (ctx) => ctx.enqueue(ctx, runLoadJob, { loadId: id }))
  }, 500)
  return awaitLoad(steward, id, 120).finally(() => clearInterval(prod))
}

/** Nothing of a load that did not succeed is left in the lake. */
async function assertNoRemains({ id }: Load): Promise<void> {
  const left = await city.app.lake.measure("SELECT name FROM system.tables WHERE database = 'lake' AND position(name, {id:String}) > 0", {
    id: id.replaceAll('-', ''),
  })
  assert.deepEqual(left, [])
}

async function assertFailed(load: Load): Promise<void> {
  assert.equal(load.state, 'failed')
  assert.match(load.error!.code, /^ingestion\.source_/, load.error!.detail)
  assert.match(load.error!.detail, /数据源/)
  const events = await city.app.plane.db.selectFrom('platform.event').selectAll().execute()
  for (const text of [JSON.stringify(load), JSON.stringify(events)]) assert.ok(!text.includes(secret), 'the password is nowhere')
  await assertNoRemains(load)
}

async function assertLoads(rows: number): Promise<void> {
  const { state, read, sent, written, quarantined, agrees, error } = await runPlan(steward, planId)
  const whole = { state: 'succeeded', read: rows, sent: rows, written: rows, quarantined: 0, agrees: true, error: null }
  assert.deepEqual({ state, read, sent, written, quarantined, agrees, error }, whole)
  liveRows = rows
  await assertLive(rows, 'after the source is back')
}

test('a table is loaded whole', options, () => assertLoads(firstRows))

test('a line that breaks once is tried again, and the load succeeds', options, async () => {
  const rows = firstRows + 1000
  await fillTable(rows)
  proxy.breakAfter(middle, (connection) => connection.reset())
  const before = proxy.breaks
  const load = await runPlan(steward, planId)
  assert.equal(proxy.breaks, before + 1)
  assert.deepEqual([load.state, load.read, load.written, load.error], ['succeeded', rows, rows, null])
  liveRows = rows
  await assertLive(rows, 'after the second try')
})

test('a line that breaks at every try fails the load, and the old data stays live', options, async () => {
  const rows = firstRows + 2000
  await fillTable(rows)
  proxy.breakAfter(middle, (connection) => connection.reset(), true)
  await assertFailed(await runTries())
  await assertLive(liveRows, 'while the line is broken')
  proxy.mend()
  await assertLoads(rows)
})

test('a source that ends its connections at every try fails the load, and the old data stays live', options, async () => {
  const rows = firstRows + 3000
  await fillTable(rows)
  const terminate = async () => {
    for (const pid of await readers()) await admin.query('select pg_terminate_backend($1)', [pid])
  }
  proxy.breakAfter(middle, terminate, true)
  await assertFailed(await runTries())
  await assertLive(liveRows, 'while the source refuses')
  proxy.mend()
  await assertLoads(rows)
})
