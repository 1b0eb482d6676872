import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadThrough } from '#testing/lake/load-through.ts'
import { startTestLake } from '#testing/lake/test-lake.ts'
import type { LakeHarness } from '#testing/lake-suite.ts'
import { writeTables } from '#testing/lakehouse/write-tables.ts'
import { openFiles } from '../../../store/index.ts'
import { openFolder } from '../folder.ts'

const dir = mkdtempSync(join(tmpdir(), 'datong-iceberg-'))
const root = join(dir, 'files')
let harness: LakeHarness
before(async () => {
  mkdirSync(join(root, 'out'), { recursive: true })
  harness = await startTestLake()
})
after(async () => {
  await harness.stop()
  rmSync(dir, { recursive: true, force: true })
})
const connector = () =>
  openFolder({ lake: harness.lake, files: openFiles(join(dir, 'work')) }, { kind: 'folder', path: '' }, [root])

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
      ['at', 'DateTime64(6)'],
      ['extra', 'Nullable(String)'],
    ],
  )
  assert.equal((await source.structure!('out/t/', null)).columns[1]!.identity, '2')
  const loaded = await loadThrough(harness.lake, source, { object: 'out/t/', items })
  assert.deepEqual([loaded.read, loaded.sent, loaded.written, loaded.quarantined, loaded.agrees], [145, 145, 145, 0, true])
  const byId = new Map(loaded.rows.map((row) => [Number(row.id), row]))
  assert.equal(byId.size, 145)
  assert.equal([...byId.keys()].some((id) => id < 150 && id % 10 === 3), false)
  assert.equal(byId.get(7)!.title, '名7')
  assert.equal(byId.get(120)!.title, null)
  assert.deepEqual([byId.get(205)!.day, byId.get(205)!.extra], ['2026-02-01', 'x'])
  console.log(loaded.rows[0], described.reasons, readdirSync(join(root, 'out/t/metadata')).length, readFileSync)
})
