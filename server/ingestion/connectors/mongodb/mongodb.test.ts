import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { BSON } from 'mongodb'
import { loadThrough } from '#testing/lake/load-through.ts'
import { startTestMongodb, type TestMongodb } from '#testing/servers/test-mongodb.ts'
import { type Lake, openLake } from '../../../store/index.ts'
import { connectMongodb } from './connect-mongodb.ts'
import { openMongodb } from './mongodb.ts'

const { Int32 } = BSON
const dir = mkdtempSync(join(tmpdir(), 'datong-mongodb-'))
let lake: Lake
let server: TestMongodb

const firms = (count: number) =>
  function* () {
    for (let i = 1; i <= count; i++) yield { _id: new Int32(i), name: `企业${i}`, at: new Date(Date.UTC(2024, 0, 1) + i * 1000) }
  }

before(async () => {
  lake = await openLake({ dir })
})
beforeEach(async () => {
  server?.close()
  server = await startTestMongodb({
    firm: { documents: firms(3000) },
    recent: { documents: firms(20), type: 'view' },
    'system.views': { documents: () => [] },
  })
})
after(async () => {
  server.close()
  await lake.close()
  rmSync(dir, { recursive: true, force: true })
})

const settings = { kind: 'mongodb', host: '127.0.0.1', database: '交通', user: 'reader', authSource: 'admin', certificate: '' } as const
const connector = (more: object = {}, secret = 'secret') =>
  openMongodb({ ...settings, port: server.port, ...more }, secret, { lake, allowed: ['127.0.0.1'], care: undefined })
const text = (code: string, length = 20_000) => ({ code, dataType: 'C', length }) as const
const id = { code: 'id', dataType: 'I', isKey: true } as const
const load = (object: string, items: Parameters<typeof loadThrough>[2]['items'], columns: Record<string, string> = {}) =>
  loadThrough(lake, connector(), { object, items, columns: { id: '_id', ...columns } })
const commands = (name: string) => server.commands.filter((command) => name in command)
const landed = async () => (await lake.tables()).filter(({ name }) => name.startsWith('b_'))

test('views are told from collections, are not counted, and are not sorted', async () => {
  assert.deepEqual(
    (await connector().listObjects()).map(({ name, kind, estimatedRows }) => [name, kind, estimatedRows]),
    [
      ['firm', 'table', 3000],
      ['recent', 'view', null],
    ],
  )
  server.commands = []
  assert.equal((await load('recent', [{ ...id }])).written, 20)
  assert.ok(!commands('find').some(({ sort }) => sort))
  assert.equal(commands('count').length, 0)
  await connector().describe('firm', null)
  assert.equal(commands('count').length, 1, 'of the others nothing is counted to describe one')
})

test('only the fields that are wanted leave the server', async () => {
  await load('firm', [{ ...id }, text('name', 40)])
  const [asked] = commands('find').filter(({ singleBatch }) => !singleBatch)
  assert.deepEqual(Object.keys(asked!.projection), ['_id', 'name'])
})

test('the account is looked at: what may write is said', async () => {
  const { ok, code, serverVersion, readOnly } = await connector().check()
  assert.deepEqual([ok, code, serverVersion, readOnly], [true, null, '7.0.14', true])
  server.actions = ['find', 'insert']
  assert.deepEqual([(await connector().check()).code, (await connector().check()).readOnly], ['ingestion.not_read_only', false])
  server.actions = ['find']
  assert.equal((await connector({ user: '' }).check()).readOnly, false, 'where nobody logs in, anybody may write')
})

test('what a collection declares is its structure; without a rule there is none that could drift', async () => {
  assert.deepEqual((await connector().structure!('firm', null)).columns, [])
  const before = (await connector().structure!('firm', null)).stamp
  const properties = { name: { bsonType: 'string', description: '名称' }, fare: { bsonType: ['decimal', 'null'] } }
  server.collections.firm!.options = { validator: { $jsonSchema: { required: ['name'], properties } } }
  const { columns, stamp } = await connector().structure!('firm', null)
  assert.deepEqual(
    columns.map(({ name, type, nullable, comment, identity }) => [name, type, nullable, comment, identity]),
    [
      ['name', 'string', false, '名称', 'field.name'],
      ['fare', 'decimal | null', true, '', 'field.fare'],
    ],
  )
  assert.notEqual(stamp, before)
  await assert.rejects(connector().structure!('none', null), { code: 'ingestion.object_unknown' })
})

test('keys that are there twice are all there: the load decides about them', async () => {
  server.collections.twice = { documents: () => [1, 2, 2].map((n, i) => ({ _id: new Int32(i), n: new Int32(n) })) }
  const { read, written } = await loadThrough(lake, connector(), {
    object: 'twice',
    items: [{ code: 'n', dataType: 'I', isKey: true }],
  })
  assert.deepEqual({ read, written }, { read: 3, written: 3 })
})

test('of a set, count and rows are of one moment, if what is read is small', async () => {
  server.hello = { setName: 'rs0', hosts: ['127.0.0.1:1'], me: '127.0.0.1:1', setVersion: 1 }
  await load('firm', [{ ...id }])
  const levels = [...commands('aggregate'), ...commands('find')].map(({ readConcern }) => readConcern?.level)
  assert.equal(levels.filter((level) => level === 'snapshot').length, 2)
  assert.ok(
    commands('find').some(({ readConcern }) => readConcern?.atClusterTime),
    'the rows are of the moment of the count',
  )
  server.commands = []
  server.collections.firm!.size = 2 ** 30
  await load('firm', [{ ...id }])
  assert.equal(commands('aggregate').filter(({ pipeline }) => pipeline.at(-1).$group).length, 2, 'a big one is counted before and after')
  assert.ok(!commands('find').some(({ readConcern }) => readConcern))
})

test('nobody is sent on to the members that a server names', async () => {
  let calls = 0
  const elsewhere = createServer((socket) => {
    calls++
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  const member = `127.0.0.1:${(elsewhere.address() as { port: number }).port}`
  server.hello = {
    setName: 'rs0',
    hosts: [member],
    primary: member,
    me: member,
    isWritablePrimary: false,
    ismaster: false,
    secondary: true,
  }
  const { written } = await load('firm', [{ ...id }])
  elsewhere.close()
  assert.deepEqual([written, calls], [3000, 0])
})

test('100,000 documents stream: the server is held back while nobody takes them, and the cursor is ended when nobody wants more', async () => {
  server.collections.firm!.documents = firms(100_000)
  const { read, written, agrees } = await load('firm', [{ ...id }, text('name', 40)])
  assert.deepEqual({ read, written, agrees }, { read: 100_000, written: 100_000, agrees: true })
  server.collections.firm!.documents = firms(1_000_000)
  const session = await connectMongodb({ host: '127.0.0.1', port: server.port }, { ...settings, port: server.port }, 'secret', 60)
  server.sent = 0
  for await (const [first] of session.rows({ command: { find: 'firm' }, row: ({ name }) => [name] })) {
    assert.equal(first, '企业1')
    break
  }
  assert.equal(server.sent, 101, 'no second answer was asked for')
  assert.equal(commands('killCursors').length, 1)
  await session.close()
})

test('documents of 16 MB arrive whole', async () => {
  const whole = '大'.repeat(5_500_000)
  server.collections.big = { documents: () => [1, 2, 3].map((n) => ({ _id: new Int32(n), body: whole })) }
  const { rows, read, agrees } = await load('big', [{ ...id }, text('body', 6_000_000)])
  assert.deepEqual([read, agrees, rows.every(({ body }) => body === whole)], [3, true, true])
})

test('a line that breaks in the middle, and rows that went meanwhile, fail the load', async () => {
  server.breakAfter = 2500
  await assert.rejects(load('firm', [{ ...id }]), { code: 'ingestion.source_lost' })
  server.breakAfter = Number.POSITIVE_INFINITY
  let looks = 0
  server.collections.firm!.documents = () => firms(looks++ < 4 ? 3000 : 2999)()
  await assert.rejects(load('firm', [{ ...id }]), { code: 'ingestion.source_moved' })
  assert.deepEqual(await landed(), [])
})

test('what goes wrong at the server is said in our words, and nothing of its own', async () => {
  const failing = async (command: string, code: number) => {
    server.fail = { command, code }
    const error = (await load('firm', [{ ...id }]).catch((error) => error)) as Error & { code: string }
    server.fail = null
    assert.ok(!error.message.includes('must go no further'))
    return error.code
  }
  assert.equal(await failing('find', 13), 'ingestion.source_forbidden')
  assert.equal(await failing('getMore', 43), 'ingestion.source_lost')
  assert.equal(await failing('getMore', 50), 'ingestion.source_slow')
  assert.equal(await failing('aggregate', 189), 'ingestion.source_lost')
  assert.equal(await failing('listCollections', 8000), 'ingestion.source_error')
  await assert.rejects(connector({}, 'wrong').check(), { code: 'ingestion.source_password' })
  await assert.rejects(connector({ user: 'nobody' }).check(), { code: 'ingestion.source_password' })
  server.hello = { maxWireVersion: 8 }
  await assert.rejects(connector().check(), { code: 'ingestion.server_too_old' })
  await assert.rejects(connector({ host: '169.254.169.254' }).check(), { code: 'ingestion.host_not_allowed' })
})
