import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { postgresBin, startPostgres, type TestServer } from '#testing/postgres.ts'
import { selectColumns } from './postgresql-catalog.ts'
import { isFoundByKey, rowHashSql } from './postgresql-hash.ts'
import { shipText } from './postgresql-types.ts'
import type { Query } from './slices/postgresql-slices.ts'

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
  await client.query("create collation folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
})
after(async () => {
  if (isMissing) return
  await client.end()
  await server.stop()
})

/** Values that are equal, or nearly, and are written in several ways. */
const kinds: Record<string, { values: string[]; isFast: boolean }> = {
  integer: { values: ['0', '1', '-1'], isFast: true },
  'numeric(9,2)': { values: ['1', '1.0', '1.005', '-0.00', 'NaN'], isFast: true },
  numeric: { values: ['1', '1.0', '1.00', 'NaN'], isFast: false },
  'double precision': { values: ['0', '-0', 'NaN', '1e-300'], isFast: false },
  text: { values: ['', ' ', 'a', 'A', 'a ', 'é', 'e\u0301', '\u001e', '\u001f'], isFast: true },
  'text collate folding': { values: ['a', 'A', 'b'], isFast: false },
  'character(3)': { values: ['a', 'a ', 'b'], isFast: true },
  'timestamp with time zone': { values: ['2020-01-01 00:00+08', '2019-12-31 16:00+00', '2020-01-01 00:00:00.000001+08'], isFast: true },
  jsonb: { values: ['1', '1.0', '{"a":1}', '{"a": 1.0}'], isFast: false },
  bytea: { values: ['\\x', '\\x00', '\\x61'], isFast: true },
  boolean: { values: ['t', 'f'], isFast: true },
}

for (const [type, { values, isFast }] of Object.entries(kinds))
  test(`two rows with ${type} hash alike where they read alike, and only there`, options, async () => {
    await client.query(`drop table if exists t; create table t (i int, k ${type}, s text)`)
    const columns = (await selectColumns(client, 'public', 't')).slice(1)
    const hash = await rowHashSql(query, 'public.t', columns)
    assert.equal(hash('7').includes('hash_record_extended'), isFast)
    const row = fc.tuple(fc.option(fc.constantFrom(...values)), fc.option(fc.constantFrom('', 'x')))
    await fc.assert(
      fc.asyncProperty(row, row, async (one, other) => {
        await client.query('truncate t')
        await client.query('insert into t values (1, $1, $2), (2, $3, $4)', [...one, ...other])
        const texts = columns.map(shipText).join(', ')
        const { rows } = await client.query(
          `select (${hash('7')})::text as seven, (${hash('8')})::text as eight, json_build_array(${texts})::text as texts from t order by i`,
        )
        const [first, second] = rows
        assert.equal(first.seven === second.seven, first.texts === second.texts, JSON.stringify(rows))
        assert.notEqual(first.seven, first.eight)
      }),
      { numRuns: 60 },
    )
  })

test('rows are found by their key where a whole unique index lies on it', options, async () => {
  await client.query(`drop table if exists t; create table t (a int, b int, c text, d int, unique (a, b));
    create unique index on t (c) where a > 0; create unique index on t (lower(c)); create index on t (d)`)
  const cases: [string[], boolean][] = [
    [['a', 'b'], true],
    [['b', 'a', 'c'], true],
    [['a'], false],
    [['c'], false],
    [['d'], false],
  ]
  for (const [columns, isFound] of cases) assert.equal(await isFoundByKey(query, 'public.t', columns), isFound, columns.join())
})
