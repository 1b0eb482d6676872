import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadMode } from '#contract/ingestion.ts'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { sweepLoads } from '../load/sweep-loads.ts'

/** Statements at which a load is frozen and cancelled: a few of them, or as many as are asked for. */
const freezes = Number(process.env.FREEZES ?? (process.env.CI === 'true' ? 6 : 3))
const root = mkdtempSync(join(tmpdir(), 'datong-cancel-'))
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true },
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

/** The nth statement that a load gives to the engine waits until it is let go, as in a worker that hangs. */
function freezeAt(loadId: () => string | undefined, nth: number) {
  const { lake } = city.app
  const { define, command } = lake
  const frozen = Promise.withResolvers<void>()
  const thawed = Promise.withResolvers<void>()
  let seen = 0
  const gate = async (sql: string) => {
    const id = loadId()?.replaceAll('-', '')
    if (!id || !sql.includes(id) || ++seen !== nth) return
    frozen.resolve()
    await thawed.promise
  }
  lake.define = (sql, ...rest) => gate(sql).then(() => define(sql, ...rest))
  lake.command = (sql, ...rest) => gate(sql).then(() => command(sql, ...rest))
  return {
    frozen: frozen.promise,
    thaw: () => {
      Object.assign(lake, { define, command })
      thawed.resolve()
    },
  }
}

const modes: { name: string; mode: LoadMode; object: string; fileOf: (round: number) => string; idsOf: (round: number) => number[] }[] = [
  {
    name: 'a comparison with history',
    mode: { kind: 'compare', keepHistory: true },
    object: 'all.csv',
    fileOf: () => 'all.csv',
    // Each round a key comes, one goes, and every third row changes its name.
    idsOf: (round) => Array.from({ length: 20 }, (_, i) => i + round),
  },
  {
    name: 'an appended file',
    mode: { kind: 'append' },
    object: '*.csv',
    fileOf: (round) => `${String(round).padStart(3, '0')}.csv`,
    idsOf: (round) => [round * 10, round * 10 + 1],
  },
]
const nameOf = (id: number, round: number, mode: LoadMode) => (mode.kind === 'compare' && id % 3 === 0 ? `第${round}版` : `第${id}号`)

for (const { name, mode, object, fileOf, idsOf } of modes)
  test(`${name} that is cancelled while it hangs changes nothing, not even when it wakes`, { timeout: 500_000 }, async (t) => {
    const folder = mode.kind
    mkdirSync(join(root, folder))
    const write = (round: number) => {
      const path = join(root, folder, fileOf(round))
      writeFileSync(path, ['id,name', ...idsOf(round).map((id) => `${id},${nameOf(id, round, mode)}`), ''].join('\n'))
      utimesSync(path, new Date(), new Date(Date.now() - 3600_000 + round * 1000))
    }
    const expected = (round: number) =>
      (mode.kind === 'compare' ? [round] : Array.from({ length: round + 1 }, (_, i) => i))
        .flatMap((each) => idsOf(each).map((id) => `${id} ${nameOf(id, each, mode)}`))
        .sort()
    write(0)
    const { entryId } = await publishEntry(city, '厦门市市场监督管理局', { name: `名录 ${folder}`, items: [...items] })
    const { id: sourceId } = await steward.call('create_source', { body: { name: folder, settings: { kind: 'folder', path: folder } } })
    const { id: planId } = await steward.call('create_plan', { body: { entryId, sourceId, object, mapping, mode, deletionLimit: 1 } })
    const live = async () => {
      const { lake_table: table } = await city.app.plane.db
        .selectFrom('catalog.resource')
        .select('lake_table')
        .where('entry_id', '=', entryId)
        .executeTakeFirstOrThrow()
      const rows = await city.app.lake.measure<{ row: string }>(`SELECT concat(toString(id), ' ', name) AS row FROM lake.${table}`)
      return rows.map(({ row }) => row).sort()
    }
    assert.equal((await runPlan(steward, planId)).state, 'succeeded')
    assert.deepEqual(await live(), expected(0))
    let nth = 1 + Math.floor(Math.random() * 3)
    for (let round = 1; round <= freezes; round++) {
      write(round)
      const started: { id?: string } = {}
      const ice = freezeAt(() => started.id, nth)
      started.id = (await steward.call('start_load', { params: { planId } })).id
      const isFrozen = await Promise.race([ice.frozen.then(() => true), awaitLoad(steward, started.id).then(() => false)])
      t.diagnostic(`round ${round}: ${isFrozen ? 'frozen' : 'over'} at statement ${nth}`)
      if (isFrozen) {
        await steward.call('cancel_load', { params: { loadId: started.id } })
        assert.deepEqual(await live(), expected(round - 1))
        assert.equal((await runPlan(steward, planId)).state, 'succeeded')
      }
      assert.deepEqual(await live(), expected(round))
      ice.thaw()
      await sleep(500)
      assert.deepEqual(await live(), expected(round))
      nth = isFrozen ? nth + 1 + Math.floor(Math.random() * 6) : 1
    }
    if (mode.kind === 'compare') {
      const page = await steward.call('read_entry_as_of', { params: { entryId }, query: { at: '2299-01-01T00:00:00Z' } })
      assert.deepEqual(page.rows.map((row) => row.join(' ')).sort(), expected(freezes))
    }
    // What cancelled loads left is swept: the live table, its history, and those in the time of grace remain.
    await sleep(2500)
    await sweepLoads({ ...city.app.system('test'), now: () => new Date(Date.now() + 2 * 3600_000) })
    const left = (await city.app.lake.tables()).map(({ name }) => name.slice(0, 2)).filter((kind) => kind !== 'r_' && kind !== 'h_')
    assert.deepEqual(left, [])
    assert.deepEqual(await live(), expected(freezes))
  })
