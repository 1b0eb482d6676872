import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'

const root = mkdtempSync(join(tmpdir(), 'datong-append-'))
const items = [
  { code: 'id', name: '编号', dataType: 'I', isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
let city: TestCity
let steward: Client
before(async () => {
  city = await openTestCity({ fileRoots: [root] })
  steward = await city.as('厦门市市场监督管理局', 'steward')
})
after(() => city.close())

/** Files that have been lying there for an hour, so that none is taken for growing. */
function write(folder: string, name: string, ids: readonly (number | string)[], hoursAgo = 1): void {
  mkdirSync(join(root, folder), { recursive: true })
  const path = join(root, folder, name)
  writeFileSync(path, ['id,name', ...ids.map((id) => `${id},第${id}号`), ''].join('\n'))
  utimesSync(path, new Date(), new Date(Date.now() - hoursAgo * 3600_000))
}

async function planOf(folder: string) {
  mkdirSync(join(root, folder), { recursive: true })
  const { entryId } = await publishEntry(city, '厦门市市场监督管理局', { name: `日报 ${folder}`, items: [...items] })
  const { id: sourceId } = await steward.call('create_source', { body: { name: folder, settings: { kind: 'folder', path: folder } } })
  const body = { entryId, sourceId, object: '*.csv', mapping, mode: { kind: 'append' }, quarantineLimit: 0.9 } as const
  return { entryId, planId: (await steward.call('create_plan', { body })).id }
}

async function live(entryId: string): Promise<number[]> {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const rows = await city.app.lake.measure<{ id: string; row: string }>(`SELECT id, _row AS row FROM lake.${lake_table} ORDER BY id`)
  assert.equal(new Set(rows.map(({ row }) => row)).size, rows.length, 'row numbers are unique')
  return rows.map(({ id }) => Number(id))
}

const states = async (planId: string) =>
  Object.fromEntries((await steward.call('list_loaded_files', { params: { planId } })).items.map(({ path, state }) => [path, state]))

test('each new file is added once; copies and changes are told, and not loaded', async () => {
  const { entryId, planId } = await planOf('daily')
  write('daily', '01.csv', [1, 2, 3])
  write('daily', '02.csv', [4, 5])
  write('daily', 'readme.txt', [99])
  const first = await runPlan(steward, planId)
  assert.deepEqual([first.state, first.kind, first.read, first.written, first.inserted], ['succeeded', 'append', 5, 5, 5])
  assert.deepEqual(await live(entryId), [1, 2, 3, 4, 5])
  write('daily', '03.csv', [6, 7])
  const second = await runPlan(steward, planId)
  assert.deepEqual([second.read, second.written], [2, 2])
  assert.deepEqual(await live(entryId), [1, 2, 3, 4, 5, 6, 7])
  // The same content under another name, a loaded file that was changed, and one that was only touched.
  write('daily', '04.csv', [6, 7])
  write('daily', '01.csv', [1, 2, 3, 8], 2)
  utimesSync(join(root, 'daily', '02.csv'), new Date(), new Date(Date.now() - 5 * 3600_000))
  const third = await runPlan(steward, planId)
  assert.deepEqual([third.state, third.read, third.written], ['succeeded', 0, 0])
  assert.deepEqual(third.reasons.map(({ column, reason }) => [column, reason]).sort(), [
    ['01.csv', 'ingestion.file_altered'],
    ['04.csv', 'ingestion.file_copy'],
  ])
  assert.deepEqual(await live(entryId), [1, 2, 3, 4, 5, 6, 7])
  assert.deepEqual(await states(planId), { '01.csv': 'changed', '02.csv': 'loaded', '03.csv': 'loaded', '04.csv': 'copy' })
  const { id } = await steward.call('start_load', { params: { planId }, query: { afresh: 'true' } })
  assert.equal((await awaitLoad(steward, id)).state, 'succeeded')
  assert.deepEqual(await live(entryId), [1, 2, 3, 4, 5, 6, 7, 8])
  assert.deepEqual(await states(planId), { '01.csv': 'loaded', '02.csv': 'loaded', '03.csv': 'loaded', '04.csv': 'copy' })
})

test('a broken file is named and holds up no other; it is loaded when it is mended', async () => {
  const { entryId, planId } = await planOf('broken')
  write('broken', 'a.csv', [1])
  writeFileSync(join(root, 'broken', 'b.csv'), 'number,name\n1,甲\n')
  utimesSync(join(root, 'broken', 'b.csv'), 0, 0)
  write('broken', 'c.csv', [2])
  const load = await runPlan(steward, planId)
  assert.deepEqual([load.state, load.read, load.written], ['succeeded', 2, 2])
  assert.deepEqual(
    load.reasons.map(({ column, reason }) => [column, reason]),
    [['b.csv', 'ingestion.file_broken']],
  )
  const [, broken] = (await steward.call('list_loaded_files', { params: { planId } })).items
  assert.match(broken!.detail!, /字段“id”/)
  const alone = await runPlan(steward, planId)
  assert.deepEqual([alone.state, alone.error?.code], ['failed', 'ingestion.files_broken'])
  assert.match(alone.error!.detail, /b\.csv/)
  write('broken', 'b.csv', [3])
  assert.equal((await runPlan(steward, planId)).written, 1)
  assert.deepEqual(await live(entryId), [1, 2, 3])
})

test('a file that was broken when the plan was new is none to measure the others by', async () => {
  const { entryId, planId } = await planOf('first')
  write('first', 'b.csv', [2])
  writeFileSync(join(root, 'first', 'a.csv'), 'number,name\n1,甲\n')
  writeFileSync(join(root, 'first', 'c.csv'), 'number,name\n3,丙\n')
  for (const name of ['a.csv', 'c.csv']) utimesSync(join(root, 'first', name), 0, 0)
  assert.equal((await runPlan(steward, planId)).written, 1)
  write('first', 'c.csv', [3])
  assert.equal((await runPlan(steward, planId)).written, 1)
  assert.deepEqual(await live(entryId), [2, 3])
})

test('a file that is still being written waits', async () => {
  const { entryId, planId } = await planOf('growing')
  write('growing', 'whole.csv', [1])
  write('growing', 'late.part.csv', [8])
  const path = join(root, 'growing', 'growing.csv')
  writeFileSync(path, 'id,name\n2,二\n')
  const writing = setInterval(() => appendFileSync(path, '3,三\n'), 200)
  const load = await runPlan(steward, planId).finally(() => clearInterval(writing))
  assert.deepEqual([load.state, load.written], ['succeeded', 1])
  assert.deepEqual(await states(planId), { 'growing.csv': 'waiting', 'whole.csv': 'loaded' })
  writeFileSync(path, 'id,name\n2,二\n3,三\n')
  renameSync(join(root, 'growing', 'late.part.csv'), join(root, 'growing', 'late.csv'))
  assert.equal((await runPlan(steward, planId)).written, 3)
  assert.deepEqual(await live(entryId), [1, 2, 3, 8])
})

test('refused rows of every file stay in quarantine, and are added when they are corrected', async () => {
  const { entryId, planId } = await planOf('dirty')
  write('dirty', 'a.csv', [1, 'x'])
  assert.equal((await runPlan(steward, planId)).quarantined, 1)
  write('dirty', 'b.csv', [2, 'y', 'x'])
  assert.equal((await runPlan(steward, planId)).quarantined, 2)
  const { items: open } = await steward.call('list_quarantine', { params: { planId }, query: {} })
  assert.deepEqual(open.map(({ values }) => values.id).sort(), ['x', 'x', 'y'])
  assert.equal((await steward.call('get_plan', { params: { planId } })).openQuarantine, 3)
  const wrong = open.find(({ values }) => values.id === 'y')!
  await steward.call('correct_quarantined_row', { params: { planId, rowId: wrong.id }, body: { values: { ...wrong.values, id: '3' } } })
  const { id } = await steward.call('replay_quarantine', { params: { planId } })
  assert.equal((await awaitLoad(steward, id)).state, 'succeeded')
  write('dirty', 'c.csv', [4])
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  assert.deepEqual(await live(entryId), [1, 2, 3, 4])
  assert.equal((await steward.call('get_plan', { params: { planId } })).openQuarantine, 2)
})

test('a file with other columns waits for a person’s decision, and holds up no other', async () => {
  const { entryId, planId } = await planOf('drift')
  const drifts = async () => (await steward.call('list_drifts', { query: { planId } })).items
  write('drift', '01.csv', [1])
  assert.equal((await runPlan(steward, planId)).written, 1)
  writeFileSync(join(root, 'drift', '02.csv'), 'id,name,phone\n2,二,139\n')
  utimesSync(join(root, 'drift', '02.csv'), 0, 0)
  write('drift', '03.csv', [3])
  assert.equal((await runPlan(steward, planId)).written, 1)
  assert.deepEqual(await states(planId), { '01.csv': 'loaded', '02.csv': 'broken', '03.csv': 'loaded' })
  const [found] = await drifts()
  assert.deepEqual([found!.state, found!.changes.map(({ kind, column }) => [kind, column])], ['open', [['added', 'phone']]])
  write('drift', '04.csv', [4])
  assert.equal((await runPlan(steward, planId)).written, 1)
  assert.deepEqual(
    (await drifts()).map(({ id, state }) => [id, state]),
    [[found!.id, 'open']],
  )
  await steward.call('accept_drift', { params: { driftId: found!.id }, body: {} })
  assert.equal((await runPlan(steward, planId)).written, 1)
  assert.deepEqual(await live(entryId), [1, 2, 3, 4])

  // Files as before are another change now; where the file goes, so does the question.
  write('drift', '05.csv', [5])
  await runPlan(steward, planId)
  assert.deepEqual(
    (await drifts()).map(({ state }) => state),
    ['open', 'accepted'],
  )
  rmSync(join(root, 'drift', '05.csv'))
  await runPlan(steward, planId)
  assert.deepEqual(
    (await drifts()).map(({ state }) => state),
    ['gone', 'accepted'],
  )
})
