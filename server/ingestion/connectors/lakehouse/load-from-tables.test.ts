import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'
import { writeTables } from '#testing/lakehouse/write-tables.ts'

const root = mkdtempSync(join(tmpdir(), 'datong-lakehouse-'))
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'changed_at', name: '更新时间', dataType: 'T' },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
let city: TestCity
before(async () => {
  city = await openTestCity({ fileRoots: [root] })
})
after(async () => {
  await city.close()
  rmSync(root, { recursive: true, force: true })
})

const write = (name: string, ...statements: string[]) =>
  writeTables(root, [
    `CREATE TABLE IF NOT EXISTS t (id Int64, name Nullable(String), changed_at DateTime64(6)) ENGINE = IcebergLocal('${root}/${name}/')`,
    ...statements,
  ])
const rows = (from: number, count: number, day: string) =>
  `INSERT INTO t SELECT ${from} + number, concat('企业', toString(${from} + number)), toDateTime64('${day} 08:00:00', 6) + number FROM numbers(${count})`

async function planOf(name: string, mode: object) {
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: `企业 ${name}`, items: [...items] })
  const { id: sourceId } = await steward.call('create_source', { body: { name, settings: { kind: 'folder', path: '' } } })
  const plan = await steward.call('create_plan', {
    body: { entryId, sourceId, object: `${name}/`, mapping, mode: mode as never, verify: 'content', driftPolicy: 'evolve' },
  })
  return { entryId, steward, sourceId, load: () => runPlan(steward, plan.id) }
}

test('a table of a folder is described, proposed as an entry, and compared with what was loaded before', async () => {
  await write('firms', rows(0, 100, '2026-01-01'), 'ALTER TABLE t DELETE WHERE id < 10')
  const { steward, sourceId, load } = await planOf('firms', { kind: 'compare', keepHistory: false })
  const described = await steward.call('describe_source_object', { params: { sourceId }, query: { object: 'firms/' } })
  assert.equal(described.dialect, null)
  assert.match(described.reasons[0]!, /^Iceberg 表，按其最新版本（快照 \d+）读取/)
  assert.match(described.reasons[1]!, /只用 ClickHouse 写出的表验证过/)
  const { content } = await steward.call('propose_entry', { params: { sourceId }, body: { object: 'firms/' } })
  assert.equal(content.name, 'firms')
  const first = await load()
  assert.deepEqual([first.state, first.error, first.read, first.written, first.agrees], ['succeeded', null, 90, 90, true])
  await writeTables(root, [
    `CREATE TABLE t ENGINE = IcebergLocal('${root}/firms/')`,
    'ALTER TABLE t DELETE WHERE id < 12',
    rows(200, 5, '2026-02-01'),
    'ALTER TABLE t ADD COLUMN more Nullable(Int64)',
  ])
  const second = await load()
  assert.deepEqual(
    [second.state, second.inserted, second.changed, second.deleted, second.unchanged, second.agrees],
    ['succeeded', 5, 0, 2, 88, true],
    second.error?.detail,
  )
})

test('an incremental load reads only the newer rows of a table, and sees when an older version was put back', async () => {
  await write('changes', rows(0, 50, '2026-01-01'))
  const { load } = await planOf('changes', { kind: 'incremental', column: 'changed_at', windowSeconds: 0 })
  const first = await load()
  assert.deepEqual([first.state, first.read, first.watermark], ['succeeded', 50, '2026-01-01 08:00:49'], first.error?.detail)
  const append = [`CREATE TABLE t ENGINE = IcebergLocal('${root}/changes/')`]
  await writeTables(root, [...append, rows(50, 7, '2026-03-01')])
  const second = await load()
  assert.deepEqual(
    [second.state, second.read, second.inserted, second.unchanged, second.sourceRows],
    ['succeeded', 8, 7, 1, 57],
    second.error?.detail,
  )
  await writeTables(root, [...append, "ALTER TABLE t DELETE WHERE changed_at > '2026-02-01 00:00:00'"])
  const third = await load()
  assert.equal(third.error?.code, 'ingestion.source_behind')
})
