import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { filterOperators, type RowCondition } from '#contract/sharing.ts'
import { applyFor, approve, callShared, createKey, loadRows } from '#testing/build-shared-data.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { AppError } from '../../kernel/errors.ts'
import { mintGrant } from '../../security/index.ts'

const org = '厦门市民政局'
const items = [
  { code: 'id_no', name: '编号', dataType: 'C', length: 18, isKey: true },
  { code: 'name', name: '姓名', dataType: 'C', length: 50, sensitiveKind: 'name', level: 'L2' },
  { code: 'n', name: '次数', dataType: 'I' },
  { code: 'money', name: '金额', dataType: 'N', length: 14, scale: 2 },
  { code: 'born', name: '出生日期', dataType: 'D' },
  { code: 'seen', name: '时间', dataType: 'T' },
  { code: 'alive', name: '在世', dataType: 'L' },
] as const
const pick = <T>(values: readonly T[], i: number) => values[i % values.length]!
const rows = Array.from({ length: 40 }, (_, i) => [
  `3502${String(i).padStart(14, '0')}`,
  pick(['张三', '李四', 'a%b_c\\d', "o'brien", 'Zoe', 'zoe', '', null], i),
  pick(['0', '-1', '9223372036854775807', '42', null], i * 3),
  pick(['0', '1.5', '-1234567890.12', '15', null], i * 7),
  pick(['1949-10-01', '2024-02-29', '1900-01-01', null], i * 5),
  pick(['1986-05-04 00:30:00', '2024-01-01 10:20:30.12', null], i * 2),
  pick(['true', 'false', null], i),
])

const log = mkdtempSync(join(tmpdir(), 'datong-pg-log-'))
let city: TestCity
let server: TestServer
let logical: { entryId: string; table: string }
let physical: string
let ask: (query: string) => ReturnType<typeof callShared>
let bind: (how: { cacheSeconds?: number; answerWhenAway: boolean }) => Promise<unknown>
const statements = () => readFileSync(join(log, 'all.log'), 'utf8')

before(async () => {
  chmodSync(log, 0o777)
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
  const statementLog = { logging_collector: 'on', log_directory: log, log_filename: 'all.log', log_statement: 'all', log_file_mode: '0644' }
  server = await startPostgres(statementLog)
  const client = new pg.Client(server.url)
  await client.connect()
  await client.query(
    'create table person (no varchar(18) primary key, name text, n bigint, money numeric(14,2), born date, seen timestamp, alive boolean, hidden text)',
  )
  for (const row of rows) await client.query("insert into person values ($1, $2, $3, $4, $5, $6, $7, 'canary')", row)
  await client.end()
  const { entryId, steward } = await publishEntry(city, org, {
    name: '人口核验',
    items: [...items],
    level: 'L2',
    sharingType: 'conditional',
    sharingCondition: '办事核验',
    sharingScope: '行政机关',
    sharingPurpose: '核验',
  })
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: '人口库', settings } })
  const mapping = items.map(({ code }) => ({ item: code, column: code === 'id_no' ? 'no' : code }))
  bind = (how) => steward.call('bind_logical', { body: { entryId, sourceId, object: 'person', mapping, ...how } })
  await bind({ answerWhenAway: false })
  const { lake_table } = await city.app.plane.db
    .selectFrom('ingestion.logical')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  logical = { entryId, table: lake_table }
  physical = await loadRows(
    city,
    (await publishEntry(city, org, { name: '同样的数据', items: [...items], level: 'L2' })).entryId,
    items,
    rows,
  )
})
after(async () => {
  await city.close()
  await server.kill()
  rmSync(log, { recursive: true, force: true })
})

const other = fc.constantFrom('null', 'not_null', '*三', '*', 'Z*', '%', '007', '1.50', '2024-01-01T10:20:30.120', 'true', '2000-01-01')
const condition = fc.constantFrom(...items.keys()).chain((at): fc.Arbitrary<RowCondition> => {
  const known = rows.flatMap((row) => row[at] ?? [])
  const one = fc.oneof(fc.constantFrom(...known), other)
  return fc.record({
    item: fc.constant(items[at]!.code),
    operator: fc.constantFrom(...filterOperators),
    value: fc.oneof({ weight: 5, arbitrary: one }, { weight: 1, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }) }),
  })
})

test('whatever a grant and a question say, the source and the lake give the same rows', { timeout: 600_000 }, async () => {
  const ctx = city.app.system('test')
  const base = { holderOrgId: 'x', purpose: '核验', tableItems: items as never, maxRows: 100 }
  const shown = items.map(({ code }, i) => ({ item: code, mask: i === 1 ? ('name' as const) : ('none' as const) }))
  let times = 0
  const question = fc.record({
    granted: fc.array(condition, { maxLength: 2 }),
    asked: fc.array(condition, { maxLength: 1 }),
    limit: fc.integer({ min: 1, max: 50 }),
    after: fc.constantFrom(0, 0, 3),
  })
  const reading = fc.asyncProperty(question, async ({ granted, asked, limit, after }) => {
    const read = async (table: string) => {
      try {
        const grant = mintGrant(ctx, { ...base, decisionId: `SQ-${times++}`, table, items: shown, rows: granted })
        return await ctx.read(grant, { conditions: asked, limit, ...(granted.length + asked.length === 0 && { after }) })
      } catch (error) {
        if (error instanceof AppError) return error.code
        throw error
      }
    }
    const [there, here] = [await read(logical.table), await read(physical)]
    if (typeof there === 'string' || typeof here === 'string') return assert.equal(there, here)
    assert.deepEqual(there.rows, here.rows)
    assert.ok(there.asOf && !here.asOf)
  })
  await fc.assert(reading, { numRuns: 60 })
})

test('a record is shared from its source: only the asked rows and the needed columns leave it, masked, and with the time of the answer', async () => {
  const consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  const provider = await city.as(org, 'data_officer')
  const wanted = { items: ['id_no', 'name'], rows: [{ item: 'alive', operator: 'eq' as const, value: 'true' }], callsPerDay: 100 }
  const grant = await approve(provider, await applyFor(consumer, logical.entryId, wanted))
  const key = await createKey(consumer.steward)
  const call = (query: string) => callShared(city, key, `/share/v1/${grant.number}?${query}`)
  const before = statements().length
  const answer = await call(`id_no=eq.${rows[0]![0]}`)
  assert.equal(answer.statusCode, 200, answer.body)
  assert.deepEqual(answer.json().items, [{ id_no: rows[0]![0], name: '张*' }])
  assert.equal(answer.json().asOf, '2026-03-02T02:00:00.000Z')
  const asked = statements()
    .slice(before)
    .split('\n')
    .filter((line) => /COPY \(SELECT/.test(line))
  assert.equal(asked.length, 1)
  assert.match(asked[0]!, /WHERE "alive" = true AND "no" = '350200000000000000' ORDER BY "no" LIMIT 100 OFFSET 0/)
  assert.doesNotMatch(asked[0]!, /hidden|money|born/)

  const pages: string[] = []
  for (let cursor = ''; ; ) {
    const page = (await call(`limit=5${cursor && `&cursor=${cursor}`}`)).json()
    pages.push(...page.items.map(({ id_no }: { id_no: string }) => id_no))
    if (page.next === null) break
    cursor = page.next
  }
  assert.deepEqual(
    pages,
    rows.filter((row) => row[6] === 'true').map(([id]) => id),
  )
  ask = call
})

test('an answer is given again only as long as its entry allows, and while the source is away with its age', async () => {
  await bind({ cacheSeconds: 60, answerWhenAway: true })
  const copies = () => statements().split('COPY (SELECT').length
  const first = (await ask('limit=3')).json()
  const { length } = first.items
  assert.equal(length, 3)
  const before = copies()
  city.setNow('2026-03-02T02:00:30Z')
  assert.deepEqual((await ask('limit=3')).json(), first)
  assert.equal(copies(), before, 'the source was not asked again')
  city.setNow('2026-03-02T02:01:30Z')
  assert.equal((await ask('limit=3')).json().asOf, '2026-03-02T02:01:30.000Z')

  await server.kill()
  city.setNow('2026-03-02T03:00:00Z')
  const kept = await ask('limit=3')
  assert.deepEqual([kept.statusCode, kept.json().asOf, kept.json().items], [200, '2026-03-02T02:01:30.000Z', first.items])
  const away = await ask('limit=4')
  assert.equal(away.statusCode, 503, away.body)
  assert.match(away.body, /人口库/)
  assert.ok(away.headers['retry-after'])
  const steward = await city.as(org, 'steward')
  const [bound] = (await steward.call('list_logical', { query: {} })).items
  assert.equal(bound?.state?.isAway, true)
  const stranger = await city.as('厦门市交通运输局', 'steward')
  assert.deepEqual((await stranger.call('list_logical', { query: {} })).items, [])
  assert.equal((await stranger.attempt('unbind_logical', { body: { entryId: logical.entryId } })).statusCode, 404)
  assert.deepEqual(await steward.call('unbind_logical', { body: { entryId: logical.entryId } }), { unbound: 1 })
  assert.deepEqual((await steward.call('get_entry', { params: { entryId: logical.entryId } })).resources, [])
  assert.equal((await ask('limit=3')).statusCode, 503, 'a grant over nothing is not answered')
})
