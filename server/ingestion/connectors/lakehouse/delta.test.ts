import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadThrough } from '#testing/lake/load-through.ts'
import { startTestLake } from '#testing/lake/test-lake.ts'
import type { LakeHarness } from '#testing/lake-suite.ts'
import { addedFiles, checkpointStatement, createDelta, deletionVector, writeCommit } from '#testing/lakehouse/delta-log.ts'
import { writeTables } from '#testing/lakehouse/write-tables.ts'
import { AppError } from '../../../kernel/errors.ts'
import { type Lake, openFiles } from '../../../store/index.ts'
import type { Connector } from '../connector.ts'
import { openFolder } from '../folder.ts'

// As the machines of a city have it; the engine shows times by it unless it is told.
process.env.TZ = 'Asia/Shanghai'
const dir = mkdtempSync(join(tmpdir(), 'datong-delta-'))
const root = join(dir, 'files')
let harness: LakeHarness
let lake: Lake
before(async () => {
  mkdirSync(root, { recursive: true })
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
  { code: 'name', dataType: 'C' as const, length: 40 },
  { code: 'amount', dataType: 'N' as const, length: 18, scale: 2 },
]
const load = (object: string, source: Connector = connector()) => loadThrough(lake, source, { object, items })
const insert = (folder: string, values: string) =>
  writeTables(root, [`CREATE TABLE t ENGINE = DeltaLakeLocal('${folder}/')`, `INSERT INTO t VALUES ${values}`])
async function smallTable(name: string, withDeletes = false): Promise<string> {
  const folder = join(root, name)
  createDelta(
    folder,
    [
      ['id', 'long'],
      ['name', 'string'],
      ['amount', 'decimal(18,2)'],
    ],
    withDeletes ? ['deletionVectors'] : [],
  )
  await insert(folder, "(1, '甲', 1.5), (2, NULL, 2.25), (3, '丙', -0.01)")
  return folder
}
const isRefused = (error: unknown) =>
  error instanceof AppError && ['ingestion.table_file_gone', 'ingestion.table_unreadable'].includes(error.code)

test('a table is read as its log says: added files, removed files, and rows that a deletion vector takes out', async () => {
  const folder = await smallTable('sales', true)
  await insert(folder, "(4, '丁', 4)")
  assert.deepEqual(
    (await connector().listObjects()).map(({ name, kind }) => [name, kind]),
    [['sales/', 'table']],
  )
  const loaded = await load('sales/')
  assert.deepEqual([loaded.read, loaded.written, loaded.quarantined, loaded.agrees], [4, 4, 0, true])
  assert.deepEqual(loaded.rows.map(({ id, name, amount }) => [id, name, amount]).sort(), [
    ['1', '甲', '1.5'],
    ['2', null, '2.25'],
    ['3', '丙', '-0.01'],
    ['4', '丁', '4'],
  ])
  const [first, second] = addedFiles(folder)
  const remove = (path: string) => ({ remove: { path, deletionTimestamp: 1_790_000_001_000, dataChange: true } })
  writeCommit(folder, [remove(first!.path), { add: { ...first, stats: '', deletionVector: deletionVector([0, 2]) } }])
  const less = await load('sales/')
  assert.deepEqual([less.read, less.rows.map(({ id }) => id).sort()], [2, ['2', '4']])
  writeCommit(folder, [remove(second!.path)])
  assert.deepEqual(
    (await load('sales/')).rows.map(({ id }) => id),
    ['2'],
  )
})

test('an instant is what Beijing’s clocks show, a time without a zone stays; also where only a checkpoint tells them apart', async () => {
  const folder = join(root, 'times')
  createDelta(
    folder,
    [
      ['id', 'long'],
      ['at', 'timestamp'],
      ['day', 'timestamp_ntz'],
    ],
    ['timestampNtz'],
  )
  await insert(folder, "(1, '2026-01-01 20:00:00.123456', '2026-01-01 20:00:00.123456')")
  const items = [
    { code: 'id', dataType: 'I' as const },
    { code: 'at', dataType: 'T' as const },
    { code: 'day', dataType: 'T' as const },
  ]
  const expected = [{ id: '1', at: '2026-01-02 04:00:00.123456', day: '2026-01-01 20:00:00.123456' }]
  assert.deepEqual((await loadThrough(lake, connector(), { object: 'times/', items })).rows, expected)
  await writeTables(root, [checkpointStatement(folder)])
  for (const name of ['00000000000000000000.json', '00000000000000000001.json']) rmSync(join(folder, '_delta_log', name))
  assert.deepEqual((await loadThrough(lake, connector(), { object: 'times/', items })).rows, expected)
})

test('commits that come while the table is read do not belong to it', async () => {
  const folder = await smallTable('moving')
  const source = connector()
  const moving: Connector = {
    ...source,
    async openReading(...asked) {
      const reading = await source.openReading(...asked)
      await insert(folder, "(5, '戊', 5)")
      return reading
    },
  }
  assert.equal((await load('moving/', moving)).written, 3)
  assert.equal((await load('moving/')).written, 4)
})

test('what a log names outside the table is neither opened nor asked for', async () => {
  const asked: string[] = []
  const trap = createServer((_, answer) => answer.writeHead(404).end())
  trap.on('connection', () => asked.push('connected'))
  await new Promise<void>((done) => trap.listen(0, '127.0.0.1', done))
  const { port } = trap.address() as AddressInfo
  const folder = await smallTable('plain')
  const [added] = addedFiles(folder)
  const secret = join(root, 'secret.parquet')
  cpSync(join(folder, added!.path), secret)
  const places = [
    `http://127.0.0.1:${port}/x`,
    `s3://127.0.0.1:${port}/x`,
    `file://${secret}`,
    secret,
    '../secret.parquet',
    '%2e%2e/secret.parquet',
  ]
  for (const [i, path] of [...places, 'a/../../secret.parquet', 'link.parquet'].entries()) {
    const copy = join(root, `copy-${i}`)
    cpSync(folder, copy, { recursive: true })
    symlinkSync(secret, join(copy, 'link.parquet'))
    writeCommit(copy, [{ add: { ...added, path } }])
    await assert.rejects(load(`copy-${i}/`), isRefused, path)
  }
  assert.deepEqual(asked, [])
  trap.close()
})
