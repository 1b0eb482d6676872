import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'

const folder = mkdtempSync(join(tmpdir(), 'datong-history-'))
const items = [
  { code: 'region', name: '区划', dataType: 'C', length: 10, isKey: true },
  { code: 'id', name: '编号', dataType: 'I', isKey: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
let city: TestCity
let steward: Client
let sourceId: string
let plans = 0
before(async () => {
  city = await openTestCity({ fileRoots: [folder] })
  steward = await city.as('厦门市市场监督管理局', 'steward')
  sourceId = (await steward.call('create_source', { body: { name: '文件', settings: { kind: 'folder', path: '' } } })).id
})
after(() => city.close())

/** A state of the source: name by key. */
type State = ReadonlyMap<string, string>

const write = (file: string, state: State) =>
  writeFileSync(join(folder, file), ['region,id,name', ...[...state].map(([key, name]) => `${key},${name}`), ''].join('\n'))

async function newPlan(): Promise<{ entryId: string; planId: string; file: string }> {
  const file = `firm${++plans}.csv`
  write(file, new Map([['A,1', '样本']]))
  const { entryId } = await publishEntry(city, '厦门市市场监督管理局', { name: `企业名录 ${plans}`, items: [...items] })
  const body = { entryId, sourceId, object: file, mapping, mode: { kind: 'compare', keepHistory: true }, deletionLimit: 1 } as const
  return { entryId, planId: (await steward.call('create_plan', { body })).id, file }
}

async function asOf(entryId: string, at: Date): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let cursor: string | undefined; ; ) {
    const page = await steward.call('read_entry_as_of', {
      params: { entryId },
      query: { at: at.toISOString(), limit: 3, ...(cursor && { cursor }) },
    })
    const of = (row: (string | null)[], code: string) => row[page.columns.indexOf(code)]
    for (const row of page.rows) {
      const key = `${of(row, 'region')},${of(row, 'id')}`
      assert.ok(!found.has(key), `${key} is there once`)
      found.set(key, of(row, 'name')!)
    }
    if (page.next === null) return found
    cursor = page.next
  }
}

async function liveRows(entryId: string): Promise<Map<string, string>> {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const rows = await city.app.lake.measure<{ k: string; name: string }>(
    `SELECT concat(region, ',', toString(id)) AS k, name FROM lake.${lake_table}`,
  )
  assert.equal(new Set(rows.map(({ k }) => k)).size, rows.length)
  return new Map(rows.map(({ k, name }) => [k, name]))
}

const sorted = (state: State) => [...state].sort(([one], [other]) => (one < other ? -1 : 1))

const key = fc.tuple(fc.constantFrom('A', 'B'), fc.integer({ min: 1, max: 4 })).map(([region, id]) => `${region},${id}`)
const state = fc
  .uniqueArray(fc.tuple(key, fc.constantFrom('甲', '乙', '丙')), { selector: ([at]) => at, minLength: 1, maxLength: 8 })
  .map((rows): State => new Map(rows))

test('after each load the table is its source, and at each instant the history is the state of then', { timeout: 400_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(state, { minLength: 2, maxLength: 5 }), async (states) => {
      const { entryId, planId, file } = await newPlan()
      const then: { at: Date; state: State }[] = []
      let before: State = new Map()
      for (const now of states) {
        write(file, now)
        const load = await runPlan(steward, planId)
        assert.equal(load.state, 'succeeded', load.error?.detail)
        assert.deepEqual(sorted(await liveRows(entryId)), sorted(now))
        const kept = [...now.keys()].filter((at) => before.has(at))
        const changed = kept.filter((at) => before.get(at) !== now.get(at)).length
        assert.deepEqual(
          [load.inserted, load.changed, load.deleted, load.unchanged],
          [now.size - kept.length, changed, before.size - kept.length, kept.length - changed],
        )
        const [{ as_of }] = (await city.app.plane.db
          .selectFrom('ingestion.history')
          .select('as_of')
          .where('entry_id', '=', entryId)
          .execute()) as [{ as_of: Date }]
        then.push({ at: as_of, state: now })
        before = now
      }
      for (const [i, { at, state }] of then.entries()) {
        assert.deepEqual(sorted(await asOf(entryId, at)), sorted(state))
        const until = then[i + 1]?.at.getTime() ?? at.getTime() + 86_400_000
        assert.deepEqual(sorted(await asOf(entryId, new Date(until - 1))), sorted(state))
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 4), endOnFailure: true },
  )
})

test('who asks for an instant before the history, or where none is kept, is told so; strangers find nothing', async () => {
  const { entryId, planId } = await newPlan()
  const ask = (client: Client, at: string) => client.attempt('read_entry_as_of', { params: { entryId }, query: { at } })
  assert.equal((await ask(steward, '2026-01-01T00:00:00Z')).json().code, 'ingestion.no_history')
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  assert.equal((await ask(steward, '2000-01-01T00:00:00Z')).json().code, 'ingestion.before_history')
  const stranger = await city.as('厦门市交通运输局', 'steward')
  assert.equal((await ask(stranger, '2999-01-01T00:00:00Z')).statusCode, 404)
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  assert.equal((await ask(bureau, '2999-01-01T00:00:00Z')).statusCode, 403)
  const events = await city.app.plane.db
    .selectFrom('platform.event')
    .select('is_data')
    .where('action', '=', 'ingestion.history_read')
    .execute()
  assert.ok(events.length > 0 && events.every(({ is_data }) => is_data))
})
