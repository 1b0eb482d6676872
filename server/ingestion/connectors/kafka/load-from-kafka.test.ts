import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadMode } from '#contract/ingestion.ts'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { hasKcat, type KafkaMock, startKafkaMock } from '#testing/servers/kafka-mock.ts'
import { openFiles } from '../../../store/index.ts'
import { openKafka } from './kafka.ts'

const isMissing = !hasKcat()
if (isMissing) {
  console.log('kcat is not installed: the loads from Kafka do not run')
  assert.notEqual(process.env.CI, 'true', 'CI has kcat')
}
const skip = isMissing
const items = [
  { code: 'id', name: '编号', dataType: 'C', length: 40, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'amount', name: '金额', dataType: 'N', length: 30, scale: 2 },
  { code: 'at', name: '写入时间', dataType: 'T' },
  { code: 'place', name: '位置', dataType: 'C', length: 40 },
] as const
const columns = { id: 'id', name: 'body.name', amount: 'body.amount', at: '_timestamp', place: '_offset' }
const mapping = items.map(({ code }) => ({ item: code, column: columns[code] }))

let city: TestCity
let mock: KafkaMock
let steward: Client
before(async () => {
  if (isMissing) return
  city = await openTestCity()
  mock = await startKafkaMock()
  steward = await city.as('厦门市市场监督管理局', 'steward')
})
after(async () => {
  await mock?.stop()
  await city?.close()
})

const settingsOf = ({ brokers }: KafkaMock) => ({ kind: 'kafka' as const, brokers, mechanism: 'none' as const, user: '', certificate: '' })
async function planOf(object: string, mode: LoadMode = { kind: 'append' }, more: object = {}, quarantineLimit = 0.9) {
  const { entryId } = await publishEntry(city, '厦门市市场监督管理局', { name: `流水 ${object} ${mode.kind}`, items: [...items] })
  const source = await steward.call('create_source', {
    body: { name: `${object} ${mode.kind}`, settings: settingsOf(mock), ...more } as never,
  })
  const body = { entryId, sourceId: source.id, object, mapping, mode, quarantineLimit }
  return { entryId, sourceId: source.id, planId: (await steward.call('create_plan', { body: body as never })).id }
}

/** Of the live table; ids must not be there twice. */
async function live(entryId: string): Promise<Record<string, string>[]> {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  return city.app.lake.measure<Record<string, string>>(
    `SELECT id, name, toString(amount) AS amount, toString(at) AS at, place, _row FROM lake.${lake_table} ORDER BY length(id), id`,
  )
}
const ids = async (entryId: string) => (await live(entryId)).map(({ id }) => Number(id))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
const orders = (from: number, to: number) => range(from, to).map((id) => `{"id":"${id}","body":{"name":"企业${id}","amount":${id}.10}}`)

test('each message of all partitions is appended once, however often loads run between', { skip, timeout: 120_000 }, async () => {
  for (const partition of [0, 1, 2]) await mock.produce('orders', orders(partition * 100, partition * 100 + 50), { partition })
  const { entryId, planId, sourceId } = await planOf('orders')
  const first = await runPlan(steward, planId)
  assert.deepEqual([first.state, first.read, first.written, first.inserted], ['succeeded', 150, 150, 150])
  await mock.produce('orders', orders(50, 60), { partition: 0, compression: 'lz4' })
  await mock.produce('orders', orders(300, 400), { partition: 3, compression: 'snappy' })
  const second = await runPlan(steward, planId)
  assert.deepEqual([second.read, second.written, second.reasons], [110, 110, []])
  const third = await runPlan(steward, planId)
  assert.deepEqual([third.state, third.read, third.written], ['succeeded', 0, 0])
  assert.deepEqual(await ids(entryId), [...range(0, 60), ...range(100, 150), ...range(200, 250), ...range(300, 400)])
  const rows = await live(entryId)
  assert.equal(new Set(rows.map(({ _row }) => _row)).size, rows.length)
  assert.deepEqual([rows[59]!.name, rows[59]!.amount, rows[59]!.place], ['企业59', '59.1', '59'])
  const { items: files } = await steward.call('list_loaded_files', { params: { planId } })
  assert.deepEqual(
    files.map(({ path, state, read }) => [path.replaceAll(/0{15}/g, ''), state, read]),
    [
      ['orders/0/00000-00049', 'loaded', 50],
      ['orders/0/00050-00059', 'loaded', 10],
      ['orders/1/00000-00049', 'loaded', 50],
      ['orders/2/00000-00049', 'loaded', 50],
      ['orders/3/00000-00099', 'loaded', 100],
    ],
  )
  const { items: statements } = await steward.call('list_source_statements', { params: { sourceId } })
  assert.ok(statements.some(({ statement, rows }) => statement === 'FETCH orders PARTITION 0 FROM 50 UNTIL 60' && rows === 10))
  const { id } = await steward.call('start_load', { params: { planId }, query: { afresh: 'true' } })
  assert.equal((await awaitLoad(steward, id)).state, 'succeeded')
  assert.equal((await ids(entryId)).length, 260)
})

test('what is no row goes to quarantine with its text and can be corrected; the rest is exact', { skip, timeout: 120_000 }, async () => {
  const good = '{\n"id":123456789012345678901234567890,"body":{"name":"厦门 𠮷\u2028市","amount":1.1}}'
  await mock.produce('mixed', [good, '{"id":"1","body":', '["no object"]', '{"id":"2","id":"3"}', '{"body":{}}'], { partition: 0 })
  await mock.produce('mixed', ['键9\t'], { partition: 0, hasKeys: true })
  await mock.produce('mixed', [Buffer.from([0x7b, 0xff, 0x7d])], { partition: 0 })
  const { entryId, planId } = await planOf('mixed')
  const load = await runPlan(steward, planId)
  assert.deepEqual([load.state, load.read, load.written, load.quarantined], ['succeeded', 7, 1, 6])
  const [row] = await live(entryId)
  assert.deepEqual([row!.id, row!.name, row!.amount], ['123456789012345678901234567890', '厦门 𠮷\u2028市', '1.1'])
  assert.match(row!.at!, /^20\d\d-/)
  const { items: open } = await steward.call('list_quarantine', { params: { planId }, query: {} })
  assert.deepEqual(open.map(({ reason }) => reason).sort(), [
    ...['file.defect.message_bytes', 'file.defect.message_key_twice', 'file.defect.message_not_json'],
    ...['file.defect.message_not_object', 'file.defect.message_null', 'ingestion.missing_value'],
  ])
  const broken = open.find(({ reason }) => reason === 'file.defect.message_not_json')!
  assert.ok(JSON.stringify(broken).includes('{\\"id\\":\\"1\\",\\"body\\":'), JSON.stringify(broken))
  const values = { id: '1', name: '改', amount: '2', at: '2026-11-22 12:00:00', place: '1' }
  await steward.call('correct_quarantined_row', { params: { planId, rowId: broken.id }, body: { values } })
  const { id } = await steward.call('replay_quarantine', { params: { planId } })
  assert.equal((await awaitLoad(steward, id)).state, 'succeeded')
  await mock.produce('mixed', orders(7, 8), { partition: 1 })
  assert.equal((await runPlan(steward, planId)).written, 1)
  assert.deepEqual((await live(entryId)).map(({ id }) => id).slice(0, 2), ['1', '7'])
})

test('the limit of quarantine is of all pieces together', { skip, timeout: 120_000 }, async () => {
  await mock.produce('limited', orders(0, 20), { partition: 0 })
  await mock.produce('limited', ['no row'], { partition: 1 })
  const { entryId, planId } = await planOf('limited', { kind: 'append' }, {}, 0.1)
  const load = await runPlan(steward, planId)
  assert.deepEqual([load.state, load.read, load.written, load.quarantined], ['succeeded', 21, 20, 1])
  await mock.produce('limited', [...orders(20, 22), 'no row'], { partition: 0 })
  const refused = await runPlan(steward, planId)
  assert.deepEqual([refused.state, refused.error?.code], ['failed', 'ingestion.quarantine_limit'])
  assert.deepEqual(await ids(entryId), range(0, 20))
  await mock.produce('limited', orders(22, 40), { partition: 2 })
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
  assert.deepEqual(await ids(entryId), range(0, 40))
})

test('messages that the broker threw away are told, and what is there is loaded', { skip, timeout: 120_000 }, async () => {
  await mock.produce('short', orders(0, 3), { partition: 0 })
  const { entryId, planId } = await planOf('short')
  assert.equal((await runPlan(steward, planId)).written, 3)
  // The mock keeps 5 MB of a partition.
  const filler = 'x'.repeat(10_000)
  await mock.produce(
    'short',
    range(3, 800).map((id) => `{"id":"${id}","filler":"${filler}"}`),
    { partition: 0 },
  )
  const load = await runPlan(steward, planId)
  assert.equal(load.state, 'succeeded')
  const [lost] = load.reasons
  assert.deepEqual([load.reasons.length, lost!.reason], [1, 'ingestion.piece_lost'])
  assert.match(lost!.column, /^short\/0\/00000000000000000003-/)
  assert.ok(lost!.count > 100 && load.written! > 100)
  assert.equal(lost!.count + load.written!, 797)
  assert.equal((await ids(entryId)).length, 3 + load.written!)
  assert.deepEqual((await runPlan(steward, planId)).reasons, [])
})

test('a topic that was made anew is not taken for the old one', { skip, timeout: 120_000 }, async () => {
  await mock.produce('again', orders(0, 5), { partition: 0 })
  const { entryId, planId, sourceId } = await planOf('again')
  assert.equal((await runPlan(steward, planId)).written, 5)
  const other = await startKafkaMock()
  try {
    await other.produce('again', orders(0, 2), { partition: 0 })
    const { version } = await steward.call('get_source', { params: { sourceId } })
    await steward.call('update_source', { params: { sourceId }, body: { name: 'again', settings: settingsOf(other), version } as never })
    const load = await runPlan(steward, planId)
    assert.deepEqual([load.state, load.error?.code], ['failed', 'ingestion.topic_anew'])
    assert.equal((await ids(entryId)).length, 5)
    const { id } = await steward.call('start_load', { params: { planId }, query: { afresh: 'true' } })
    assert.equal((await awaitLoad(steward, id)).state, 'succeeded')
    assert.equal((await ids(entryId)).length, 2)
  } finally {
    await other.stop()
  }
})

test('a load that is cancelled between its pieces leaves nothing, and the next one has all', { skip, timeout: 120_000 }, async () => {
  const filler = 'y'.repeat(1000)
  for (const partition of [0, 1, 2])
    await mock.produce(
      'slow',
      range(0, 300).map((i) => `{"id":"${partition * 300 + i}","filler":"${filler}"}`),
      { partition },
    )
  const { entryId, planId, sourceId } = await planOf('slow', { kind: 'append' }, { care: { bytesPerSecond: 64 * 1024 } })
  const { id } = await steward.call('start_load', { params: { planId } })
  const fetched = async () =>
    (await steward.call('list_source_statements', { params: { sourceId } })).items.filter(({ rows }) => rows === 300)
  while ((await fetched()).length < 2) await sleep(50)
  await steward.call('cancel_load', { params: { loadId: id } })
  assert.equal((await awaitLoad(steward, id)).state, 'cancelled')
  assert.deepEqual((await steward.call('list_loaded_files', { params: { planId } })).items, [])
  const { version } = await steward.call('get_source', { params: { sourceId } })
  await steward.call('update_source', { params: { sourceId }, body: { name: 'slow', settings: settingsOf(mock), version } as never })
  const load = await runPlan(steward, planId)
  assert.deepEqual([load.state, load.read, load.written], ['succeeded', 900, 900])
  assert.deepEqual(await ids(entryId), range(0, 900))
})

test('a load of brokers that hang can be cancelled, and one that nobody cancels waits for them', { skip, timeout: 120_000 }, async () => {
  await mock.produce('hanging', orders(0, 10), { partition: 0 })
  const { entryId, planId } = await planOf('hanging')
  mock.hang()
  try {
    const { id } = await steward.call('start_load', { params: { planId } })
    while ((await steward.call('get_load', { params: { loadId: id } })).state !== 'running') await sleep(20)
    await sleep(300)
    await steward.call('cancel_load', { params: { loadId: id } })
    assert.equal((await awaitLoad(steward, id, 20)).state, 'cancelled')
    const { id: patient } = await steward.call('start_load', { params: { planId } })
    await sleep(1000)
    mock.wake()
    assert.deepEqual((await awaitLoad(steward, patient)).written, 10)
  } finally {
    mock.wake()
  }
  assert.deepEqual(await ids(entryId), range(0, 10))
})

test('a topic is loaded in full; other modes, and reading it in place, are refused', { skip, timeout: 120_000 }, async () => {
  for (const partition of [0, 2]) await mock.produce('whole', orders(partition * 10, partition * 10 + 10), { partition })
  const { entryId, planId, sourceId } = await planOf('whole', { kind: 'full' })
  for (const more of [0, 5]) {
    await mock.produce('whole', orders(100, 100 + more), { partition: 1 })
    const load = await runPlan(steward, planId)
    assert.deepEqual([load.state, load.read, load.written], ['succeeded', 20 + more, 20 + more])
  }
  assert.equal((await ids(entryId)).length, 25)
  // A field that no message has is said, not filled with nothing.
  const wrong = {
    entryId,
    sourceId,
    object: 'whole',
    mapping: mapping.map((line) => ({ ...line, column: line.column.replace('name', 'title') })),
    mode: { kind: 'full' },
  }
  const { id: wrongId } = await steward.call('create_plan', { body: wrong as never })
  assert.equal((await runPlan(steward, wrongId)).error?.code, 'ingestion.column_gone')
  for (const kind of ['compare', 'stream', 'incremental']) {
    const mode = kind === 'incremental' ? { kind, column: 'id', windowSeconds: 0 } : { kind }
    const body = { entryId, sourceId, object: 'whole', mapping, mode }
    await assert.rejects(steward.call('create_plan', { body: body as never }), (error: Error) =>
      /mode_unfit|invalid_input/.test(JSON.stringify(error)),
    )
  }
  const { items: objects } = await steward.call('list_source_objects', { params: { sourceId } })
  assert.ok(objects.some(({ name, kind }) => name === 'whole' && kind === 'topic'))
})

test('a survey proposes an entry of what messages show', { skip, timeout: 60_000 }, async () => {
  await mock.produce('surveyed', orders(0, 20), { partition: 0 })
  const source = await steward.call('create_source', { body: { name: 'surveyed', settings: settingsOf(mock) } })
  let survey = await steward.call('start_survey', { params: { sourceId: source.id } })
  while (!survey.finishedAt) {
    await sleep(100)
    survey = await steward.call('get_survey', { params: { surveyId: survey.id } })
  }
  assert.equal(survey.state, 'done')
  const { columns } = await steward.call('get_survey_profile', { params: { surveyId: survey.id }, query: { object: 'surveyed' } })
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['_partition', '_offset', '_timestamp', '_key', 'id', 'body.name', 'body.amount'],
  )
})

test('a broker beside the allowed hosts is not dialled, though the cluster names it', { skip, timeout: 60_000 }, async () => {
  await mock.produce('beside', orders(0, 1), { partition: 0 })
  const [first] = mock.brokers.split(',')
  const brokers = first!.replace('127.0.0.1', 'localhost')
  const opened = { id: 'x', settings: { ...settingsOf(mock), brokers }, secret: '', allowed: ['localhost'], care: undefined }
  const connector = openKafka({ lake: city.app.lake, files: openFiles(tmpdir()) }, opened)
  assert.equal((await connector.check()).ok, true)
  await assert.rejects(connector.describe('beside', null), { code: 'ingestion.host_not_allowed' })
})
