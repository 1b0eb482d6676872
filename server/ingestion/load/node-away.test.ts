import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { testEngine } from '#testing/lake/test-lake.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { sweepLoads } from './sweep-loads.ts'

const rows = 20_000
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
] as const

// One node of two can only be away where there are two.
if (testEngine === 'cluster') {
  let city: TestCity
  let source: TestServer
  let client: pg.Client
  let steward: Client
  let planId: string
  before(async () => {
    city = await openTestCity()
    source = await startPostgres()
    client = new pg.Client(source.url)
    await client.connect()
    // Slow enough to be met in the middle, and a few rows that no integer item can take.
    await client.query(
      `create view firm as select case when i % 5000 = 7 then '坏' else i::text end as id, '企业' || i || (case when i % 400 = 0 then pg_sleep(0.02)::text else '' end) as name
       from generate_series(1, ${rows}) i`,
    )
    let entryId: string
    ;({ entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] }))
    const settings = { kind: 'postgresql', host: '127.0.0.1', port: source.port, database: 'postgres', user: 'postgres' } as const
    const { id: sourceId } = await steward.call('create_source', { body: { name: '登记库', settings } })
    const mapping = items.map(({ code }) => ({ item: code, column: code }))
    const body = { entryId, sourceId, object: 'firm', mapping, verify: 'content', quarantineLimit: 0.5 } as const
    planId = (await steward.call('create_plan', { body })).id
  })
  after(async () => {
    await client.end()
    await city.close()
    await source.stop()
  })
  const liveTable = async () =>
    (await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').executeTakeFirstOrThrow()).lake_table
  const count = async (table: string) => {
    const [found] = await city.app.lake.measure<{ n: string; ids: string }>(`SELECT count() AS n, uniqExact(id) AS ids FROM lake.${table}`)
    return [Number(found!.n), Number(found!.ids)]
  }

  test('a load whose node is killed waits with the reason, the old data stay live, and it goes on by itself', async () => {
    const first = await runPlan(steward, planId)
    assert.deepEqual([first.state, first.agrees, first.written, first.quarantined], ['succeeded', true, rows - 4, 4])
    const old = await liveTable()

    const { id } = await steward.call('start_load', { params: { planId } })
    const isReading = async () =>
      (await city.app.lake.measure("SELECT 1 AS one FROM system.processes WHERE query LIKE 'INSERT INTO lake.in%' AND read_rows > 0"))
        .length > 0
    while (!(await isReading())) await sleep(20)
    await city.servers!.kill(1)
    const waits = async () => {
      const load = await steward.call('get_load', { params: { loadId: id } })
      assert.ok(['queued', 'running', 'reconciling'].includes(load.state), `the load is ${load.state}`)
      const row = await city.app.plane.db.selectFrom('ingestion.load').select('error_code').where('id', '=', id).executeTakeFirstOrThrow()
      return row.error_code === 'platform.lake_away'
    }
    while (!(await waits())) await sleep(50)
    assert.equal(await liveTable(), old)
    await assert.rejects(city.app.lake.rows(`SELECT count() FROM lake.${old}`), { code: 'platform.lake_away' })

    await city.servers!.restart(1)
    assert.deepEqual(await count(old), [rows - 4, rows - 4])
    const load = await awaitLoad(steward, id)
    assert.deepEqual([load.state, load.error, load.agrees, load.written, load.quarantined], ['succeeded', null, true, rows - 4, 4])
    assert.deepEqual(await count(await liveTable()), [rows - 4, rows - 4])

    await sweepLoads(city.app.system('sweep'))
    const left = (await city.app.lake.tables()).map(({ name }) => name).filter((name) => !name.startsWith('r_') && !name.startsWith('q_'))
    assert.deepEqual(left, [], 'what the broken attempt left has been swept')
  })
}
