import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { postgresBin, startPostgres, type PostgresServer } from '#testing/postgres.ts'
import { verifyChain } from '../../store/index.ts'
import { sweepLoads } from '../load/sweep-loads.ts'

// The server of the control plane dies and comes back; the city stays up. That an embedded city dies with its store: survive-kills.test.ts.
const options = { skip: !postgresBin() && process.env.CI !== 'true' && "Debian's package postgresql is not installed" }
const rows = 200_000
let city: TestCity
let database: PostgresServer
let steward: Client
let planId: string

const csvOf = (version: number) => Buffer.from(`编号,版本\n${Array.from({ length: rows }, (_, i) => `${i},${version}\n`).join('')}`)
const upload = (version: number) => steward.call('upload_file', { query: { fileName: 'firm.csv', sourceId }, body: csvOf(version) })
let sourceId: string

before(async () => {
  if (options.skip) return
  database = await startPostgres()
  city = await openTestCity({ env: { DATABASE_URL: database.url, LOG_LEVEL: 'silent' } })
  const items = [
    { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
    { code: 'version', name: '版本', dataType: 'I' },
  ] as const
  let entryId: string
  ;({ entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] }))
  sourceId = (await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })).id
  await upload(1)
  const mapping = items.map(({ code, name }) => ({ item: code, column: name }))
  const body = { entryId, sourceId, object: 'firm.csv', mapping, verify: 'content' } as const
  planId = (await steward.call('create_plan', { body })).id
})
after(async () => {
  await city?.close()
  await database?.stop()
})

async function live() {
  const { lake_table } = await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').executeTakeFirstOrThrow()
  const [found] = await city.app.lake.measure<Record<'rows' | 'ids' | 'oldest' | 'newest', string>>(
    `SELECT count() AS rows, uniqExact(id) AS ids, min(version) AS oldest, max(version) AS newest FROM lake.${lake_table}`,
  )
  return Object.values(found!).map(Number)
}

test(
  'while the database is away callers are told so; when it is back the city goes on by itself, and loads with it',
  options,
  async (t) => {
    assert.equal((await runPlan(steward, planId)).state, 'succeeded')
    assert.deepEqual(await live(), [rows, rows, 1, 1])
    for (const [i, ms] of [0, 120, 300, 600].entries()) {
      const version = i + 2
      await upload(version)
      const { id } = await steward.call('start_load', { params: { planId } })
      await sleep(ms)
      const bringBack = await database.crash()
      const refused = await steward.attempt('get_load', { params: { loadId: id } })
      assert.deepEqual([refused.statusCode, refused.json().code], [503, 'http.database_away'])
      assert.equal(refused.headers['retry-after'], '5')
      await bringBack()
      while ((await steward.attempt('get_load', { params: { loadId: id } })).statusCode !== 200) await sleep(100)
      // The sweep gives up a silent worker after a minute.
      city.setNow(new Date(Date.now() + version * 120_000).toISOString())
      await sweepLoads(city.app.system('sweep'))
      const load = await awaitLoad(steward, id, 90)
      const { attempt } = await city.app.plane.db
        .selectFrom('ingestion.load')
        .select('attempt')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      t.diagnostic(`away after ${ms} ms: attempt ${attempt}`)
      assert.deepEqual([load.state, load.error, load.read, load.written, load.agrees], ['succeeded', null, rows, rows, true])
      assert.deepEqual(await live(), [rows, rows, version, version])
    }
    assert.equal((await verifyChain(city.app.plane.db)).intact, true)
  },
)
