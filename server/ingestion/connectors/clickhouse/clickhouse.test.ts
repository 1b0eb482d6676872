import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type ClickHouse, startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import { loadThrough } from '#testing/lake/load-through.ts'
import { type Lake, openLake } from '../../../store/index.ts'
import { openClickhouse } from './clickhouse.ts'

let server: ClickHouse
let lake: Lake
let port: number
const dir = mkdtempSync(join(tmpdir(), 'datong-clickhouse-source-'))
const run = async (sql: string) => {
  const answer = await fetch(server.urls[0]!, { method: 'POST', body: sql })
  const text = await answer.text()
  assert.ok(answer.ok, text)
  return text.trim()
}
before(async () => {
  server = await startClickHouse()
  lake = await openLake({ dir })
  port = Number(await run("SELECT getServerPort('tcp_port')"))
  await run('CREATE DATABASE `交通`')
  await run(
    "CREATE TABLE `交通`.bus (id UInt64 COMMENT '编号', name LowCardinality(Nullable(String)), fare Decimal(14, 4), day Date32, at DateTime64(3, 'Asia/Shanghai'), stops Array(String), alive Bool) ENGINE = MergeTree ORDER BY id COMMENT '公交车'",
  )
  await run(
    "INSERT INTO `交通`.bus SELECT 18446744073709550000 + number, if(number = 1, NULL, concat('车', toString(number))), toDecimal64('12.3456', 4) + number, toDate32('1930-01-02') + number, toDateTime64('2024-02-29 23:59:59.123', 3, 'Asia/Shanghai'), ['甲', 'o\\'b'], number % 2 FROM numbers(1000)",
  )
  await run('CREATE VIEW `交通`.v AS SELECT id FROM `交通`.bus')
  await run('CREATE TABLE `交通`.latest (id UInt64, n UInt8, v UInt64) ENGINE = ReplacingMergeTree(v) ORDER BY id')
  await run('INSERT INTO `交通`.latest VALUES (1, 1, 1), (2, 1, 1)')
  await run('INSERT INTO `交通`.latest VALUES (1, 2, 2)')
})
after(async () => {
  await lake.close()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

const connector = (more: object = {}, allowed = ['127.0.0.1']) =>
  openClickhouse(lake, { kind: 'clickhouse', host: '127.0.0.1', port, database: '交通', user: 'default', ...more }, '', allowed)

test('tables and views are listed with comments and counts, and described with their keys', async () => {
  assert.deepEqual(
    (await connector().listObjects()).map(({ name, kind, comment, estimatedRows }) => [name, kind, comment, estimatedRows]),
    [
      ['bus', 'table', '公交车', 1000],
      ['latest', 'table', '', 3],
      ['v', 'view', '', null],
    ],
  )
  const { columns } = await connector().describe('bus', null)
  assert.deepEqual(columns.map(({ name, type, isKey, comment }) => [name, type, isKey, comment]).slice(0, 2), [
    ['id', 'UInt64', true, '编号'],
    ['name', 'LowCardinality(Nullable(String))', false, ''],
  ])
  assert.equal(columns[4]!.samples[0], '2024-02-29 23:59:59.123')
  const check = await connector().check()
  assert.equal(check.ok, true)
  assert.match(check.serverVersion ?? '', /^v?\d+\.\d+/)
})

test('every value arrives exactly, beyond 64 bits of sign and before 1970', async () => {
  const { rows, read, written, agrees } = await loadThrough(lake, connector(), {
    object: 'bus',
    items: [
      { code: 'id', dataType: 'I', length: 20, isKey: true },
      { code: 'name', dataType: 'C', length: 20 },
      { code: 'fare', dataType: 'N', length: 14, scale: 4 },
      { code: 'day', dataType: 'D' },
      { code: 'at', dataType: 'T' },
      { code: 'stops', dataType: 'C', length: 50 },
      { code: 'alive', dataType: 'L' },
    ],
  })
  assert.deepEqual({ read, written, agrees }, { read: 1000, written: 1000, agrees: true })
  const second = rows.find(({ id }) => id === '18446744073709550001')
  assert.deepEqual(second, {
    id: '18446744073709550001',
    name: null,
    fare: '13.3456',
    day: '1930-01-03',
    at: '2024-02-29 23:59:59.123000',
    stops: "['甲','o\\'b']",
    alive: true,
  })
})

test('what is new is read alone, beside the whole table', async () => {
  const wanted = [{ column: 'id', type: { kind: 'integer' } as never, conversion: 'integer' as never, missing: [] }]
  const since = { column: 'at', from: '2024-02-29 23:59:59.123' }
  const reading = await connector().openReading('bus', null, wanted, new AbortController().signal, since)
  assert.equal(await reading.count(), 1000)
  assert.deepEqual(await reading.compareWhole!('2024-02-29 23:59:59.123000'), {
    rows: 1000,
    isOlder: false,
    newest: '2024-02-29 23:59:59.123',
  })
  assert.equal((await reading.compareWhole!('2024-03-01 00:00:00.000000')).isOlder, true)
  const { parts } = await reading.input([], { withDigest: false, asSnapshot: false })
  assert.match(parts[0]!, /WHERE `at` >= CAST\(\{since:String\} AS DateTime64\(3, 'Asia\/Shanghai'\)\) OR isNull\(`at`\)/)
})

test('a table that replaces rows is read as its users see it', async () => {
  const { rows } = await loadThrough(lake, connector(), {
    object: 'latest',
    items: [
      { code: 'id', dataType: 'I' },
      { code: 'n', dataType: 'I' },
    ],
  })
  assert.deepEqual(
    rows.sort((a, b) => Number(a.id) - Number(b.id)),
    [
      { id: '1', n: '2' },
      { id: '2', n: '1' },
    ],
  )
})

test('what cannot be reached, is not allowed or is not there is said in our words', async () => {
  const refused = (code: string) => ({ code })
  await assert.rejects(connector({ host: '169.254.169.254' }).check(), refused('ingestion.host_not_allowed'))
  await assert.rejects(connector({ host: '127.0.0.{1,2}' }).check(), refused('ingestion.host_not_allowed'))
  await assert.rejects(connector({ host: '127.0.0.1|10.0.0.1' }).check(), refused('ingestion.host_not_allowed'))
  await assert.rejects(connector({ port: 1 }).check(), refused('ingestion.source_unreachable'))
  await assert.rejects(connector().describe('没有', null), refused('ingestion.object_unknown'))
  assert.equal((await connector({ database: '没有' }).check()).code, 'ingestion.database_unknown')
})

test('the tables of the lake itself are not a source', async () => {
  await lake.define('CREATE TABLE lake.canary (a UInt8) ENGINE = MergeTree ORDER BY a')
  await assert.rejects(connector({ port: 9000, database: 'lake' }).describe('canary', null), { code: 'ingestion.source_unreachable' })
})

// Last, because the embedded engine that plays the server here ends at a refused password, as a real server does not.
test('a refused account is said in our words', async () => {
  await assert.rejects(connector({ user: 'nobody' }).check(), { code: 'ingestion.source_password' })
})
