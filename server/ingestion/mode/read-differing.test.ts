import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'

// Comparison with a source that hashes its rows: keys and hashes first, then the rows that differ.

const items = [
  { code: 'region', name: '区划', dataType: 'C', length: 20, isKey: true },
  { code: 'id', name: '编号', dataType: 'I', isKey: true },
  { code: 'name', name: '名称', dataType: 'C', length: 12 },
  { code: 'amount', name: '金额', dataType: 'N', length: 12, scale: 2 },
  { code: 'born', name: '成立日期', dataType: 'D' },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
let city: TestCity
let server: TestServer
let client: pg.Client
let tables = 0
before(async () => {
  city = await openTestCity()
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
})
after(async () => {
  await client.end()
  await city.close()
  await server.stop()
})

interface Compared {
  steward: Client
  table: string
  sourceId: string
  entryId: string
  planId: string
}

async function planOf(columns: string, more: object = {}): Promise<Compared> {
  const table = `firm_${++tables}`
  await client.query(`create table ${table} (${columns})`)
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: `企业名录 ${table}`, items: [...items] })
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: table, settings } })
  const body = { entryId, sourceId, object: table, mapping, mode: { kind: 'compare' } as const, deletionLimit: 1, ...more }
  return { steward, table, sourceId, entryId, planId: (await steward.call('create_plan', { body })).id }
}
const keyed = 'region text, id int, name text, amount numeric(12,2), born date, primary key (id, region)'

async function liveRows({ entryId }: Compared): Promise<string[]> {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const rows = await city.app.lake.measure<{ row: string; n: string }>(
    `SELECT concatWithSeparator('|', region, toString(id), ifNull(name, '-'), ifNull(toString(amount), '-'), ifNull(toString(born), '-')) AS row,
       toString(_row) AS n FROM lake.${lake_table}`,
  )
  assert.equal(new Set(rows.map(({ n }) => n)).size, rows.length, 'row numbers are unique')
  return rows.map(({ row }) => row).sort()
}

/** How many statements of the last load brought keys and hashes alone, rows by their keys, and rows with all their columns. */
async function readingsSince({ steward, sourceId }: Compared, since: string) {
  const { items: book } = await steward.call('list_source_statements', { params: { sourceId }, query: { limit: 1000 } })
  const texts = book.filter(({ at }) => at >= since).map(({ statement }) => statement)
  const rows = texts.filter((text) => /AS "#0"/.test(text))
  return {
    hashes: rows.filter((text) => !text.includes('"name"::text') && text.includes('"#hash"')).length,
    byKey: rows.filter((text) => text.includes('unnest(')).length,
    whole: rows.filter((text) => text.includes('"name"::text') && !text.includes('unnest(')).length,
  }
}

type Row = [region: string, id: number, name: string | null, amount: string | null, born: string | null]
const nasty = ['A', "d'Or\\", '"双"', '{1,2}', ' ', 'NULL', 'a,b', '厦门']
const row = fc.tuple(
  fc.constantFrom(...nasty),
  fc.integer({ min: 1, max: 4 }),
  fc.constantFrom('甲', '乙', ' 空 ', null, '一个比十二个字还要长的名称它放不下'),
  fc.constantFrom('1.00', '1', '-0.5', '1234567890.12', 'NaN', null),
  fc.constantFrom('2020-02-29', '1900-01-01', 'infinity', null),
)
const state = fc.uniqueArray(row, { selector: ([region, id]) => `${region}|${id}`, minLength: 0, maxLength: 14 })

/** What the entry takes of a row: null where it goes to quarantine. An oracle of its own, by hand. */
function expected([region, id, name, amount, born]: Row): string | null {
  if (name !== null && name.trim().length > 12) return null
  if (amount === 'NaN' || born === 'infinity') return null
  const fixed = amount === null ? '-' : String(Number(amount))
  return [region.trim(), id, name === null ? '-' : name.trim(), fixed, born ?? '-'].join('|')
}

for (const verify of ['count', 'content'] as const)
  test(`after each comparison by hashes the table is its source (${verify})`, { timeout: 400_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 2, maxLength: 4 }), async (states) => {
        // A numeric without a scale is hashed by its text, the other as PostgreSQL hashes values.
        const plan = await planOf(verify === 'count' ? keyed : keyed.replace('numeric(12,2)', 'numeric'), { verify, quarantineLimit: 1 })
        let before = new Map<string, string>()
        for (const rows of states) {
          await client.query(`truncate ${plan.table}`)
          for (const values of rows) await client.query(`insert into ${plan.table} values ($1, $2, $3, $4, $5)`, values)
          const load = await runPlan(plan.steward, plan.planId)
          assert.equal(load.state, 'succeeded', load.error?.detail)
          const good = rows.map(expected).filter((row) => row !== null)
          assert.deepEqual(await liveRows(plan), good.sort())
          assert.deepEqual(
            [load.read, load.sent, load.written, load.quarantined, load.agrees],
            [rows.length, rows.length, good.length, rows.length - good.length, verify === 'content' ? true : null],
          )
          const now = new Map(good.map((row) => [row.split('|').slice(0, 2).join('|'), row]))
          const kept = [...now.keys()].filter((key) => before.has(key))
          const changed = kept.filter((key) => before.get(key) !== now.get(key)).length
          if (before.size > 0)
            assert.deepEqual(
              [load.inserted, load.changed, load.deleted, load.unchanged],
              [now.size - kept.length, changed, before.size - kept.length, kept.length - changed],
            )
          before = now
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 6), endOnFailure: true },
    )
  })

const fill = (table: string, from: number, to: number) =>
  client.query(`insert into ${table} select 'A', i, '企业'||i, i / 100.0, date '2000-01-01' from generate_series(${from}, ${to}) i`)

test('where little has changed, only keys, hashes and the rows that differ are read; where much has, everything is', async () => {
  const plan = await planOf(keyed)
  await fill(plan.table, 1, 20_000)
  const first = await runPlan(plan.steward, plan.planId)
  assert.deepEqual(await readingsSince(plan, first.startedAt!), { hashes: 0, byKey: 0, whole: 1 })
  await client.query(`update ${plan.table} set name = '改'||id where id % 100 = 7`)
  await client.query(`delete from ${plan.table} where id in (1, 20000)`)
  await fill(plan.table, 30_001, 30_003)
  const second = await runPlan(plan.steward, plan.planId)
  assert.deepEqual([second.state, second.read, second.written], ['succeeded', 20_001, 20_001])
  assert.deepEqual([second.inserted, second.changed, second.deleted, second.unchanged], [3, 200, 2, 19_798])
  assert.deepEqual(await readingsSince(plan, second.startedAt!), { hashes: 1, byKey: 1, whole: 0 })
  const third = await runPlan(plan.steward, plan.planId)
  assert.deepEqual([third.changed, third.unchanged], [0, 20_001])
  assert.deepEqual(await readingsSince(plan, third.startedAt!), { hashes: 1, byKey: 0, whole: 0 })
  await client.query(`update ${plan.table} set name = '全'||id`)
  const fourth = await runPlan(plan.steward, plan.planId)
  assert.deepEqual([fourth.state, fourth.changed, fourth.unchanged], ['succeeded', 20_001, 0])
  assert.deepEqual(await readingsSince(plan, fourth.startedAt!), { hashes: 1, byKey: 0, whole: 1 })
})

test('a row that was corrected in quarantine and replayed is one of those that differ, and nothing is left over', async () => {
  const plan = await planOf(keyed, { quarantineLimit: 0.5 })
  await fill(plan.table, 1, 100)
  await client.query(`update ${plan.table} set amount = 'NaN' where id = 5`)
  await runPlan(plan.steward, plan.planId)
  const params = { planId: plan.planId }
  const { items: open } = await plan.steward.call('list_quarantine', { params, query: {} })
  const [wrong] = open
  await plan.steward.call('correct_quarantined_row', {
    params: { ...params, rowId: wrong!.id },
    body: { values: { ...wrong!.values, amount: '5' } },
  })
  const { id } = await plan.steward.call('replay_quarantine', { params })
  assert.equal((await awaitLoad(plan.steward, id)).state, 'succeeded')
  assert.equal((await liveRows(plan)).length, 100)
  await client.query(`update ${plan.table} set amount = 5 where id = 5`)
  const load = await runPlan(plan.steward, plan.planId)
  assert.deepEqual([load.state, load.written, load.quarantined, load.unchanged], ['succeeded', 100, 0, 100], load.error?.detail)
  assert.deepEqual(await readingsSince(plan, load.startedAt!), { hashes: 1, byKey: 1, whole: 0 })
  const again = await runPlan(plan.steward, plan.planId)
  assert.deepEqual(await readingsSince(plan, again.startedAt!), { hashes: 1, byKey: 0, whole: 0 })
  const left = await city.app.lake.measure<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'lake' AND position(name, {id:String}) > 0",
    { id: load.id.replaceAll('-', '') },
  )
  assert.deepEqual(
    left.map(({ name }) => name.split('_')[0]).filter((kind) => kind !== 'r'),
    [],
  )
})

test('what the plan makes of a row has changed: every row is read again, and from then on the few that differ', async () => {
  const plan = await planOf(keyed)
  await fill(plan.table, 1, 100)
  await client.query(`update ${plan.table} set name = ' 空 ' where id = 1`)
  await runPlan(plan.steward, plan.planId)
  assert.ok((await liveRows(plan)).includes('A|1|空|0.01|2000-01-01'))
  const { version, entryId, sourceId, object, verify, mode } = await plan.steward.call('get_plan', { params: { planId: plan.planId } })
  const untrimmed = mapping.map((line) => (line.item === 'name' ? { ...line, trim: false } : line))
  const body = { entryId, sourceId, object, mapping: untrimmed, verify, mode, deletionLimit: 1, version }
  await plan.steward.call('update_plan', { params: { planId: plan.planId }, body })
  const load = await runPlan(plan.steward, plan.planId)
  assert.deepEqual([load.state, load.written], ['succeeded', 100], load.error?.detail)
  assert.ok((await liveRows(plan)).includes('A|1| 空 |0.01|2000-01-01'))
  const next = await runPlan(plan.steward, plan.planId)
  assert.deepEqual(await readingsSince(plan, next.startedAt!), { hashes: 1, byKey: 0, whole: 0 })
})

test('keys with every sign that means something in SQL are found again', async () => {
  const plan = await planOf(keyed)
  const insert = (name: string) =>
    client.query(
      `insert into ${plan.table} select r, i, $2, 1, null from unnest($1::text[]) with ordinality as t(r, i)
       on conflict (id, region) do update set name = excluded.name`,
      [nasty.filter((region) => region.trim() !== ''), name],
    )
  await insert('甲')
  await runPlan(plan.steward, plan.planId)
  await insert('乙')
  const load = await runPlan(plan.steward, plan.planId)
  assert.deepEqual([load.state, load.changed, load.unchanged], ['succeeded', nasty.length - 1, 0], load.error?.detail)
  assert.deepEqual(await readingsSince(plan, load.startedAt!), { hashes: 1, byKey: 1, whole: 0 })
})

test('wrong rows come again each time, stay in quarantine once, and count against all rows', async () => {
  const plan = await planOf(keyed, { quarantineLimit: 0.1 })
  await fill(plan.table, 1, 1000)
  await client.query(`update ${plan.table} set amount = 'NaN' where id <= 50`)
  for (let time = 0; time < 2; time++) {
    const load = await runPlan(plan.steward, plan.planId)
    assert.deepEqual([load.state, load.read, load.written, load.quarantined], ['succeeded', 1000, 950, 50])
    const { items: open } = await plan.steward.call('list_quarantine', { params: { planId: plan.planId }, query: { limit: 100 } })
    assert.equal(open.length, 50)
  }
  await client.query(`update ${plan.table} set amount = 'NaN' where id <= 101`)
  const stopped = await runPlan(plan.steward, plan.planId)
  assert.deepEqual(
    [stopped.state, stopped.error?.code, stopped.read, stopped.quarantined],
    ['failed', 'ingestion.quarantine_limit', 1000, 101],
  )
  assert.match(stopped.error!.detail, /10\.1%/)
})

test('keys that the source tells apart and the entry does not, and a table without a key, are read whole', async () => {
  const plan = await planOf(keyed)
  await fill(plan.table, 1, 100)
  await runPlan(plan.steward, plan.planId)
  await client.query(`insert into ${plan.table} values ('A ', 1, '又', 1, null), (' B', 1, '乙', 1, null)`)
  const load = await runPlan(plan.steward, plan.planId)
  assert.deepEqual([load.state, load.read, load.written, load.quarantined], ['succeeded', 102, 100, 2], load.error?.detail)
  assert.deepEqual(
    load.reasons.map(({ reason, count }) => [reason, count]),
    [['ingestion.key_twice', 2]],
  )
  assert.ok((await liveRows(plan)).includes('B|1|乙|1|-'))
  const bare = await planOf(keyed.replace(', primary key (id, region)', ''))
  await fill(bare.table, 1, 100)
  await runPlan(bare.steward, bare.planId)
  const again = await runPlan(bare.steward, bare.planId)
  assert.deepEqual(await readingsSince(bare, again.startedAt!), { hashes: 0, byKey: 0, whole: 1 })
})

test('a big table is compared in slices', async () => {
  const plan = await planOf('region text, id int primary key, name text, amount numeric(12,2), born date')
  await fill(plan.table, 1, 60_000)
  await client.query(`vacuum analyze ${plan.table}`)
  await client.query(`update pg_class set reltuples = 5000000 where relname = '${plan.table}'`)
  await runPlan(plan.steward, plan.planId)
  await client.query(`update ${plan.table} set name = '改'||id where id % 1000 = 7`)
  await client.query(`delete from ${plan.table} where id = 30000`)
  await client.query(`update pg_class set reltuples = 5000000 where relname = '${plan.table}'`)
  const load = await runPlan(plan.steward, plan.planId)
  assert.deepEqual([load.state, load.read, load.changed, load.deleted, load.unchanged], ['succeeded', 59_999, 60, 1, 59_939])
  const { hashes, byKey, whole } = await readingsSince(plan, load.startedAt!)
  assert.deepEqual([hashes > 1, byKey, whole], [true, 1, 0])
  await client.query(`update ${plan.table} set name = '全'||id`)
  await client.query(`update pg_class set reltuples = 5000000 where relname = '${plan.table}'`)
  const much = await runPlan(plan.steward, plan.planId)
  assert.deepEqual([much.state, much.changed], ['succeeded', 59_999], much.error?.detail)
})
