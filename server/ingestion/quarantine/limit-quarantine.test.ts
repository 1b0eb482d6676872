import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity } from '#testing/city.ts'
import { postgresBin, startPostgres } from '#testing/postgres.ts'
import { sweepLoads } from '../load/sweep-loads.ts'
import { mostRows, watchQuarantine } from './limit-quarantine.ts'

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'born', name: '出生日期', dataType: 'D' },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))

test('the smaller of the two limits holds; a share says nothing before the rows are counted', () => {
  assert.equal(mostRows({ share: 0.05, rows: null }, 1000), 50)
  assert.equal(mostRows({ share: 0.05, rows: 10 }, 1000), 10)
  assert.equal(mostRows({ share: 0, rows: 10 }, 1000), 0)
  assert.equal(mostRows({ share: 0.05, rows: 10 }, null), 10)
  assert.equal(mostRows({ share: 0.05, rows: null }, null), Number.POSITIVE_INFINITY)
})

test('rows laid aside stop the reading only where they are wrong, and are not examined again without need', async () => {
  let [looks, examined, aside] = [0, 0, 11]
  const full = new AbortController()
  const watch = watchQuarantine(full, 10, {
    countAside: async () => {
      // Later there are some more, but fewer than could change the answer; then many, all of them wrong.
      looks++
      aside = looks === 1 ? 11 : looks === 2 ? 13 : 40
      return aside
    },
    countFaulty: async () => {
      examined++
      return aside === 11 ? 2 : aside
    },
  })
  await new Promise((resolve) => full.signal.addEventListener('abort', resolve))
  await watch.end()
  assert.deepEqual([looks, examined], [3, 2])
})

test('a load whose quarantine passes its number of rows is stopped while it reads; what is there stays, and the wrong rows can be seen', {
  skip: !postgresBin() && process.env.CI !== 'true' && "Debian's package postgresql is not installed",
}, async () => {
  const server = await startPostgres()
  const city = await openTestCity()
  const client = new pg.Client(server.url)
  await client.connect()
  try {
    await client.query(`create function rest(i int) returns text stable language plpgsql as $$ begin perform pg_sleep(1); return '2000-01-01'; end $$;
      create view person as select i as id, '2000-01-01'::text as born from generate_series(1, 10) i`)
    const { entryId, steward } = await publishEntry(city, '厦门市民政局', { name: '人口名册', items: [...items] })
    const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
    const { id: sourceId } = await steward.call('create_source', { body: { name: '名册库', settings } })
    const limits = { quarantineLimit: 1, quarantineRowLimit: 1000 }
    const { id: planId } = await steward.call('create_plan', { body: { entryId, sourceId, object: 'person', mapping, ...limits } })
    assert.equal((await runPlan(steward, planId)).written, 10)

    // The engine passes rows on by the million, and the last million late. What follows would take hours: the load ends only if it is stopped.
    const wrong = 3_500_000
    await client.query(`create or replace view person as
      select i as id, case when i <= ${wrong} then '三月' || i else rest(i) end as born from generate_series(1, ${wrong + 20_000}) i`)
    const { id: loadId } = await steward.call('start_load', { params: { planId } })
    const load = await awaitLoad(steward, loadId, 300)
    assert.deepEqual(
      [load.state, load.error?.code, load.read, load.written],
      ['failed', 'ingestion.quarantine_limit', wrong + 20_000, null],
    )
    assert.ok(load.quarantined! > 1000 && load.quarantined! <= wrong, String(load.quarantined))
    assert.match(load.error!.detail, /上限（1000）/)
    assert.deepEqual(
      load.reasons.map(({ column, count }) => [column, count]),
      [['born', load.quarantined]],
    )

    const { lake_table } = await city.app.plane.db
      .selectFrom('catalog.resource')
      .select('lake_table')
      .where('entry_id', '=', entryId)
      .executeTakeFirstOrThrow()
    assert.deepEqual(await city.app.lake.measure(`SELECT toUInt32(count()) AS n FROM lake.${lake_table}`), [{ n: 10 }])
    assert.equal((await steward.call('get_plan', { params: { planId } })).openQuarantine, 0)
    assert.equal(load.can.readQuarantine, true)
    const of = { params: { planId }, query: { loadId: load.id } } as never
    const { items: rows } = await steward.call('list_quarantine', of)
    assert.match(rows[0]!.values.born!, /^三月\d+$/)
    assert.match(rows[0]!.detail, /三月/)
    const { bytes } = await steward.call('export_quarantine', of)
    assert.ok(String(bytes).split('\n').length > 1000)
    const stranger = await city.as('厦门市商务局', 'steward')
    assert.equal((await stranger.attempt('list_quarantine', of)).statusCode, 404)
  } finally {
    await client.end()
    await city.close()
    await server.stop()
  }
})

test('the wrong rows of a load that failed stay until the plan’s next load has ended, or nobody has looked for long', async () => {
  const city = await openTestCity({ now: '2026-11-22T02:00:00Z' })
  try {
    const { entryId, steward } = await publishEntry(city, '厦门市民政局', { name: '收养登记', items: [...items] })
    const { id: sourceId } = await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })
    const upload = (csv: string) => steward.call('upload_file', { query: { fileName: 'a.csv', sourceId }, body: Buffer.from(csv) })
    await upload('id,born\n1,三月\n2,2000-01-01\n')
    const { id: planId } = await steward.call('create_plan', {
      body: { entryId, sourceId, object: 'a.csv', mapping, quarantineLimit: 0.1 },
    })
    const failed = [await runPlan(steward, planId), await runPlan(steward, planId)].map(({ id, state }) => ({ id, state }))
    assert.deepEqual(
      failed.map(({ state }) => state),
      ['failed', 'failed'],
    )
    const kept = async (client = steward) => {
      await sweepLoads(city.app.system('sweep'))
      const tables = (await city.app.lake.tables()).filter(({ name }) => name.startsWith('q_')).length
      const readable = failed.map(async ({ id }) => (await client.call('get_load', { params: { loadId: id } })).can.readQuarantine)
      return { tables, readable: await Promise.all(readable) }
    }
    assert.deepEqual(await kept(), { tables: 2, readable: [false, true] })
    const refused = await steward.attempt('list_quarantine', { params: { planId }, query: { loadId: failed[0]!.id } } as never)
    assert.equal((refused.json() as { code: string }).code, 'ingestion.no_quarantine')
    city.setNow('2026-11-22T04:00:00Z')
    assert.deepEqual(await kept(), { tables: 1, readable: [false, true] })

    city.setNow('2027-02-20T01:00:00Z')
    assert.deepEqual((await kept(await city.as('厦门市民政局', 'steward'))).tables, 1)
    city.setNow('2027-02-20T03:00:00Z')
    await sweepLoads(city.app.system('sweep'))
    city.setNow('2027-02-20T05:00:00Z')
    assert.deepEqual(await kept(await city.as('厦门市民政局', 'steward')), { tables: 0, readable: [false, false] })
  } finally {
    await city.close()
  }
})
