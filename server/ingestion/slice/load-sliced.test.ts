import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { postgresBin, startPostgres, type TestServer } from '#testing/postgres.ts'
import { openProxy, type ResettableProxy } from '#testing/resettable-proxy.ts'
import { sweepLoads } from '../load/sweep-loads.ts'
import { selectSlices } from './slice-store.ts'

const rows = 120_000
const isMissing = !postgresBin() && process.env.CI !== 'true'
const options = { skip: isMissing && "Debian's package postgresql is not installed" }
let city: TestCity
let server: TestServer
let client: pg.Client
let proxy: ResettableProxy
let steward: Client
let entryId: string
let sourceId: string
let planId: string
/** What the line carries for one whole load. */
let whole = 0

const items = [
  { code: 'id', name: '编号', dataType: 'I', isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 80 },
  { code: 'amount', name: '金额', dataType: 'Y', length: 10, scale: 2 },
] as const

before(async () => {
  if (isMissing) return
  city = await openTestCity()
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
  await client.query(
    `create table firm as select i as id, '  厦门市第'||i||'号企业有限责任公司 ' as name, case when i % 30000 = 0 then '坏' else (i / 100.0)::numeric(10,2)::text end as amount
     from generate_series(1, ${rows}) i`,
  )
  await client.query('create table heap as select * from firm')
  await client.query('alter table firm add primary key (id)')
  await client.query('vacuum analyze firm')
  await client.query('vacuum analyze heap')
  // The server's estimate is what makes six slices of a table.
  await client.query("update pg_class set reltuples = 5000000 where relname in ('firm', 'heap')")
  proxy = await openProxy(server.port)
  ;({ steward, entryId } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] }))
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: proxy.port, database: 'postgres', user: 'postgres' } as const
  sourceId = (await steward.call('create_source', { body: { name: '登记库', settings } })).id
  planId = await planOf('firm')
})
after(async () => {
  if (isMissing) return
  await client.end()
  await city.close()
  await proxy.close()
  await server.stop()
})

const planOf = async (object: string) => {
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  return (await steward.call('create_plan', { body: { entryId, sourceId, object, mapping, verify: 'content' } })).id
}

const slicesOf = (id: string) => selectSlices(city.app.plane.db, id)
const doneOf = async (id: string) => (await slicesOf(id)).filter(({ state }) => state === 'done')

async function assertLive(): Promise<void> {
  const [{ lake_table }] = (await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .execute()) as [{ lake_table: string }]
  const [found] = await city.app.lake.measure(
    `SELECT count() AS n, uniqExact(id) AS ids, uniqExact(_row) AS rows, sum(id) AS total FROM lake.${lake_table}`,
  )
  const good = rows - 4
  const total = (rows * (rows + 1)) / 2 - 30000 * 10
  assert.deepEqual(found, { n: String(good), ids: String(good), rows: String(good), total: String(total) })
}

const five = ({ state, error, read, sent, written, quarantined, agrees }: Awaited<ReturnType<typeof runPlan>>) => [
  state,
  error,
  read,
  sent,
  written,
  quarantined,
  agrees,
]
const good = ['succeeded', null, rows, rows, rows - 4, 4, true]

for (const object of ['firm', 'heap'])
  test(`a big table is read in slices, each proved on its own: ${object}`, options, async () => {
    const carried = proxy.carried
    const load = await runPlan(steward, object === 'firm' ? planId : await planOf(object))
    if (object === 'firm') whole = proxy.carried - carried
    assert.deepEqual(five(load), good)
    await assertLive()
    const slices = await slicesOf(load.id)
    assert.equal(slices.length, 6)
    assert.equal(
      slices.reduce((sum, { read_rows }) => sum + read_rows!, 0),
      rows,
    )
    assert.ok(slices.every(({ state, lake_table }) => state === 'done' && lake_table === null))
    assert.equal((await steward.call('list_quarantine', { params: { planId: load.planId } })).items.length, 4)
  })

test(
  'a number of wrong rows stops the load over all slices, shows them, and a load with a higher limit goes on to the end',
  options,
  async () => {
    const mapping = items.map(({ code }) => ({ item: code, column: code }))
    const body = { entryId, sourceId, object: 'firm', mapping, verify: 'content', quarantineRowLimit: 1 } as const
    const plan = await steward.call('create_plan', { body })
    const stopped = await runPlan(steward, plan.id)
    assert.deepEqual([stopped.state, stopped.error?.code], ['failed', 'ingestion.quarantine_limit'])
    assert.ok(stopped.quarantined! > 1 && stopped.quarantined! <= 4, String(stopped.quarantined))
    const { items: shown } = await steward.call('list_quarantine', { params: { planId: plan.id }, query: { loadId: stopped.id } as never })
    assert.deepEqual([shown.length, shown[0]!.values.amount], [stopped.quarantined, '坏'])
    await assertLive()
    await steward.call('update_plan', { params: { planId: plan.id }, body: { ...body, quarantineRowLimit: 4, version: plan.version } })
    assert.deepEqual(five(await runPlan(steward, plan.id)), good)
    await assertLive()
  },
)

/** Holds the line when about half of the table has gone over it: of six slices two are read whole by then, and proved soon after. */
async function startAndHold(): Promise<{ id: string; reset: () => void }> {
  const { promise, resolve } = Promise.withResolvers<() => void>()
  const line = { carried: proxy.carried }
  const { id } = await steward.call('start_load', { params: { planId } })
  while (proxy.carried - line.carried < whole * 0.55) await sleep(5)
  proxy.breakAfter(1, ({ reset }) => resolve(reset))
  const reset = await promise
  while ((await doneOf(id)).length < 2) await sleep(20)
  return { id, reset }
}

test('a load whose source dies goes on from the slices that are done', options, async () => {
  const before = proxy.carried
  const { id, reset } = await startAndHold()
  reset()
  const load = await awaitLoad(steward, id)
  assert.deepEqual(five(load), good)
  await assertLive()
  // What was done is not read again: less than two slices, those that were under way.
  assert.ok(proxy.carried - before < whole * (1 + 2.5 / 6), `${proxy.carried - before} bytes for a table of ${whole}`)
})

test('a cancelled load leaves its slices to the next one, and old ones are dropped', options, async () => {
  const { id, reset } = await startAndHold()
  await steward.call('cancel_load', { params: { loadId: id } })
  reset()
  const done = await doneOf(id)
  // What was under way goes on until the engine has let go.
  let before = -1
  for (; before !== proxy.carried; await sleep(300)) before = proxy.carried
  const load = await runPlan(steward, planId)
  assert.deepEqual(five(load), good)
  await assertLive()
  const taken = (await slicesOf(load.id)).filter(({ taken_from }) => taken_from === id)
  assert.ok(taken.length >= done.length)
  assert.ok(proxy.carried - before < (whole * (7 - taken.length)) / 6, `${proxy.carried - before} bytes for a table of ${whole}`)
  const later = { ...city.app.system('test'), now: () => new Date(Date.now() + 12 * 3600_000) }
  await sweepLoads(later)
  const left = await city.app.lake.measure<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'lake' AND match(name, '_[0-9]+_[0-9]+$')",
  )
  assert.deepEqual(left, [])
})

test('blocks whose rows move are read again as one snapshot', options, async () => {
  const heap = await planOf('heap')
  const state = { isOver: false }
  const moving = (async () => {
    for (let i = 1; !state.isOver; i++) await client.query('update heap set name = name where id = $1', [i])
  })()
  const load = await runPlan(steward, heap)
  state.isOver = true
  await moving
  assert.deepEqual(five(load), good)
  await assertLive()
})
