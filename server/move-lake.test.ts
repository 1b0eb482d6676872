import assert from 'node:assert/strict'
import { test } from 'node:test'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { buildPerson } from '#testing/build-people.ts'
import { openTestCity } from '#testing/city.ts'
import { testEngine } from '#testing/lake/test-lake.ts'
import { openApp } from './app.ts'
import { readConfig } from './config.ts'
import { inProcessClient } from './http/index.ts'
import { moveEmbeddedLake } from './move-lake.ts'
import { hasEmbeddedLake, verifyChain } from './store/index.ts'

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 60 },
] as const
const csv = Buffer.from(['id,name', ...Array.from({ length: 3000 }, (_, i) => `${i + 1},第${i + 1}号企业`), '坏,没有编号', ''].join('\n'))

if (testEngine !== 'chdb')
  test('an embedded city moves onto servers with one command, serves the same rows, and corrects its quarantine there', async () => {
    // The servers stand by; the city begins embedded.
    const city = await openTestCity({ env: { CLICKHOUSE_URL: '' } })
    const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
    const { id: sourceId } = await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })
    await steward.call('upload_file', { query: { fileName: 'firm.csv', sourceId }, body: csv })
    const mapping = items.map(({ code }) => ({ item: code, column: code }))
    const body = { entryId, sourceId, object: 'firm.csv', mapping, verify: 'content', quarantineLimit: 0.5 } as const
    const { id: planId } = await steward.call('create_plan', { body })
    const load = await runPlan(steward, planId)
    assert.deepEqual([load.state, load.written, load.quarantined], ['succeeded', 3000, 1])
    await city.app.close()

    const embedded = readConfig({ DATONG_HOME: city.home, LOG_LEVEL: 'error', DATABASE_URL: city.databaseUrl })
    const config = readConfig({
      DATONG_HOME: city.home,
      LOG_LEVEL: 'error',
      DATABASE_URL: city.databaseUrl,
      CLICKHOUSE_URL: city.servers!.urls.join(','),
    })
    await assert.rejects(openApp(config), /move-lake/)
    await assert.rejects(moveEmbeddedLake(config, { confirmed: true, say: () => {} }), /move-lake/)
    const lines: string[] = []
    await moveEmbeddedLake(config, { confirmed: false, say: (line) => lines.push(line) })
    assert.match(lines.at(-1)!, /^Moved 2 tables, 3001 rows/)
    await assert.rejects(openApp(embedded), /CLICKHOUSE_URL/)

    const app = await openApp(config, { strictAudit: true })
    try {
      const person = await buildPerson(app, steward.org, ['steward'])
      const client = { org: steward.org, ...person, ...inProcessClient(() => app.http, person) }
      const quarantined = await client.call('list_quarantine', { params: { planId } })
      const [row] = quarantined.items
      assert.equal(quarantined.items.length, 1)
      await client.call('correct_quarantined_row', {
        params: { planId, rowId: row!.id },
        body: { values: { id: '4000', name: '有编号了' } },
      })
      const { id } = await client.call('replay_quarantine', { params: { planId } })
      const replay = await awaitLoad(client, id)
      assert.deepEqual([replay.state, replay.written, replay.quarantined], ['succeeded', 3001, 0])
      assert.ok((await verifyChain(app.plane.db)).intact)
    } finally {
      await app.close()
    }
    assert.ok(hasEmbeddedLake(city.home))
    await moveEmbeddedLake(config, { confirmed: true, say: () => {} })
    assert.ok(!hasEmbeddedLake(city.home))
    await assert.rejects(openApp(embedded), /CLICKHOUSE_URL/)
    await city.close()
  })
