import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'

const files = mkdtempSync(join(tmpdir(), 'datong-files-'))
let city: TestCity
let steward: Client
let planId: string
before(async () => {
  city = await openTestCity({ fileRoots: [files] })
  const items = [
    { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
    { code: 'born', name: '成立日期', dataType: 'D' },
    { code: 'staff', name: '人数', dataType: 'I' },
  ] as const
  const built = await publishEntry(city, '厦门市商务局', { name: '商户名录', items: [...items] })
  steward = built.steward
  const { id: sourceId } = await steward.call('create_source', { body: { name: '文件夹', settings: { kind: 'folder', path: '' } } })
  // Every third day is written with a text around it; every sixth of these has a wrong number too.
  const lines = Array.from({ length: 1200 }, (_, i) => {
    const day = `2020-01-${String((i % 28) + 1).padStart(2, '0')}`
    return `${i + 1},${i % 3 === 0 ? `约${day}` : day},${i % 18 === 0 ? '若干' : i}`
  })
  writeFileSync(join(files, 'shop.csv'), `id,born,staff\n${lines.join('\n')}\n`)
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId: built.entryId, sourceId, object: 'shop.csv', mapping, quarantineLimit: 1 }
  planId = (await steward.call('create_plan', { body })).id
  const load = await runPlan(steward, planId)
  assert.deepEqual([load.state, load.quarantined], ['succeeded', 400])
})
after(() => city.close())

const rule = { reason: 'ingestion.not_a_date', item: 'born', find: '约', replace: '', match: 'part' } as const
const apply = (preview: boolean, more: object = {}) =>
  steward.call('correct_by_rule', { params: { planId }, body: { ...rule, ...more, preview } })
const waiting = async (state: 'open' | 'corrected') =>
  (await steward.call('list_quarantine', { params: { planId }, query: { state, limit: 1000 } })).items.length

test('a preview tells how many rows a rule reaches and how many it heals, and changes nothing', async () => {
  const told = await apply(true)
  const healed = 400 - Math.ceil(1200 / 18)
  assert.deepEqual([told.matched, told.heals, told.isCut], [400, healed, false])
  assert.deepEqual(told.samples[0], { row: 1, before: '约2020-01-01', after: '2020-01-01' })
  assert.deepEqual([await waiting('open'), await waiting('corrected')], [400, 0])
  assert.equal((await apply(true, { match: 'whole' })).matched, 0)
  assert.equal((await apply(true, { match: 'whole', find: '约2020-01-01' })).matched > 0, true)
  assert.equal((await apply(true, { find: '没有' })).matched, 0)
  const left = await city.app.lake.measure("SELECT name FROM system.tables WHERE database = 'lake' AND endsWith(name, '_0')")
  assert.deepEqual(left, [])
})

test('applied, the rows wait for the replay, which loads exactly those that were promised', async () => {
  const { heals } = await apply(false)
  assert.deepEqual([await waiting('open'), await waiting('corrected')], [0, 400])
  const replay = await awaitLoad(steward, (await steward.call('replay_quarantine', { params: { planId } })).id)
  assert.deepEqual([replay.state, replay.quarantined, replay.written], ['succeeded', 400 - heals, 800 + heals])
})

test('an item that is not there is refused, another organisation finds nothing', async () => {
  const body = { ...rule, item: 'nothing', preview: true }
  assert.equal((await steward.attempt('correct_by_rule', { params: { planId }, body })).statusCode, 400)
  const stranger = await city.as('厦门市水利局', 'steward')
  assert.equal((await stranger.attempt('correct_by_rule', { params: { planId }, body })).statusCode, 404)
})
