import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { RunEvent } from '#contract/ingestion/lineage.ts'
import { runPlan } from '#testing/await-load.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { applyFor, approve, shareEntry } from '#testing/build-shared-data.ts'
import { needsShared, sharedPath } from '#testing/shared-folder.ts'
import { newId } from '../../kernel/ids.ts'
import { inTx } from '../../store/index.ts'
import { insertLoad } from '../load/load-store.ts'

const files = mkdtempSync(join(tmpdir(), 'datong-files-'))
const items = [
  { code: 'id', name: '编号', dataType: 'I' as const, isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C' as const, length: 40 },
]
type Group = Record<string, Record<string, { _schemaURL: string }>>
let city: TestCity
let steward: Client
let officer: Client
let entryId: string
let planId: string
before(async () => {
  city = await openTestCity({ fileRoots: [files] })
  ;({ entryId, steward, officer } = await shareEntry(city, '厦门市商务局', { name: '商户名录', items }))
  const { id: sourceId } = await steward.call('create_source', { body: { name: '文件夹', settings: { kind: 'folder', path: '' } } })
  const mapping = [
    { item: 'id', column: '编号' },
    { item: 'name', column: '名称' },
  ]
  const body = { entryId, sourceId, object: 'shop.csv', mapping, quarantineLimit: 0.5, verify: 'content' } as const
  planId = (await steward.call('create_plan', { body })).id
})
after(() => city.close())

const events = async (who: Client = steward) => (await who.call('list_run_events', { query: { planId } })).items
const types = (list: RunEvent[]) => list.map(({ eventType }) => eventType)

test('a load that succeeds leaves START and COMPLETE with the five numbers as assertions', async () => {
  writeFileSync(join(files, 'shop.csv'), '编号,名称\n1,甲\nx,乙\n3,丙\n')
  const load = await runPlan(steward, planId)
  assert.equal(load.state, 'succeeded')
  const list = await events()
  assert.deepEqual(types(list), ['START', 'COMPLETE'])
  const end = list[1]!
  assert.equal(end.run.runId, load.id)
  const { read, sent, written, quarantined, agrees } = end.run.facets.datong_load
  assert.deepEqual([read, sent, written, quarantined, agrees], [3, 3, 2, 1, true])
  const input = end.inputs[0]! as { inputFacets: Record<string, { assertions?: { assertion: string; success: boolean }[] }> }
  assert.deepEqual(
    input.inputFacets.dataQualityAssertions!.assertions!.map(({ assertion, success }) => [assertion, success]),
    [
      ['sent_equals_read', true],
      ['written_and_quarantined_equal_read', true],
      ['contents_agree', true],
    ],
  )
})

test('a load that fails leaves FAIL with the words that people are shown; one that is cancelled leaves ABORT', async () => {
  writeFileSync(join(files, 'shop.csv'), '编号,名称\nx,甲\ny,乙\n3,丙\n')
  const load = await runPlan(steward, planId)
  assert.equal(load.state, 'failed')
  const failed = (await events()).at(-1)!
  assert.equal(failed.eventType, 'FAIL')
  assert.equal(failed.run.facets.datong_load.errorCode, 'ingestion.quarantine_limit')
  assert.equal((failed.run.facets.errorMessage as { message: string }).message, load.error!.detail)
  // Waiting in the queue, as far as the city can tell: nobody will run it.
  const id = newId()
  const common = { plan_id: planId, entry_id: entryId, org_id: steward.org.id, kind: 'full', started_by: '测试' } as const
  await inTx(city.app.system('test'), (ctx) => insertLoad(ctx.db, { ...common, id, queued_at: ctx.now() }))
  await steward.call('cancel_load', { params: { loadId: id } })
  assert.deepEqual(types((await steward.call('list_run_events', { query: { loadId: id } })).items), ['START', 'ABORT'])
})

test('every event is valid by the schemas of OpenLineage, and our own facets by ours', needsShared('vectors'), async () => {
  const list = await events()
  assert.ok(list.length >= 6)
  for (const event of list) RunEvent.parse(event)
  const folder = sharedPath('vectors', 'openlineage')
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'))
  ajv.addSchema(read('OpenLineage.json'))
  const facets = new Map<string, object>()
  for (const name of readdirSync(join(folder, 'facets'))) {
    const schema = read(`facets/${name}`)
    ajv.addSchema(schema)
    facets.set(schema.$id, schema)
  }
  const refuse = (schemaId: string, value: unknown) => {
    const validate = ajv.getSchema(schemaId)
    assert.ok(validate, schemaId)
    assert.ok(validate(value), `${schemaId} ${JSON.stringify(validate.errors)}`)
  }
  let checked = 0
  for (const event of list) {
    refuse('https://openlineage.io/spec/2-0-2/OpenLineage.json', event)
    const groups = [event.run, event.job, ...event.inputs, ...event.outputs] as unknown as Group[]
    for (const group of groups)
      for (const kind of ['facets', 'inputFacets', 'outputFacets'])
        for (const [name, facet] of Object.entries(group[kind] ?? {})) {
          if (name.startsWith('datong_')) continue
          assert.ok(facets.has(facet._schemaURL), `${name}: ${facet._schemaURL}`)
          refuse(facet._schemaURL, { [name]: facet })
          checked++
        }
  }
  assert.ok(checked > 30)
})

test('the export has the same events as JSON lines, by time; another organisation has none, the bureau all', async () => {
  const { bytes } = await steward.call('export_run_events', { query: { planId } })
  const lines = bytes.toString().trimEnd().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    await events(),
  )
  const late = await steward.call('export_run_events', { query: { from: '2100-01-01T00:00:00Z' } })
  assert.equal(late.bytes.toString(), '')
  assert.deepEqual(await events(await city.as('厦门市水利局', 'steward')), [])
  assert.equal((await events(await city.as('厦门市数据管理局', 'bureau_officer'))).length, lines.length)
})

test('the lineage of an entry leads from the source’s columns over its items to those who receive them', async () => {
  const consumer = { steward: await city.as('厦门市水利局', 'steward'), officer: await city.as('厦门市水利局', 'data_officer') }
  const grant = await approve(officer, await applyFor(consumer, entryId, { items: ['id', 'name'] }))
  const of = (who: Client) => who.call('get_entry_lineage', { params: { entryId } })
  const own = await of(steward)
  assert.deepEqual(
    own.upstream.map(({ sourceName, object, columns }) => [sourceName, object, columns]),
    [
      [
        '文件夹',
        'shop.csv',
        [
          { column: '编号', item: 'id' },
          { column: '名称', item: 'name' },
        ],
      ],
    ],
  )
  assert.deepEqual(
    own.downstream.map(({ number, consumer, endpoint, items }) => [number, consumer.name, endpoint, items.map(({ item }) => item)]),
    [[grant.number, '厦门市水利局', `/share/v1/${grant.number}`, ['id', 'name']]],
  )
  // Who receives the data sees his own grant and not the provider's database; a third one sees neither.
  const receiver = await of(consumer.steward)
  assert.deepEqual([receiver.upstream.length, receiver.downstream.length], [0, 1])
  const third = await of(await city.as('厦门市教育局', 'steward'))
  assert.deepEqual([third.upstream.length, third.downstream.length], [0, 0])
})
