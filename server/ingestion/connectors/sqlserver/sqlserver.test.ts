import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadThrough } from '#testing/lake/load-through.ts'
import { type Answer, type ScriptedSqlserver, startScriptedSqlserver } from '#testing/servers/scripted-sqlserver.ts'
import { type Lake, openLake } from '../../../store/index.ts'
import { connectSqlserver } from './connect-sqlserver.ts'
import { openSqlserver } from './sqlserver.ts'
import { textOf } from './sqlserver-types.ts'

const dir = mkdtempSync(join(tmpdir(), 'datong-sqlserver-'))
let lake: Lake
let server: ScriptedSqlserver
/** The rows of the table, and whether the server keeps earlier states of them. */
let script: { rows: Answer; count: number; snapshots: number }

const long = '长'.repeat(9000)
const rows: (string | null)[][] = [
  ['9007199254740993', '甲😀', '12.3400', '2024-02-29', '2024-02-29 23:59:59.123456'],
  ['2', '', '-0.5000', null, '1930-01-02 00:00:00'],
  ['3', long, null, '1999-12-31', null],
  ['4', null, '0.0000', '2020-01-01', '2020-01-01 00:00:00.5'],
]
const md5 = (row: (string | null)[]) =>
  createHash('md5')
    .update(row.map((text) => text ?? '\u001e').join('\u001f'))
    .digest('hex')
const column = (
  name: string,
  base: string,
  [bytes, precision, scale]: number[],
  more: { key?: 1; nullable?: 0; comment?: string } = {},
) => [...[name, base, bytes!, precision!, scale!, more.nullable ?? 1, `77.${name}`, more.comment ?? '', more.key ?? 0]]
const columns = [
  column('id', 'bigint', [8, 19, 0], { key: 1, nullable: 0, comment: '编号' }),
  column('na]me', 'nvarchar', [-1, 0, 0]),
  column('fare', 'decimal', [9, 14, 4]),
  column('day', 'date', [3, 10, 0]),
  column('at', 'datetime2', [8, 27, 7]),
]

before(async () => {
  lake = await openLake({ dir })
  script = { rows: { rows: rows.map((row) => [...row, md5(row)]) }, count: rows.length, snapshots: 0 }
  server = await startScriptedSqlserver((sql, values) => {
    if (sql.includes('ProductMajorVersion')) return { rows: [['15']] }
    if (sql.includes('ProductVersion')) return { rows: [['15.0.4312.2', String(Date.now())]] }
    if (sql.includes('fn_my_permissions')) return { rows: [[0]] }
    if (sql.includes('snapshot_isolation_state')) return { rows: [[script.snapshots]] }
    if (sql.includes('BEGIN TRANSACTION')) return { rows: [] }
    if (sql.includes('sys.columns')) return { rows: values.object === '车' && values.schema === 'dbo' ? columns : [] }
    if (sql.includes('modify_date')) return { rows: [['2024-01-01 00:00:00.000']] }
    if (sql.includes('sys.partitions'))
      return {
        rows: [
          ['车', 'U', '公交车', '4'],
          ['v', 'V', '', null],
        ],
      }
    if (sql.startsWith('SELECT COUNT(*)')) return { rows: [[script.count]] }
    if (sql.includes('TOP (')) return { rows: rows.slice(0, 2) }
    return sql.includes('FROM [dbo].[车]') ? script.rows : undefined
  })
})
after(async () => {
  server.close()
  await lake.close()
  rmSync(dir, { recursive: true, force: true })
})

const settings = { kind: 'sqlserver', host: '127.0.0.1', database: '交通', schema: 'dbo', user: 'reader', certificate: '' } as const
const connector = (more: object = {}) =>
  openSqlserver({ ...settings, port: server.port, ...more }, 'secret', { lake, allowed: ['127.0.0.1'], care: undefined })
const items = [
  { code: 'id', dataType: 'I', isKey: true },
  { code: 'name', dataType: 'C', length: 20_000 },
  { code: 'fare', dataType: 'N', length: 14, scale: 4 },
  { code: 'day', dataType: 'D' },
  { code: 'at', dataType: 'T' },
] as const
const load = (most = 5) => loadThrough(lake, connector(), { object: '车', items: items.slice(0, most), columns: { name: 'na]me' } })
const landed = async () => (await lake.tables()).filter(({ name }) => name.startsWith('b_'))

test('tables are listed and described with types, keys and comments; names are parameters', async () => {
  assert.deepEqual(
    (await connector().listObjects()).map(({ name, kind, comment, estimatedRows }) => [name, kind, comment, estimatedRows]),
    [
      ['车', 'table', '公交车', 4],
      ['v', 'view', '', null],
    ],
  )
  const { columns } = await connector().describe('车', null)
  assert.deepEqual(
    columns.map(({ name, type, nullable, isKey }) => [name, type, nullable, isKey]),
    [
      ['id', 'bigint', false, true],
      ['na]me', 'nvarchar(max)', true, false],
      ['fare', 'decimal(14,4)', true, false],
      ['day', 'date', true, false],
      ['at', 'datetime2(7)', true, false],
    ],
  )
  assert.equal(columns[1]!.samples[0], '甲😀')
  await assert.rejects(connector().describe("车'; DROP TABLE x --", null), { code: 'ingestion.object_unknown' })
  const check = await connector().check()
  assert.deepEqual([check.ok, check.code, check.serverVersion, check.readOnly], [true, null, '15.0.4312.2', true])
  assert.equal((await connector().structure!('车', null)).columns[0]!.identity, '77.id')
})

test('every value arrives exactly, and each row agrees with the digest that the server made of it', async () => {
  const { rows: stored, read, written, agrees } = await load()
  assert.deepEqual({ read, written, agrees }, { read: 4, written: 4, agrees: true })
  assert.deepEqual(stored[0], {
    id: '9007199254740993',
    name: '甲😀',
    fare: '12.34',
    day: '2024-02-29',
    at: '2024-02-29 23:59:59.123456',
  })
  assert.deepEqual(
    stored.map(({ name }) => name),
    ['甲😀', '', long, null],
  )
  assert.deepEqual(await landed(), [], 'nothing is left of what the driver brought')
})

test('a text that changed on its way is found by the digest', async () => {
  const { rows: good } = script.rows as { rows: string[][] }
  script.rows = { rows: good.map((row, i) => (i === 3 ? [row[0]!, '改', ...row.slice(2)] : row)) }
  await assert.rejects(load(), { code: 'ingestion.contents_differ' })
  script.rows = { rows: good }
})

test('where the server keeps earlier states, count and rows are read in one transaction', async () => {
  script.snapshots = 1
  const from = server.statements.length
  await load()
  const said = server.statements.slice(from)
  const begin = said.findIndex((sql) => sql.includes('BEGIN TRANSACTION'))
  const count = said.findIndex((sql) => sql.startsWith('SELECT COUNT(*)'))
  assert.ok(begin >= 0 && begin < count, 'the count is within')
  assert.equal(said.filter((sql) => sql.startsWith('SELECT COUNT(*)')).length, 1)
  script.snapshots = 0
})

test('rows that are missing, and a line that breaks in the middle, fail the load', async () => {
  script.count = 5
  await assert.rejects(load(), { code: 'ingestion.counts_differ' })
  script.count = 4
  const { rows: good } = script.rows as { rows: string[][] }
  script.rows = { rows: good, breakOff: true }
  await assert.rejects(load(), { code: 'ingestion.source_lost' })
  script.rows = { error: 229 }
  await assert.rejects(load(), { code: 'ingestion.source_forbidden' })
  script.rows = { rows: good }
  assert.deepEqual(await landed(), [])
})

test('a wrong account and a silent address are said in our words, and nothing of the server’s own', async () => {
  await assert.rejects(connector({ user: 'nobody' }).check(), (error: Error & { code: string }) => {
    assert.equal(error.code, 'ingestion.source_password')
    assert.doesNotMatch(error.message, /no further/)
    return true
  })
  await assert.rejects(connector({ port: 1 }).check(), { code: 'ingestion.source_unreachable' })
  await assert.rejects(connector({ host: '169.254.169.254' }).check(), { code: 'ingestion.host_not_allowed' })
})

test('the server is held back while nobody takes its rows, and is stopped when nobody wants more', async () => {
  const most = 2_000_000
  script.rows = {
    rows: (function* () {
      for (let i = 0; i < most; i++) yield [String(i), 'x'.repeat(100)]
    })(),
  }
  const session = await connectSqlserver({ host: '127.0.0.1', port: server.port }, { ...settings, port: server.port }, '', 60)
  server.sent = 0
  let taken = 0
  for await (const _ of session.rows('SELECT * FROM [dbo].[车]')) {
    taken++
    if (taken === 1000) await sleep(300)
    if (taken === 1000) break
  }
  assert.ok(server.sent < most / 10, `${server.sent} rows were sent`)
  assert.ok(server.wasCancelled)
  assert.deepEqual(await Array.fromAsync(session.rows('SELECT COUNT(*)')), [[4]], 'the session goes on')
  await session.close()
})

test('each type becomes a text that says exactly what the value is', () => {
  const text = (base: string, scale = 0) => textOf('x', { base, bytes: 8, precision: 18, scale })
  assert.equal(text('bigint').text('integer'), 'CONVERT(nvarchar(20), [x])')
  assert.equal(text('money').text('decimal'), 'CONVERT(nvarchar(30), [x], 2)')
  assert.equal(text('uniqueidentifier').text('text'), 'LOWER(CONVERT(nvarchar(36), [x]))')
  assert.equal(text('varbinary').text('text'), 'LOWER(CONVERT(nvarchar(max), CAST([x] AS varbinary(max)), 2))')
  assert.match(text('datetime2').text('time'), /SUBSTRING\(CONVERT\(nvarchar\(27\), \[x\], 121\), 21, 6\)/, 'to the microsecond')
  assert.match(text('datetime2').text('text'), /, 21, 7\)/, 'with every digit')
  assert.match(text('datetimeoffset').text('time'), /SWITCHOFFSET\(\[x\], '\+08:00'\)/, 'as the clocks of Beijing show it')
  assert.match(text('float').text('float'), /THEN CONVERT\(nvarchar\(32\), \[x\]\) ELSE CONVERT\(nvarchar\(32\), \[x\], 3\) END$/)
  assert.equal(text('geography').text('text'), '[x].ToString()')
})
