import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { postgresBin, startPostgres, type TestServer } from '#testing/postgres.ts'
import { sliceBetween } from '../../slice/slice-bounds.ts'
import { hasShifted, markOf, type Query, sliceWhere, splitTable } from './postgresql-slices.ts'

const isMissing = !postgresBin() && process.env.CI !== 'true'
const options = { skip: isMissing && "Debian's package postgresql is not installed" }
let server: TestServer
let client: pg.Client
const query: Query = async (sql) => (await client.query(sql)).rows
before(async () => {
  if (isMissing) return
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
})
after(async () => {
  if (isMissing) return
  await client.end()
  await server.stop()
})

const bigint = fc.oneof(fc.bigInt(-9223372036854775808n, 9223372036854775807n), fc.bigInt(-20n, 20n))
const text = fc.string({ maxLength: 6, unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed())
const kinds = {
  bigint: bigint.map(String),
  text,
  'numeric(9,3)': fc.integer({ min: -99_000, max: 99_000 }).map((value) => String(value / 1000)),
  'character(4)': fc.string({ maxLength: 4, unit: fc.constantFrom(...'aB中 ') }),
  'timestamp with time zone': fc
    .date({ min: new Date('1950-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  'double precision': fc.oneof(
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.constantFrom('NaN', 'Infinity', '-Infinity'),
  ),
}

for (const [type, key] of Object.entries(kinds))
  test(`every row is in exactly one slice, whatever keys of ${type} there are`, options, async () => {
    await client.query(`drop table if exists keyed; create table keyed (k ${type} unique)`)
    await fc.assert(
      fc.asyncProperty(
        fc.array(key, { maxLength: 40 }),
        fc.integer({ min: 0, max: 3 }),
        fc.array(fc.nat(100), { maxLength: 6 }),
        async (keys, nulls, at) => {
          await client.query('truncate keyed')
          await client.query(`insert into keyed select unnest($1::text[])::${type} on conflict do nothing`, [keys])
          await client.query('insert into keyed select null from generate_series(1, $1::int)', [nulls])
          const { rows } = await client.query(`select k::text from keyed where k is not null order by keyed.k`)
          const boundaries =
            rows.length === 0 ? [] : at.toSorted((a, b) => a - b).map((share) => rows[Math.floor((share / 101) * rows.length)].k)
          const slices = sliceBetween(boundaries, { kind: 'key', column: 'k', since: null })
          const found: string[] = []
          for (const slice of slices)
            found.push(
              ...(await client.query(`select ctid::text as at from keyed${await sliceWhere(query, 'keyed', slice)}`)).rows.map(
                ({ at }) => at,
              ),
            )
          const all = (await client.query('select ctid::text as at from keyed')).rows.map(({ at }) => at)
          assert.deepEqual(found.sort(), all.sort())
        },
      ),
      { numRuns: 30 },
    )
  })

/** The source's own estimate is what decides. */
const pretend = (table: string, rows: number) => client.query(`update pg_class set reltuples = ${rows} where oid = '${table}'::regclass`)

test('a table is parted evenly by its key although that has gaps and skew; small ones and views are not', options, async () => {
  await client.query('create table skewed as select (i::bigint ^ 3)::bigint as id from generate_series(1, 60000) i')
  await client.query('alter table skewed add primary key (id)')
  await client.query('vacuum analyze skewed')
  assert.deepEqual((await splitTable(query, 'skewed')).slices, [])
  await pretend('skewed', 5_000_000)
  const { slices } = await splitTable(query, 'skewed')
  assert.equal(slices.length, 6)
  for (const slice of slices) {
    const { rows } = await client.query(`select count(*)::int as n from skewed${await sliceWhere(query, 'skewed', slice)}`)
    assert.ok(rows[0].n > 5000 && rows[0].n < 15000, `${rows[0].n} of 60000 rows`)
  }
  await client.query('create view seen as select * from skewed')
  assert.deepEqual((await splitTable(query, 'seen')).slices, [])
})

test('a table without a key is parted by its blocks, and it is seen when rows have moved between them', options, async () => {
  await client.query('create table heap as select i as id, repeat(i::text, 20) as name from generate_series(1, 20000) i')
  await client.query('vacuum analyze heap')
  await pretend('heap', 3_000_000)
  const { slices } = await splitTable(query, 'heap')
  assert.deepEqual([slices.length, slices[0]!.kind], [4, 'block'])
  let total = 0
  for (const slice of slices) {
    const where = await sliceWhere(query, 'heap', slice)
    const { rows } = await client.query(
      `select count(*)::int as n, sum(${(await markOf(query, 'heap', slice)).sql})::text as marks from heap${where}`,
    )
    assert.ok(rows[0].n > 3000 && Number(rows[0].marks) > 0)
    total += rows[0].n
  }
  assert.equal(total, 20000)
  assert.equal(await hasShifted(query, 'heap', slices), false)
  await client.query("update heap set name = 'x' where id = 7")
  assert.equal(await hasShifted(query, 'heap', slices), true)
})
