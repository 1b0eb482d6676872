import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { type DyingSource, startDyingMariadb, startDyingPostgres } from '#testing/faults/dying-source.ts'
import { hasMariadb } from '#testing/mariadb.ts'
import { postgresBin } from '#testing/postgres.ts'
import { openProxy, type ResettableProxy } from '#testing/resettable-proxy.ts'

// F20: a source that keeps its connections and says nothing. No error ever comes: only a limit ends the load.

const secret = 'Kou-Ling-7391'
const rows = 220_000
const middle = 2_000_000
/** The shortest that a source may be given. */
const statementSeconds = 10
const never = () => new Promise(() => {})

const kinds = [
  { name: 'PostgreSQL', package: 'postgresql', isThere: postgresBin() !== undefined, start: startDyingPostgres },
  { name: 'MariaDB', package: 'mariadb-server', isThere: hasMariadb(), start: startDyingMariadb },
]

for (const kind of kinds) {
  const isMissing = !kind.isThere && process.env.CI !== 'true'
  describe(kind.name, { skip: isMissing && `Debian's package ${kind.package} is not installed` }, () => {
    let city: TestCity
    let source: DyingSource
    let proxy: ResettableProxy
    let steward: Client
    let planId: string
    /** Of another source, which is well. */
    let otherPlanId: string

    before(async () => {
      // One worker: who waits for a source that hangs keeps everybody waiting.
      city = await openTestCity({ env: { DATONG_LOADS: '1' } })
      source = await kind.start(secret)
      proxy = await openProxy(source.port)
      await source.fill(rows)
      const items = [
        { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
        { code: 'name', name: '名称', dataType: 'C', length: 80 },
      ] as const
      const mapping = items.map(({ code }) => ({ item: code, column: code }))
      const planOf = async (name: string, settings: object, object: string) => {
        const built = await publishEntry(city, '厦门市市场监督管理局', { name, items: [...items] })
        steward = built.steward
        const body = { name, settings, secret, care: { statementSeconds } } as never
        const { id: sourceId } = await steward.call('create_source', { body })
        if (object === 'other.csv')
          await steward.call('upload_file', { query: { fileName: object, sourceId }, body: Buffer.from('id,name\n1,甲\n') })
        return (await steward.call('create_plan', { body: { entryId: built.entryId, sourceId, object, mapping, verify: 'content' } })).id
      }
      planId = await planOf('企业名录', { ...source.settings, host: '127.0.0.1', port: proxy.port }, 'firm')
      otherPlanId = await planOf('别的名录', { kind: 'upload' }, 'other.csv')
      assert.equal((await runPlan(steward, planId)).written, rows)
    })
    after(async () => {
      await city.close()
      await proxy.close()
      await source.stop()
    })

    /** The load ends with this cause, the one behind it has its turn, and the old data are live. */
    async function assertGivenUp(code: RegExp): Promise<void> {
      const { id } = await steward.call('start_load', { params: { planId } })
      const { id: next } = await steward.call('start_load', { params: { planId: otherPlanId } })
      const load = await awaitLoad(steward, id, 180)
      assert.equal(load.state, 'failed')
      assert.match(load.error!.code, code, load.error!.detail)
      assert.match(load.error!.detail, /数据源/)
      assert.equal((await awaitLoad(steward, next, 60)).state, 'succeeded')
      const { lastLoad, entryId } = await steward.call('get_plan', { params: { planId } })
      assert.equal(lastLoad?.id, id)
      assert.equal((await steward.call('get_entry', { params: { entryId } })).rows, rows)
    }

    test('a line that falls silent in the middle of the rows', async () => {
      proxy.breakAfter(middle, never, true)
      await assertGivenUp(/^ingestion.source_silent$/)
    })

    test('a line that falls silent as soon as it is made', async () => {
      proxy.breakAfter(1, never, true)
      await assertGivenUp(/^ingestion.source_unreachable$/)
    })

    test('a server whose processes are stopped in the middle of the rows', async () => {
      let thaw = () => {}
      // Which of its connections was waiting decides what is said.
      proxy.breakAfter(middle, async () => {
        thaw = await source.freeze()
      })
      try {
        await assertGivenUp(/^ingestion.source_(silent|slow|unreachable)$/)
      } finally {
        thaw()
      }
    })

    test('a source that speaks again is read', async () => {
      proxy.mend()
      assert.equal((await runPlan(steward, planId)).state, 'succeeded')
    })
  })
}
