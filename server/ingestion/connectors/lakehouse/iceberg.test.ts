import assert from 'node:assert/strict'
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { loadThrough } from '#testing/lake/load-through.ts'
import { startTestLake } from '#testing/lake/test-lake.ts'
import type { LakeHarness } from '#testing/lake-suite.ts'
import { writeTables } from '#testing/lakehouse/write-tables.ts'
import { type Lake, openFiles } from '../../../store/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { Connector } from '../connector.ts'
import { openFolder } from '../folder.ts'

// As the machines of a city have it; the engine shows times by it unless it is told.
process.env.TZ = 'Asia/Shanghai'
const dir = mkdtempSync(join(tmpdir(), 'datong-iceberg-'))
const root = join(dir, 'files')
let harness: LakeHarness
let lake: Lake
before(async () => {
  mkdirSync(join(root, 'out'), { recursive: true })
  harness = await startTestLake()
  lake = await harness.open()
})
after(async () => {
  await lake.close()
  await harness.stop()
  rmSync(dir, { recursive: true, force: true })
})
const connector = () => openFolder({ lake, files: openFiles(join(dir, 'work')) }, { kind: 'folder', path: '' }, [root])

const items = [
  { code: 'id', dataType: 'I' as const, isKey: true },
  { code: 'title', dataType: 'C' as const, length: 40 },
  { code: 'day', dataType: 'D' as const },
  { code: 'at', dataType: 'T' as const },
  { code: 'extra', dataType: 'C' as const, length: 10 },
]
const at = `toDateTime64('2026-01-01 08:09:10.123456', 6)`

test('a table is read as it is now: rows of several snapshots, without the deleted ones, with the columns of today', async () => {
  await writeTables(root, [
    `CREATE TABLE t (id Int64, name Nullable(String), day Date, at DateTime64(6)) ENGINE = IcebergLocal('${root}/out/t/') PARTITION BY day`,
    `INSERT INTO t SELECT number, concat('名', toString(number)), toDate('2026-01-01') + number % 3, ${at} FROM numbers(100)`,
    `INSERT INTO t SELECT 100 + number, NULL, toDate('2026-01-01') + number % 3, ${at} FROM numbers(50)`,
    'ALTER TABLE t DELETE WHERE id % 10 = 3',
    'ALTER TABLE t ADD COLUMN extra Nullable(String)',
    'ALTER TABLE t RENAME COLUMN name TO title',
    `INSERT INTO t (id, title, day, at, extra) SELECT 200 + number, '新', toDate('2026-02-01'), ${at}, 'x' FROM numbers(10)`,
  ])
  writeFileSync(join(root, 'out', 'beside.csv'), 'id\n1\n')
  const source = connector()
  assert.deepEqual(
    (await source.listObjects()).map(({ name, kind }) => [name, kind]),
    [
      ['out/beside.csv', 'file'],
      ['out/t/', 'table'],
    ],
  )
  const described = await source.describe('out/t/', null)
  assert.deepEqual(
    described.columns.map(({ name, type }) => [name, type]),
    [
      ['id', 'Int64'],
      ['title', 'Nullable(String)'],
      ['day', 'Date32'],
      ['at', "DateTime64(6, 'UTC')"],
      ['extra', 'Nullable(String)'],
    ],
  )
  assert.equal((await source.structure!('out/t/', null)).columns[1]!.identity, '2')
  const loaded = await loadThrough(lake, source, { object: 'out/t/', items })
  assert.deepEqual([loaded.read, loaded.sent, loaded.written, loaded.quarantined, loaded.agrees], [145, 145, 145, 0, true])
  const byId = new Map(loaded.rows.map((row) => [Number(row.id), row]))
  assert.equal(byId.size, 145)
  assert.equal(
    [...byId.keys()].some((id) => id < 150 && id % 10 === 3),
    false,
  )
  assert.equal(byId.get(7)!.title, '名7')
  assert.equal(byId.get(120)!.title, null)
  assert.deepEqual([byId.get(205)!.day, byId.get(205)!.extra], ['2026-02-01', 'x'])
})

const few = [{ code: 'id', dataType: 'I' as const, isKey: true }]
/** A table of 30 rows in `files` data files. */
async function smallTable(name: string, files = 3): Promise<string> {
  const inserts = Array.from({ length: files }, (_, i) => `INSERT INTO t SELECT ${(i * 30) / files} + number FROM numbers(${30 / files})`)
  await writeTables(root, [`CREATE TABLE t (id Int64) ENGINE = IcebergLocal('${root}/out/${name}/')`, ...inserts])
  return join(root, 'out', name)
}
const append = (name: string, from: number) =>
  writeTables(root, [
    `CREATE TABLE t ENGINE = IcebergLocal('${root}/out/${name}/')`,
    `INSERT INTO t SELECT ${from} + number FROM numbers(10)`,
  ])
const load = (name: string, source: Connector = connector()) => loadThrough(lake, source, { object: `out/${name}/`, items: few })
const refusal = (code: string) => (error: unknown) => error instanceof AppError && error.code === code
const isRefused = (error: unknown) =>
  error instanceof AppError && ['ingestion.table_file_gone', 'ingestion.table_unreadable'].includes(error.code)
const only = (folder: string, ending: RegExp) =>
  readdirSync(folder)
    .filter((name) => ending.test(name))
    .sort()
/** The connector, with something that happens between opening and reading. */
const meanwhile = (act: () => unknown): Connector => {
  const source = connector()
  return {
    ...source,
    async openReading(...asked) {
      const reading = await source.openReading(...asked)
      await act()
      return reading
    },
  }
}

test('a time without a zone stays as it stands, an instant is what Beijing’s clocks show', async () => {
  await writeTables(root, [
    `CREATE TABLE t (id Int64, at DateTime64(6, 'UTC')) ENGINE = IcebergLocal('${root}/out/times/')`,
    `INSERT INTO t VALUES (1, '1988-07-01 08:09:10.123456')`,
  ])
  const items = [...few, { code: 'at', dataType: 'T' as const }]
  const read = async (name: string) => (await loadThrough(lake, connector(), { object: `out/${name}/`, items })).rows[0]!.at
  assert.equal(await read('times'), '1988-07-01 08:09:10.123456')
  // ClickHouse writes no instants: the metadata are told that these are some.
  const folder = join(root, 'out', 'instants')
  cpSync(join(root, 'out', 'times'), folder, { recursive: true })
  for (const name of only(join(folder, 'metadata'), /json$|avro$/)) {
    const path = join(folder, 'metadata', name)
    // As many letters as before: in a manifest their number stands before them.
    writeFileSync(path, readFileSync(path, 'latin1').replaceAll('"type" : "timestamp"', '"type":"timestamptz"'), 'latin1')
  }
  assert.equal(await read('instants'), '1988-07-01 17:09:10.123456')
})

test('a table that moves on while it is read stays the version that was opened; the next load reads the new one', async () => {
  await smallTable('moving')
  const loaded = await load(
    'moving',
    meanwhile(() => append('moving', 1000)),
  )
  assert.deepEqual([loaded.read, loaded.written, loaded.rows.some(({ id }) => id === '1000')], [30, 30, false])
  assert.equal((await load('moving')).written, 40)
})

test('a file that is cleaned away or written again while the table is read ends the load, and says so', async () => {
  const gone = await smallTable('gone')
  const first = join(gone, 'data', only(join(gone, 'data'), /parquet$/)[0]!)
  await assert.rejects(
    load(
      'gone',
      meanwhile(() => rmSync(first)),
    ),
    refusal('ingestion.table_file_gone'),
  )
  const changed = await smallTable('changed')
  const [metadata] = only(join(changed, 'metadata'), /v4\.metadata\.json$/)
  const path = join(changed, 'metadata', metadata!)
  await assert.rejects(
    load(
      'changed',
      meanwhile(() => writeFileSync(path, `${readFileSync(path)} `)),
    ),
    refusal('ingestion.file_changed'),
  )
})

test('a table is found by its newest metadata: compressed or not, moved to another folder, without a row; not where two are the newest', async () => {
  const folder = await smallTable('old')
  renameSync(folder, join(root, 'out', 'new'))
  assert.equal((await load('new')).written, 30)
  const newest = join(root, 'out/new/metadata/v4.metadata.json')
  const text = readFileSync(newest)
  rmSync(newest)
  writeFileSync(join(root, 'out/new/metadata/v4.gz.metadata.json'), gzipSync(text))
  assert.equal((await load('new')).written, 30)
  writeFileSync(join(root, 'out/new/metadata/00004-x.metadata.json'), text)
  await assert.rejects(load('new'), refusal('ingestion.table_forked'))
  writeFileSync(join(root, 'out/new/metadata/v5.metadata.json'), '{')
  await assert.rejects(load('new'), refusal('ingestion.table_unreadable'))
  await smallTable('none', 0)
  const none = await load('none')
  assert.deepEqual([none.read, none.written], [0, 0])
})

test('an engine on another machine, which cannot ask here, says so', async () => {
  await smallTable('far', 1)
  const far = {
    ...lake,
    measure: <Row>(sql: string, parameters: Record<string, string>, limits: object) =>
      lake.measure<Row>(sql, { ...parameters, address: 'http://127.0.0.1:1/bucket/t/' }, limits),
  }
  const source = openFolder({ lake: far as Lake, files: openFiles(join(dir, 'work')) }, { kind: 'folder', path: '' }, [root])
  await assert.rejects(source.describe('out/far/', null), refusal('ingestion.table_engine_elsewhere'))
})

test('what metadata name outside the table is neither opened nor asked for, whatever it is', async () => {
  const asked: string[] = []
  const trap = createServer((_, answer) => answer.writeHead(404).end())
  trap.on('connection', () => asked.push('connected'))
  await new Promise<void>((done) => trap.listen(0, '127.0.0.1', done))
  const { port } = trap.address() as AddressInfo
  const folder = await smallTable('plain', 1)
  const metadata = readFileSync(join(folder, 'metadata/v2.metadata.json'), 'utf8')
  const list = /"manifest-list" : "([^"]+)"/.exec(metadata)![1]!
  const [data] = only(join(folder, 'data'), /parquet$/)
  const manifest = only(join(folder, 'metadata'), /^(?!snap).*avro$/)[0]!
  const place = (name: string) => join(root, 'out', name)
  const copy = (name: string) => {
    cpSync(folder, place(name), { recursive: true })
    return place(name)
  }
  const secret = join(dir, 'secret.parquet')
  cpSync(join(folder, 'data', data!), secret)
  cpSync(join(folder, 'data', data!), join(root, 'out', 'secret.parquet'))

  const lists = [
    'http://127.0.0.1:@/b/x',
    's3://127.0.0.1:@/x',
    'https://127.0.0.1:@/x',
    'file:///etc/passwd',
    '/etc/passwd',
    'hdfs://127.0.0.1:@/x',
  ]
  for (const [i, where] of [...lists, 'abfss://c@127.0.0.1:@/x', `${place('plain')}/../secret.parquet`].entries()) {
    const named = copy(`list-${i}`)
    writeFileSync(join(named, 'metadata/v2.metadata.json'), metadata.replace(list, where.replace('@', String(port))))
    await assert.rejects(load(`list-${i}`), isRefused, where)
  }
  // The same of a data file, whose name stands in a manifest: with as many letters, so that the rest stays where it is.
  const named = `${place('plain')}/data/${data}`
  const bytes = readFileSync(join(folder, 'metadata', manifest), 'latin1')
  assert.ok(bytes.includes(named), 'the manifest is not compressed')
  const files = [
    `http://127.0.0.1:${port}/`,
    `s3://127.0.0.1:${port}/`,
    'file:///etc/',
    `${place('plain')}/../../`,
    `${place('plain')}/data/../../../`,
  ]
  for (const [i, start] of files.entries()) {
    const other = `${start}${'x'.repeat(named.length)}`.slice(0, named.length - 8)
    if (start.startsWith(root)) cpSync(secret, `${other}.parquet`)
    writeFileSync(join(copy(`file-${i}`), 'metadata', manifest), bytes.replaceAll(named, `${other}.parquet`), 'latin1')
    await assert.rejects(load(`file-${i}`), isRefused, other)
  }
  // Names below the table that lead out of it.
  for (const [name, make] of [
    ['symlink', symlinkSync],
    ['hardlink', linkSync],
  ] as const) {
    const led = join(copy(name), 'data', data!)
    rmSync(led)
    make(secret, led)
    await assert.rejects(load(name), refusal('ingestion.table_file_gone'), name)
  }
  const led = copy('folder')
  renameSync(join(led, 'metadata'), join(dir, 'metadata'))
  symlinkSync(join(dir, 'metadata'), join(led, 'metadata'))
  await assert.rejects(load('folder'), refusal('ingestion.object_unknown'))
  assert.equal((await load('plain')).written, 30)
  assert.deepEqual(asked, [])
  trap.close()
})
