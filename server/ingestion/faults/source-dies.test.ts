import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Load } from '#contract/ingestion.ts'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { type DyingSource, startDyingMariadb, startDyingPostgres } from '#testing/faults/dying-source.ts'
import { hasMariadb } from '#testing/mariadb.ts'
import { postgresBin } from '#testing/postgres.ts'
import { type Line, openProxy, type ResettableProxy } from '#testing/resettable-proxy.ts'

// F20: a source that dies in mid-stream. Injected by bytes carried, so that no test depends on speed.

const secret = 'Kou-Ling-7391'
/** About a third of what one of the two connections carries. */
const middle = 2_000_000
let rows = 220_000

const kinds = [
  { name: 'PostgreSQL', package: 'postgresql', isThere: postgresBin() !== undefined, start: startDyingPostgres },
  { name: 'MariaDB', package: 'mariadb-server', isThere: hasMariadb(), start: startDyingMariadb },
]

/** What happens to a line in the middle of a load. */
const faults: Record<string, (source: DyingSource, line: Line) => unknown> = {
  'a line that is reset': (_source, line) => line.reset(),
  'a line that ends early as if everything had been said': (_source, line) => line.finish(),
  'a source whose administrator ends the connections': (source) => source.endConnections(),
  'a source whose processes are killed': (source) => source.killBackends(),
}

for (const kind of kinds) {
  const isMissing = !kind.isThere && process.env.CI !== 'true'
  describe(kind.name, { skip: isMissing && `Debian's package ${kind.package} is not installed` }, () => {
    let city: TestCity
    let source: DyingSource
    let proxy: ResettableProxy
    let steward: Client
    let entryId: string
    let planId: string
    /** Rows of the newest load that succeeded. */
    let liveRows = 0

    before(async () => {
      city = await openTestCity()
      source = await kind.start(secret)
      proxy = await openProxy(source.port)
      await source.fill(rows)
      const items = [
        { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
        { code: 'name', name: '名称', dataType: 'C', length: 80 },
        { code: 'version', name: '版次', dataType: 'I' },
      ] as const
      ;({ steward, entryId } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] }))
      const settings = { ...source.settings, host: '127.0.0.1', port: proxy.port }
      const { id: sourceId } = await steward.call('create_source', { body: { name: '登记库', settings, secret } as never })
      const mapping = items.map(({ code }) => ({ item: code, column: code }))
      planId = (await steward.call('create_plan', { body: { entryId, sourceId, object: 'firm', mapping, verify: 'content' } })).id
    })
    after(async () => {
      await city.close()
      await proxy.close()
      await source.stop()
    })

    /** The source has another version of the table by now. */
    const change = () => {
      rows += 1000
      return source.fill(rows)
    }

    /** What the entry's readers see is the whole of one version. */
    async function assertLive(rows: number, what: string): Promise<void> {
      const resources = await city.app.plane.db
        .selectFrom('catalog.resource')
        .select('lake_table')
        .where('entry_id', '=', entryId)
        .execute()
      assert.equal(resources.length, 1, what)
      const [found] = await city.app.lake.measure(
        `SELECT count() AS n, uniqExact(id) AS ids, min(version) AS oldest, max(version) AS newest FROM lake.${resources[0]!.lake_table}`,
      )
      const n = String(rows)
      assert.deepEqual(found, { n, ids: n, oldest: n, newest: n }, what)
      assert.equal((await steward.call('get_entry', { params: { entryId } })).rows, rows, what)
    }

    /** Nothing of a load that did not succeed is left in the lake. */
    async function assertNoRemains({ id }: Load): Promise<void> {
      const left = await city.app.lake.measure(
        "SELECT name FROM system.tables WHERE database = 'lake' AND position(name, {id:String}) > 0",
        {
          id: id.replaceAll('-', ''),
        },
      )
      assert.deepEqual(left, [])
    }

    async function assertFails(): Promise<void> {
      const { id } = await steward.call('start_load', { params: { planId } })
      const load = await awaitLoad(steward, id, 120)
      assert.equal(load.state, 'failed')
      assert.match(load.error!.code, /^ingestion\.source_(lost|unreachable|busy)$/, load.error!.detail)
      assert.match(load.error!.detail, /数据源/)
      const events = await city.app.plane.db.selectFrom('platform.event').selectAll().execute()
      for (const text of [JSON.stringify(load), JSON.stringify(events)]) assert.ok(!text.includes(secret), 'the password is nowhere')
      await assertNoRemains(load)
    }

    async function assertLoads(): Promise<void> {
      const { state, read, sent, written, quarantined, agrees, error } = await runPlan(steward, planId)
      const whole = { state: 'succeeded', read: rows, sent: rows, written: rows, quarantined: 0, agrees: true, error: null }
      assert.deepEqual({ state, read, sent, written, quarantined, agrees, error }, whole)
      liveRows = rows
      await assertLive(rows, 'after the source is back')
    }

    test('a table is loaded whole', assertLoads)

    for (const [name, act] of Object.entries(faults)) {
      test(`${name} once: the load is tried again and succeeds`, async () => {
        await change()
        const before = proxy.breaks
        proxy.breakAfter(middle, (line) => act(source, line))
        await assertLoads()
        assert.equal(proxy.breaks, before + 1)
      })

      test(`${name} at every try: the load fails, and the old data stays live`, async () => {
        await change()
        const before = proxy.breaks
        proxy.breakAfter(middle, (line) => act(source, line), true)
        await assertFails()
        assert.ok(proxy.breaks > before + 1, 'it was tried again')
        await assertLive(liveRows, 'while the line is broken')
        proxy.mend()
        await assertLoads()
      })
    }

    test('a server that is killed fails the load, and the old data stays live until it is back', async () => {
      await change()
      const before = proxy.breaks
      proxy.breakAfter(middle, async () => {
        proxy.target = 0
        await source.kill()
      })
      await assertFails()
      assert.equal(proxy.breaks, before + 1)
      await assertLive(liveRows, 'while the source is dead')
      source = await kind.start(secret)
      proxy.target = source.port
      await source.fill(rows)
      await assertLoads()
    })
  })
}
