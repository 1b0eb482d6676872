import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { newId } from '../../kernel/ids.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import { type Lake, openLake } from '../../store/index.ts'
import { openPostgresql } from '../connectors/postgresql.ts'
import { conversionOf, inputName, type LoadItem } from '../conversion/column-plan.ts'
import { convertColumn } from '../conversion/convert-column.ts'
import { plainColumn } from '../conversion/plain-column.ts'
import type { Conversions } from './fill-tables.ts'
import type { LoadFailure } from './load-failure.ts'
import { loadObject } from './load-object.ts'
import { tablesOf } from './lake-tables.ts'

let server: TestServer
let lake: Lake
let client: pg.Client
const dir = mkdtempSync(join(tmpdir(), 'datong-load-'))
before(async () => {
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
  lake = await openLake({ dir })
})
after(async () => {
  await client.end()
  await lake.close()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

const item = (code: string, dataType: LoadItem['dataType'], more: Partial<LoadItem> = {}): LoadItem => ({
  code,
  name: code,
  dataType,
  length: null,
  scale: null,
  isKey: false,
  isRequired: false,
  sensitiveKind: 'none',
  ...more,
})

async function load(
  object: string,
  items: LoadItem[],
  options: { asSnapshot?: boolean; verify?: 'count' | 'content'; conversions?: Conversions; limit?: number } = {},
) {
  const connector = openPostgresql(
    { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', schema: 'public', user: 'postgres' },
    '',
    ['127.0.0.1'],
  )
  const wanted = items.map((each) => ({
    column: each.code,
    type: lakeTypeOf(each),
    conversion: conversionOf({ conversion: 'auto' }, lakeTypeOf(each)),
    missing: [],
  }))
  const signal = new AbortController().signal
  const reading = await connector.openReading(object, null, wanted, signal)
  const columns = items.map((each, i) => ({
    item: each,
    type: wanted[i]!.type,
    source: each.code,
    input: inputName(i),
    arrival: reading.arrivals[i]!,
    conversion: wanted[i]!.conversion,
    format: '',
    missing: [],
    trim: true,
  }))
  const tables = tablesOf(newId(), 1)
  try {
    const outcome = await loadObject({
      lake,
      reading,
      columns,
      items,
      tables,
      verify: options.verify ?? 'content',
      quarantineLimit: { share: options.limit ?? 0.5, rows: null },
      asSnapshot: options.asSnapshot ?? false,
      signal,
      ...(options.conversions && { conversions: options.conversions }),
    })
    return { outcome, tables, columns }
  } finally {
    await reading.close()
  }
}

test('typed columns of PostgreSQL arrive exactly, and their contents agree', async () => {
  await client.query(
    `create table typed (id bigint primary key, small int2, name varchar(40) not null, amt numeric(12,2), raw numeric, d date, ts timestamp, tz timestamptz, b boolean, f double precision, f4 real, u uuid, j jsonb, ch char(4))`,
  )
  await client.query(
    `insert into typed select i, i%100, '厦门𠮷 '||i, i/100.0, i*1.5, date '1950-01-01'+i, timestamp '2020-01-01 00:00:00.5'+ (i||' seconds')::interval, timestamptz '2020-01-01 00:00:00+08'+ (i||' seconds')::interval, i%2=0, i/3.0, i/7.0, gen_random_uuid(), '{"a":1}', 'ab' from generate_series(1,20000) i`,
  )
  await client.query(`insert into typed (id, name) values (0, ''), (-9223372036854775808, E'a\\tb\\\\c''d"'), (30000, '　全角空格　')`)
  const items = [
    item('id', 'I', { isKey: true, isRequired: true }),
    item('small', 'N', { length: 10, scale: 0 }),
    item('name', 'C', { length: 40 }),
    item('amt', 'Y'),
    item('raw', 'N'),
    item('d', 'D'),
    item('ts', 'T'),
    item('tz', 'T'),
    item('b', 'L'),
    item('f', 'B'),
    item('f4', 'F'),
    item('u', 'C'),
    item('j', 'M'),
    item('ch', 'C'),
  ]
  const { outcome, tables } = await load('typed', items)
  assert.deepEqual(outcome, { read: 20003, sent: 20003, written: 20003, quarantined: 0, agrees: true, reasons: [] })
  const [row] = await lake.rows<Record<string, unknown>>(`SELECT * EXCEPT (u, _row, \`#digest\`) FROM lake.${tables.target} WHERE id = 3`)
  assert.deepEqual(row, {
    id: '3',
    small: '3',
    name: '厦门𠮷 3',
    amt: '0.03',
    raw: '4.5',
    d: '1950-01-04',
    ts: '2020-01-01 00:00:03.500000',
    tz: '2020-01-01 00:00:03.000000',
    b: false,
    f: 1,
    f4: 0.42857143,
    j: '{"a": 1}',
    ch: 'ab',
  })
})

test('what cannot be kept exactly goes to quarantine with its reason, and the rest is loaded', async () => {
  await client.query(`create table dirty (id int primary key, amount text, day text, born date, big numeric, f float8)`)
  await client.query(
    `insert into dirty values (1,'1,234.50','2020年1月2日','2020-02-29',1,1), (2,'12.345','20200230','infinity','NaN','NaN'), (3,'abc','2020/1/2','12026-01-01',1e30,'Infinity'), (4,null,'1850-01-01','0044-03-15 BC',1,-0.0), (5,'１２','','1900-01-01',2,1e300)`,
  )
  const items = [
    item('id', 'I', { isKey: true }),
    item('amount', 'N', { length: 10, scale: 2 }),
    item('day', 'D'),
    item('born', 'D'),
    item('big', 'N', { length: 12, scale: 2 }),
    item('f', 'B'),
  ]
  const { outcome, tables } = await load('dirty', items, { limit: 1 })
  assert.deepEqual(
    { ...outcome, reasons: outcome.reasons.map(({ column, reason, count }) => `${column} ${reason} ${count}`) },
    {
      read: 5,
      sent: 5,
      written: 2,
      quarantined: 3,
      agrees: true,
      reasons: ['amount ingestion.not_a_number 1', 'amount ingestion.too_many_decimals 1', 'day ingestion.date_out_of_range 1'],
    },
  )
  assert.deepEqual(await lake.rows(`SELECT * EXCEPT (\`#digest\`) FROM lake.${tables.target} ORDER BY _row`), [
    { _row: '1', id: '1', amount: '1234.5', day: '2020-01-02', born: '2020-02-29', big: '1', f: 1 },
    { _row: '5', id: '5', amount: '12', day: null, born: '1900-01-01', big: '2', f: 1e300 },
  ])
})

test('a conversion that changes values is found, and the rows are named', async () => {
  await client.query("create table shifted as select i as id, date '2020-01-01' + i as d, i as n from generate_series(1, 3000) i")
  const items = [item('id', 'I', { isKey: true }), item('d', 'D'), item('n', 'I')]
  const shift = <Converted extends { value: string }>(code: string, converted: Converted): Converted =>
    code === 'd' ? { ...converted, value: `if(\`#0\` IN (7, 2999), ${converted.value} + 1, ${converted.value})` } : converted
  const conversions: Conversions = {
    plain: (column, definitions) => shift(column.item.code, plainColumn(column, definitions)),
    long: (column, definitions) => shift(column.item.code, convertColumn(column, definitions)),
  }
  await assert.rejects(load('shifted', items, { conversions }), (error: LoadFailure) => {
    assert.equal(error.code, 'ingestion.contents_differ')
    assert.deepEqual(error.differing.sort(), ['2999', '7'])
    return true
  })
})
