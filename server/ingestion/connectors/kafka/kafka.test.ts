import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestKafka, type TestKafka, type TestPartition } from '#testing/servers/test-kafka.ts'
import { newId } from '../../../kernel/ids.ts'
import { openFiles } from '../../../store/index.ts'
import type { Care } from '../../harm/open-care.ts'
import { openRelay, type Target } from '../../harm/open-relay.ts'
import type { FoundPiece, SeenPiece } from '../connector.ts'
import { openKafka } from './kafka.ts'
import { fieldsOf } from './message-fields.ts'
import { prepareMessages } from './prepare-messages.ts'
import { readSpool } from './spool-messages.ts'

const dir = mkdtempSync(join(tmpdir(), 'datong-kafka-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const files = openFiles(join(dir, 'files'))
const [oneId, otherId] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']

const topicOf = (...partitions: TestPartition[]) => ({ orders: { id: oneId, partitions } })
const serve = async (t: TestContext, topics: TestKafka['topics'], options = {}) => {
  const server = await startTestKafka(topics, options)
  t.after(() => server.close())
  return server
}
const settingsOf = ({ port }: { port: number }, more = {}) => ({
  ...{ kind: 'kafka' as const, brokers: `127.0.0.1:${port}`, mechanism: 'none' as const, user: '', certificate: '' },
  ...more,
})
const open = (server: { port: number }, { secret = '', limits = undefined as never, allowed = ['127.0.0.1'], ...more } = {}) =>
  openKafka(
    { lake: undefined as never, files },
    { id: newId(), settings: settingsOf(server, more), secret, allowed, care: undefined },
    limits,
  )
/** The pieces that are new, with the values of their messages. */
async function collect(connector: ReturnType<typeof open>, seen: readonly SeenPiece[] = []) {
  const found: { state: FoundPiece['state']; path: string; values: unknown[] }[] = []
  for await (const piece of connector.newPieces!('orders', seen, new AbortController().signal))
    found.push({ state: piece.state, path: piece.path.slice('orders/'.length).replaceAll(/0{17}/g, ''), values: [] })
  return found
}
const done = (path: string, isDone = true): SeenPiece => ({
  path: `orders/${path.replace(/(\d)\/(\d{3})-(\d{3})/, (_, partition, first, last) => `${partition}/${'0'.repeat(17)}${first}-${'0'.repeat(17)}${last}`)}`,
  isDone,
  origin: oneId,
})
const json = (...ids: number[]) => ids.map((id) => `{"id":${id}}`)
const shown = (found: Awaited<ReturnType<typeof collect>>) => found.map(({ state, path }) => `${state} ${path}`)

test('pieces begin where the last ones end, are bounded, and tell what the broker no longer has', async (t) => {
  const server = await serve(
    t,
    topicOf(
      {
        start: 0,
        batches: [
          { from: 0, values: json(1, 2, 3) },
          { from: 3, values: json(4, 5) },
        ],
      },
      { start: 0, batches: [] },
      { start: 7, batches: [] },
    ),
  )
  const connector = open(server, { limits: { messages: 2, bytes: 1000 } as never })
  assert.deepEqual(shown(await collect(connector)), ['fresh 0/000-001', 'fresh 0/002-003', 'fresh 0/004-004', 'begun 2/000-006'])
  // Of what is known, the last piece of each part; one that was broken comes again; a partition that is new is read from its beginning.
  server.topics.orders!.partitions[1] = { start: 2, batches: [{ from: 2, values: json(9) }] }
  server.topics.orders!.partitions[2] = { start: 12, batches: [{ from: 10, values: json(6, 7, 8) }] }
  const seen = [done('0/000-001', false), done('0/002-003'), done('2/000-006')]
  assert.deepEqual(shown(await collect(connector, seen)), [
    'fresh 0/000-001',
    'fresh 0/004-004',
    'lost 1/000-001',
    'fresh 1/002-002',
    'lost 2/007-011',
    'fresh 2/012-012',
  ])
  // One that was broken and is gone in part: what is there is loaded under its name.
  server.topics.orders!.partitions[0] = { start: 1, batches: [{ from: 0, values: json(1, 2) }] }
  assert.deepEqual(shown(await collect(connector, [done('0/000-001', false), done('2/000-012')])), [
    'lost 0/000-000',
    'fresh 0/000-001',
    'lost 1/000-001',
    'fresh 1/002-002',
  ])
})

test('what the broker throws away while it is read is told, and reading goes on behind it', async (t) => {
  const partition = {
    start: 0,
    batches: [
      { from: 0, values: json(1, 2) },
      { from: 2, values: json(3, 4) },
    ],
  }
  const server = await serve(t, topicOf(partition))
  server.onFetch = (_, offset) => {
    if (offset === 2) partition.start = 3
  }
  assert.deepEqual(shown(await collect(open(server, { limits: { messages: 2, bytes: 1000 } as never }))), [
    'fresh 0/000-001',
    'lost 0/002-002',
    'fresh 0/003-003',
  ])
})

test('a topic that was made anew or cut short is refused', async (t) => {
  const server = await serve(t, topicOf({ start: 0, batches: [{ from: 0, values: json(1, 2, 3) }] }))
  const connector = open(server)
  await assert.rejects(collect(connector, [done('0/000-003')]), { code: 'ingestion.topic_anew' })
  await assert.rejects(collect(connector, [done('1/000-003')]), { code: 'ingestion.topic_anew' })
  assert.deepEqual(shown(await collect(connector, [done('0/000-001')])), ['fresh 0/002-002'])
  server.topics.orders!.id = otherId
  await assert.rejects(collect(connector, [done('0/000-001')]), { code: 'ingestion.topic_anew' })
  delete server.topics.orders
  await assert.rejects(collect(connector, [done('0/000-001')]), { code: 'ingestion.object_unknown' })
})

test('of transactions only what was committed is read, and nothing of one that is open', async (t) => {
  const batches = [
    { from: 0, values: json(1), transaction: 1 },
    { from: 1, values: json(2), transaction: 2 },
    { from: 2, values: json(3) },
    { from: 3, ends: 'abort' as const, transaction: 1 },
    { from: 4, values: json(4), transaction: 1 },
    { from: 5, ends: 'commit' as const, transaction: 2 },
    { from: 6, values: json(5), transaction: 3 },
  ]
  const server = await serve(t, topicOf({ start: 0, stable: 6, batches }))
  for (const batchesAtOnce of [1, 10]) {
    server.batchesAtOnce = batchesAtOnce
    const { columns, rows } = await open(server).preview('orders', null, 100)
    assert.deepEqual(columns, ['_partition', '_offset', '_timestamp', '_key', 'id'])
    assert.deepEqual(rows, [
      ['0', '1', '2026-11-22 12:00:00', null, '2'],
      ['0', '2', '2026-11-22 12:00:00', null, '3'],
      ['0', '4', '2026-11-22 12:00:00', null, '4'],
    ])
  }
  assert.deepEqual(shown(await collect(open(server))), ['fresh 0/000-005'])
})

test('an answer that was damaged on the way is not believed', async (t) => {
  const server = await serve(t, topicOf({ start: 0, batches: [{ from: 0, values: json(1) }] }))
  server.isDamaged = true
  await assert.rejects(collect(open(server)), { code: 'ingestion.message_unreadable' })
})

test('a broker that the cluster names is dialled where it is allowed, and nowhere else', async (t) => {
  const [server, trap] = [await serve(t, topicOf({ start: 0, batches: [{ from: 0, values: json(1) }] })), await serve(t, {})]
  let isTrapped = false
  trap.onFetch = () => {
    isTrapped = true
  }
  server.advertised = { host: '127.0.0.2', port: trap.port }
  await assert.rejects(collect(open(server)), { code: 'ingestion.host_not_allowed' })
  server.advertised = { host: '169.254.169.254', port: 80 }
  await assert.rejects(collect(open(server, { allowed: ['*'] } as never)), { code: 'ingestion.host_not_allowed' })
  await assert.rejects(open({ port: server.port }, { allowed: ['10.0.0.0/8'] } as never).check(), { code: 'ingestion.host_not_allowed' })
  assert.deepEqual([isTrapped, trap.asked], [false, []])
})

test('passwords are proved by PLAIN and SCRAM; a wrong one and another mechanism are told', async (t) => {
  const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
  const server = await serve(t, topicOf(), { mechanisms })
  for (const mechanism of mechanisms) {
    const account = { mechanism, user: 'reader' }
    assert.equal((await open(server, { ...account, secret: 'secret' } as never).check()).ok, true, mechanism)
    await assert.rejects(open(server, { ...account, secret: 'wrong' } as never).check(), { code: 'ingestion.source_password' }, mechanism)
  }
  const scram = await serve(t, topicOf(), { mechanisms: ['SCRAM-SHA-256'] })
  await assert.rejects(open(scram, { mechanism: 'PLAIN', user: 'reader', secret: 'secret' } as never).check(), {
    code: 'ingestion.sasl_mechanism',
  })
  await assert.rejects(open(scram).check(), { code: 'ingestion.source_lost' })
  scram.close()
  await assert.rejects(open(scram).check(), { code: 'ingestion.source_unreachable' })
})

const openssl = '/usr/bin/openssl'
if (!existsSync(openssl) && process.env.CI === 'true') throw new Error('openssl is not installed')

test('with a certificate lines are encrypted and brokers proved; without, or with another, nobody logs in', {
  skip: !existsSync(openssl),
}, async (t) => {
  const certify = (name: string, subject: string) => {
    const [key, cert] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)]
    const how = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=datong'.split(' ')
    execFileSync(openssl, [...how, '-addext', `subjectAltName=${subject}`, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    return { key: readFileSync(key), cert: readFileSync(cert) }
  }
  const [own, elsewhere] = [certify('own', 'IP:127.0.0.1'), certify('elsewhere', 'DNS:elsewhere.example')]
  const check = async (identity: typeof own | undefined, certificate: string) => {
    const server = await serve(t, topicOf(), { mechanisms: ['PLAIN'], identity })
    return open(server, { certificate, mechanism: 'PLAIN', user: 'reader', secret: 'secret' } as never).check()
  }
  assert.equal((await check(own, own.cert.toString())).ok, true)
  // Through the relay that spares a source, the certificate is still held against the name that was dialled.
  const server = await serve(t, topicOf(), { identity: certify('named', 'DNS:localhost') })
  const care = { openRelay: (target: Target) => openRelay(target, null) } as Care
  const through = (brokers: string) =>
    openKafka(
      { lake: undefined as never, files },
      {
        id: newId(),
        settings: settingsOf(server, { brokers, certificate: readFileSync(join(dir, 'named.pem'), 'utf8') }),
        secret: '',
        allowed: ['*'],
        care,
      },
    ).check()
  assert.equal((await through(`localhost:${server.port}`)).ok, true)
  await assert.rejects(through(`127.0.0.1:${server.port}`), { code: 'ingestion.source_certificate' })
  await assert.rejects(check(own, elsewhere.cert.toString()), { code: 'ingestion.source_certificate' })
  await assert.rejects(check(elsewhere, elsewhere.cert.toString()), { code: 'ingestion.source_certificate' })
})

test('a reading that is given up ends at once, though the broker is silent', async (t) => {
  const server = await serve(t, topicOf({ start: 0, stable: 10, batches: [{ from: 0, values: json(1) }] }))
  const ending = new AbortController()
  // The partition is said to go on to offset 10, and nothing comes.
  server.onFetch = (_, offset) => offset === 1 && ending.abort(new Error('enough'))
  const started = performance.now()
  await assert.rejects(
    async () => {
      for await (const _ of open(server).newPieces!('orders', [], ending.signal)) assert.fail('no piece is whole')
    },
    { message: 'enough' },
  )
  assert.ok(performance.now() - started < 10_000)
})

test('fields keep their digits and characters; what is no object, or says a thing twice, is told', async () => {
  const text =
    '{ "id" : 123456789012345678901234567890,\n"名称":"\\u4e2d𠮷 \u2028\\n", "price": 1.10, "ok":true, "none":null,\r\n"line":{"code":"A","more":{"n":[1,\n2]}},"line.code":"own","_key":"k" }'
  const found = fieldsOf(text)
  assert.ok('fields' in found)
  assert.deepEqual(
    [...found.fields].map(([name, { text }]) => [name, text]),
    [
      ['id', '123456789012345678901234567890'],
      ['名称', '中𠮷 \u2028\n'],
      ['price', '1.10'],
      ['ok', 'true'],
      ['none', null],
      ['line', '{"code":"A","more":{"n":[1, 2]}}'],
      ['line.code', 'own'],
      ['value._key', 'k'],
      ['line.more', '{"n":[1, 2]}'],
      ['line.more.n', '[1, 2]'],
    ],
  )
  const why = (text: string) => fieldsOf(text).broken
  assert.deepEqual(['[{}]', '"{}"', '12', '{"a":1', '', '{"a":1,"a":2}', '{"a":{"b":1,"\\u0062":2}}', '{"a":"\\ud800"}', '{}'].map(why), [
    ...['message_not_object', 'message_not_object', 'message_not_object', 'message_not_json', 'message_not_json'],
    ...['message_key_twice', 'message_key_twice', 'message_bytes', undefined],
  ])
})

test('a spool that is gone, or was cut short, is not an empty one', async () => {
  await assert.rejects(Array.fromAsync(readSpool(join(dir, 'gone'))), { code: 'ENOENT' })
  const cut = join(dir, 'cut')
  writeFileSync(cut, '{"partition":0,"offset":"0","timestamp":null,"key":null,"value":"{}"}\n{"partition":0,"off')
  await assert.rejects(Array.fromAsync(readSpool(cut)), /cut short/)
})

test('whoever cancels while messages become rows is told so, and nothing ends the program later', async () => {
  const path = join(dir, 'many')
  const line = '{"partition":0,"offset":"0","timestamp":null,"key":null,"value":"{\\"id\\":1}"}\n'
  writeFileSync(path, line.repeat(200_000))
  for (const afterMs of [0, 5, 50]) {
    const workFolder = mkdtempSync(join(dir, 'work-'))
    const signal = AbortSignal.timeout(afterMs)
    await assert.rejects(prepareMessages({ path, columns: ['id'], workFolder, signal, isWhole: false }), { name: 'AbortError' })
  }
  await sleep(50)
})
