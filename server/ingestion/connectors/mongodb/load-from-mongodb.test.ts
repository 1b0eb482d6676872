import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { BSON, type Document } from 'mongodb'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startTestMongodb, type TestMongodb } from '#testing/servers/test-mongodb.ts'

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'at', name: '更新时间', dataType: 'T' },
] as const
const firm = (i: number, name = `企业${i}`) => ({ _id: new BSON.Int32(i), name, at: new Date(Date.UTC(2024, 0, 1) + i * 1000) })
/** The sample and the count see what is there; the reading never ends. */
function* endless(command: Document) {
  const isReading = 'find' in command && !command.singleBatch
  for (let i = 1; isReading || i <= 2000; i++) yield firm(i)
}
const firms = (count: number) => () => Array.from({ length: count }, (_, i) => firm(i + 1))

let city: TestCity
let server: TestMongodb
let steward: Client
let entryId: string
let sourceId: string
let planId: string

before(async () => {
  city = await openTestCity()
  server = await startTestMongodb({ firm: { documents: firms(1000) } })
  const published = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
  entryId = published.entryId
  steward = published.steward
  const settings = { kind: 'mongodb', host: '127.0.0.1', port: server.port, database: 'gongshang', user: 'reader' } as const
  sourceId = (await steward.call('create_source', { body: { name: '工商库', settings, secret: 'secret' } as never })).id
  const mapping = items.map(({ code }) => ({ item: code, column: code === 'id' ? '_id' : code }))
  const mode = { kind: 'incremental', column: 'at', windowSeconds: 0 }
  const body = { entryId, sourceId, object: 'firm', mapping, verify: 'content', mode }
  planId = (await steward.call('create_plan', { body: body as never })).id
})
beforeEach(() => {
  server.collections.firm = { documents: firms(1000) }
})
after(async () => {
  server.close()
  await city.close()
})

const liveRows = async () => {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const [found] = await city.app.lake.measure<{ n: string; last: string }>(
    `SELECT count() AS n, argMax(name, id) AS last FROM lake.${lake_table}`,
  )
  return found
}
const landed = async () => (await city.app.lake.tables()).filter(({ name }) => name.startsWith('b_'))

test('a plan on MongoDB reads what is new, with care and in the book, where no value stands', async () => {
  const first = await runPlan(steward, planId)
  assert.deepEqual([first.state, first.read, first.written, first.agrees], ['succeeded', 1000, 1000, true])
  server.collections.firm!.documents = () => [
    ...firms(1000)().filter(({ _id }) => _id.value !== 3),
    firm(1001),
    { ...firm(3), at: firm(1002).at },
  ]
  const second = await runPlan(steward, planId)
  assert.deepEqual([second.state, second.read, second.inserted, second.changed], ['succeeded', 3, 1, 1])
  assert.deepEqual(await liveRows(), { n: '1001', last: '企业1001' })
  const { items: statements } = await steward.call('list_source_statements', { params: { sourceId } })
  const read = statements.find(({ statement }) => statement.startsWith('{"find":"firm","projection":{"_id":1') && statement.includes('$lt'))
  assert.deepEqual([read?.rows, read?.error], [3, null])
  assert.ok(read!.statement.includes('{"at":{"$not":{"$lt":"?"}}}'), read!.statement)
})

test('a survey proposes an entry of what the documents show, though nothing is declared', async () => {
  let survey = await steward.call('start_survey', { params: { sourceId } })
  while (!survey.finishedAt) {
    await sleep(100)
    survey = await steward.call('get_survey', { params: { surveyId: survey.id } })
  }
  assert.equal(survey.state, 'done')
  const params = { surveyId: survey.id }
  const { columns, items } = await steward.call('get_survey_profile', { params, query: { object: 'firm' } })
  assert.deepEqual(
    columns.map(({ name, type }) => [name, type]),
    [
      ['_id', 'int32'],
      ['name', 'string'],
      ['at', 'datetime'],
    ],
  )
  assert.deepEqual(
    items.map(({ code, dataType, isKey }) => [code, dataType, isKey]),
    [
      ['_id', 'I', true],
      ['name', 'C', false],
      ['at', 'T', false],
    ],
  )
})

test('a server that dies in the middle fails the load, and the old data stay', { timeout: 60_000 }, async () => {
  const before = await liveRows()
  server.collections.firm!.documents = firms(3000)
  server.breakAfter = 2500
  const { id } = await steward.call('start_load', { params: { planId } })
  while (server.breakAfter > 0) await sleep(50)
  const ended = await awaitLoad(steward, id)
  server.breakAfter = Number.POSITIVE_INFINITY
  assert.notEqual(ended.state, 'succeeded')
  assert.deepEqual(await liveRows(), before)
  assert.deepEqual(await landed(), [])
})

test('a load that is cancelled while documents arrive without end stops, and its cursor with it', { timeout: 60_000 }, async () => {
  const before = await liveRows()
  server.collections.firm!.documents = endless
  server.sent = 0
  server.commands = []
  const { id } = await steward.call('start_load', { params: { planId } })
  while (server.sent < 20_000) await sleep(50)
  await steward.call('cancel_load', { params: { loadId: id } })
  assert.equal((await awaitLoad(steward, id)).state, 'cancelled')
  for (let sent = -1; sent !== server.sent; await sleep(500)) sent = server.sent
  while (!server.commands.some((command) => 'killCursors' in command)) await sleep(50)
  assert.deepEqual(await liveRows(), before)
  while ((await landed()).length > 0) await sleep(100)
})

test('a load of a server that hangs in the middle can be cancelled', { timeout: 60_000 }, async () => {
  server.collections.firm!.documents = endless
  server.sent = 0
  const { id } = await steward.call('start_load', { params: { planId } })
  while (server.sent < 5000) await sleep(10)
  server.isFrozen = true
  await steward.call('cancel_load', { params: { loadId: id } })
  assert.equal((await awaitLoad(steward, id)).state, 'cancelled')
  server.isFrozen = false
  while ((await landed()).length > 0) await sleep(100)
})
