import assert from 'node:assert/strict'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { inTx, sql } from '../../store/index.ts'
import { runLoadJob } from '../load/run-load-job.ts'

const files = mkdtempSync(join(tmpdir(), 'datong-files-'))
const items = [
  { code: 'id', name: '序号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
] as const
let city: TestCity
before(async () => {
  city = await openTestCity({ fileRoots: [files] })
})
after(async () => {
  await city.close()
  rmSync(files, { recursive: true, force: true })
})

const csvOf = (ids: readonly number[]) => ['id,name', ...ids.map((id) => `${id},企业${id}`), ''].join('\n')
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

interface Filled {
  entryId: string
  planId: string
  steward: Client
}

/** An entry that is filled from the file of its own name. */
async function fillFrom(file: string, mode: object = { kind: 'full' }): Promise<Filled> {
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: `企业名录 ${file}`, items: [...items] })
  const { id: sourceId } = await steward.call('create_source', { body: { name: `夹 ${file}`, settings: { kind: 'folder', path: '' } } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId, sourceId, object: file, mapping, verify: 'content', mode, deletionLimit: 1 } as never
  return { entryId, steward, planId: (await steward.call('create_plan', { body })).id }
}

async function liveIds(entryId: string): Promise<{ rows: number; ids: number }> {
  const resources = city.app.plane.db.selectFrom('catalog.resource').select('lake_table').where('entry_id', '=', entryId)
  const { lake_table } = await resources.executeTakeFirstOrThrow()
  const [found] = await city.app.lake.measure<{ n: string; ids: string }>(
    `SELECT count() AS n, uniqExact(id) AS ids FROM lake.${lake_table}`,
  )
  return { rows: Number(found!.n), ids: Number(found!.ids) }
}

const successes = async (loadId: string) => {
  const events = await city.app.plane.db.selectFrom('platform.event').select('action').where('object_id', '=', loadId).execute()
  return events.filter(({ action }) => action === 'ingestion.load_succeeded').length
}

test('F21: a load whose job is delivered ten times, at once and again after its end, has one effect', async () => {
  writeFileSync(join(files, 'ten.csv'), csvOf(numbers(1, 50_000)))
  const { entryId, planId, steward } = await fillFrom('ten.csv')
  const { id } = await steward.call('start_load', { params: { planId } })
  const deliver = () => inTx(city.app.system('test'), (ctx) => ctx.enqueue(ctx, runLoadJob, { loadId: id }))
  const openJobs = async () => {
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from pgboss.job where name = ${runLoadJob.name} and state < 'completed'`.execute(city.app.plane.db)
    return Number(rows[0]!.n)
  }
  for (let time = 0; time < 5; time++) await deliver()
  const { state, written } = await awaitLoad(steward, id)
  assert.deepEqual([state, written], ['succeeded', 50_000])
  for (let time = 0; time < 5; time++) await deliver()
  while ((await openJobs()) > 0) await sleep(50)
  const load = await city.app.plane.db
    .selectFrom('ingestion.load')
    .select(['attempt', 'state'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  assert.deepEqual(load, { attempt: 1, state: 'succeeded' })
  assert.equal(await successes(id), 1)
  assert.deepEqual(await liveIds(entryId), { rows: 50_000, ids: 50_000 })
})

for (const mode of [{ kind: 'full' }, { kind: 'compare' }])
  test(`F22: rows that were taken out and come again, byte for byte, are there again (${mode.kind})`, async () => {
    const file = `again-${mode.kind}.csv`
    const write = (ids: readonly number[]) => writeFileSync(join(files, file), csvOf(ids))
    write(numbers(1, 2000))
    const { entryId, planId, steward } = await fillFrom(file, mode)
    const load = async (ids: readonly number[]) => {
      write(ids)
      const { state, error } = await runPlan(steward, planId)
      assert.deepEqual([state, error], ['succeeded', null])
      assert.deepEqual(await liveIds(entryId), { rows: ids.length, ids: ids.length })
    }
    await load(numbers(1, 2000))
    await load(numbers(1, 1000))
    await load(numbers(1, 2000))
    // The same again without a change between.
    await load(numbers(1, 2000))
  })

test('F25: one poisoned row in a million goes to quarantine with its row and reason, and is replayed once it is corrected', async () => {
  const million = 1_000_000
  const poisoned = 654_321
  const lines = function* () {
    yield 'id,name\n'
    for (let start = 1; start <= million; start += 10_000)
      yield numbers(start, start + 9999)
        .map((id) => `${id === poisoned ? `6543２1x` : id},企业${id}\n`)
        .join('')
  }
  await pipeline(Readable.from(lines()), createWriteStream(join(files, 'million.csv')))
  const { entryId, planId, steward } = await fillFrom('million.csv')
  const { id } = await steward.call('start_load', { params: { planId } })
  const load = await awaitLoad(steward, id, 300)
  assert.deepEqual(
    [load.error, load.read, load.sent, load.written, load.quarantined, load.agrees],
    [null, million, million, million - 1, 1, true],
  )
  const { items: rows } = await steward.call('list_quarantine', { params: { planId } })
  assert.deepEqual(
    rows.map(({ row, column, reason, values }) => [row, column, reason, values]),
    [[poisoned, 'id', 'ingestion.not_a_number', { id: '6543２1x', name: `企业${poisoned}` }]],
  )
  const params = { planId, rowId: rows[0]!.id }
  await steward.call('correct_quarantined_row', { params, body: { values: { id: String(poisoned) } } })
  const replay = await awaitLoad(steward, (await steward.call('replay_quarantine', { params: { planId } })).id, 300)
  assert.deepEqual([replay.error, replay.state, replay.quarantined], [null, 'succeeded', 0])
  assert.deepEqual(await liveIds(entryId), { rows: million, ids: million })
})
