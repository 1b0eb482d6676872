import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { type Answer, type ScriptedSqlserver, startScriptedSqlserver } from '#testing/servers/scripted-sqlserver.ts'

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
] as const
const firms = (count: number, version = '') => Array.from({ length: count }, (_, i) => [String(i + 1), `企业${i + 1}${version}`])

let city: TestCity
let server: ScriptedSqlserver
let steward: Client
let planId: string
let entryId: string
let sourceId: string
let held: { rows: Answer & { rows: unknown }; count: number }

before(async () => {
  city = await openTestCity()
  held = { rows: { rows: firms(1000) }, count: 1000 }
  server = await startScriptedSqlserver((sql, { object }) => {
    if (sql.includes('ProductMajorVersion')) return { rows: [['14']] }
    if (sql.includes('snapshot_isolation_state')) return { rows: [[0]] }
    if (sql.includes('modify_date')) return { rows: [['2024-01-01 00:00:00.000']] }
    if (sql.includes('sys.columns'))
      return {
        rows:
          object === 'firm'
            ? [
                ['id', 'bigint', 8, 19, 0, 0, '1.1', '', 1],
                ['name', 'nvarchar', 80, 0, 0, 1, '1.2', '', 0],
              ]
            : [],
      }
    if (sql.includes('SELECT COUNT(*)')) return { rows: [[held.count]] }
    return sql.includes('FROM [dbo].[firm]') ? held.rows : undefined
  })
  const published = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
  entryId = published.entryId
  steward = published.steward
  const settings = { kind: 'sqlserver', host: '127.0.0.1', port: server.port, database: '工商', user: 'reader' } as const
  sourceId = (await steward.call('create_source', { body: { name: '工商库', settings, secret: 'pass' } as never })).id
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId, sourceId, object: 'firm', mapping, verify: 'content', mode: { kind: 'compare' } }
  planId = (await steward.call('create_plan', { body: body as never })).id
})
after(async () => {
  server.close()
  await city.close()
})

const liveRows = async () => {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const [found] = await city.app.lake.measure<{ n: string; last: string }>(
    `SELECT count() AS n, argMax(name, id) AS last FROM lake.${lake_table}`,
  )
  return found
}

test('a plan on SQL Server loads and compares, with care and in the book', async () => {
  const first = await runPlan(steward, planId)
  assert.deepEqual([first.state, first.read, first.written, first.agrees], ['succeeded', 1000, 1000, true])
  held = { rows: { rows: [...firms(999), ['1000', '改名']] }, count: 1000 }
  const second = await runPlan(steward, planId)
  assert.deepEqual([second.state, second.changed, second.unchanged], ['succeeded', 1, 999])
  assert.deepEqual(await liveRows(), { n: '1000', last: '改名' })
  const { items: statements } = await steward.call('list_source_statements', { params: { sourceId } })
  const read = statements.find(({ statement }) => statement.includes('FROM [dbo].[firm]') && !statement.includes('COUNT'))
  assert.deepEqual([read?.rows, read?.error], [1000, null])
  assert.ok(statements.some(({ statement }) => statement.startsWith('SELECT COUNT(*)')))
})

test('a load that is cancelled while rows arrive without end stops, and nothing of it is left', { timeout: 60_000 }, async () => {
  const before = await liveRows()
  held = {
    rows: {
      rows: (function* () {
        for (let i = 1; i < 2 ** 31; i++) yield [String(i), '无尽']
      })(),
    },
    count: 1000,
  }
  server.sent = 0
  const { id } = await steward.call('start_load', { params: { planId } })
  while (server.sent < 10_000) await sleep(50)
  await steward.call('cancel_load', { params: { loadId: id } })
  assert.equal((await awaitLoad(steward, id)).state, 'cancelled')
  for (let sent = -1; sent !== server.sent; await sleep(500)) sent = server.sent
  assert.deepEqual(await liveRows(), before)
  assert.deepEqual(
    (await city.app.lake.tables()).filter(({ name }) => name.startsWith('b_')),
    [],
  )
})
