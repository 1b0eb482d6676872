import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { loadThrough } from '#testing/lake/load-through.ts'
import { type Lake, openFiles, openLake } from '../../../store/index.ts'
import { openSqlite } from './sqlite.ts'

const dir = mkdtempSync(join(tmpdir(), 'datong-sqlite-'))
const roots = [join(dir, 'allowed')]
let lake: Lake
before(async () => {
  lake = await openLake({ dir: join(dir, 'lake') })
  mkdirSync(roots[0]!)
  const db = new DatabaseSync(join(roots[0]!, '库.sqlite'))
  db.exec(`CREATE TABLE "企 业" (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, r REAL, "a""b" TEXT, raw BLOB);
    INSERT INTO "企 业" VALUES (9007199254740993, 1, 0.1, '甲', x'00ff'), (2, 'abc', 0.30000000000000004, '', NULL), (3, 1.5, 2, NULL, 'text');
    CREATE VIEW v AS SELECT id FROM "企 业"`)
  db.close()
  writeFileSync(join(roots[0]!, 'not.sqlite'), 'no database at all, but long enough to be one'.repeat(20))
})
after(async () => {
  await lake.close()
  rmSync(dir, { recursive: true, force: true })
})

const connector = (path = '库.sqlite') => openSqlite({ files: openFiles(join(dir, 'files')) }, { kind: 'sqlite', path }, roots)

test('tables and views are listed and described', async () => {
  assert.deepEqual(
    (await connector().listObjects()).map(({ name, kind }) => `${kind} ${name}`),
    ['view v', 'table 企 业'],
  )
  const { columns } = await connector().describe('企 业', null)
  assert.deepEqual(
    columns.map(({ name, type, nullable, isKey }) => [name, type, nullable, isKey]),
    [
      ['id', 'INTEGER', false, true],
      ['n', 'INTEGER', false, false],
      ['r', 'REAL', true, false],
      ['a"b', 'TEXT', true, false],
      ['raw', 'BLOB', true, false],
    ],
  )
  assert.deepEqual((await connector().preview('企 业', null, 2)).rows[1], ['3', '1.5', '2.0', null, 'text'])
})

test('a text in an integer column is quarantined and not read as 0, and numbers keep every digit', async () => {
  const loaded = await loadThrough(lake, connector(), {
    object: '企 业',
    items: [
      { code: 'id', dataType: 'I', isKey: true },
      { code: 'n', dataType: 'I' },
      { code: 'r', dataType: 'B' },
      { code: 'name', dataType: 'C', length: 10 },
      { code: 'raw', dataType: 'C', length: 10 },
    ],
    columns: { name: 'a"b' },
  })
  assert.deepEqual(loaded.rows, [{ id: '9007199254740993', n: '1', r: 0.1, name: '甲', raw: '\\x00ff' }])
  assert.deepEqual(
    loaded.quarantine.map((row) => [row.id, row.n, row.r, row['#reason']]),
    [
      ['2', 'abc', '0.30000000000000004', 'ingestion.not_a_number'],
      ['3', '1.5', '2.0', 'ingestion.not_whole'],
    ],
  )
  assert.deepEqual(readdirSync(join(dir, 'files', 'work')), [], 'nothing is left of the copy')
})

test('the source is not touched, whatever is asked of it', async () => {
  await assert.rejects(connector().describe('"; DROP TABLE "企 业', null), { code: 'ingestion.object_unknown' })
  assert.deepEqual(readdirSync(roots[0]!).sort(), ['not.sqlite', '库.sqlite'])
})

test('a path outside, a missing file and a file that is no database are refused', async () => {
  await assert.rejects(connector('../lake/engine.xml').check(), { code: 'file.path_not_allowed' })
  await assert.rejects(connector('没有.sqlite').check(), { code: 'file.path_not_allowed' })
  await assert.rejects(connector('not.sqlite').check(), { code: 'ingestion.not_sqlite' })
})
