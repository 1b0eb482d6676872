import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { openProxy, type ResettableProxy } from '#testing/resettable-proxy.ts'
import { type Script, type ScriptedSqlserver, startScriptedSqlserver } from '#testing/servers/scripted-sqlserver.ts'
import { startTestMongodb, type TestMongodb } from '#testing/servers/test-mongodb.ts'
import { digestOfBytes, signRequest } from './signature.ts'
import { sweepDeliveries } from './sweep-deliveries.ts'

const rows = 1_100_000
const home = mkdtempSync(join(tmpdir(), 'datong-agent-'))
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'born', name: '成立日期', dataType: 'D' },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
let city: TestCity
let server: TestServer
let client: pg.Client
let line: ResettableProxy
let legacy: ScriptedSqlserver
let archive: TestMongodb
/** Rows that the old server has each time it is asked to count them. */
let legacyCounts = [300]
let steward: Client
let entryId: string
let agentId: string
let planId: string
let running: ChildProcess

before(async () => {
  city = await openTestCity()
  await city.app.http.listen({ host: '127.0.0.1', port: 0 })
  line = await openProxy((city.app.http.server.address() as AddressInfo).port)
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
  await client.query(
    `create table firm as select i as id, '企业'||i as name, date '2000-01-01' + i % 9000 as born from generate_series(1, ${rows}) i;
     alter table firm add primary key (id); comment on table firm is '企业登记'; create table small as select * from firm where id <= 9`,
  )
  ;({ entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] }))
  const { agent, code } = await steward.call('create_agent', { body: { name: '市监内网前置机' } })
  agentId = agent.id
  const { port } = server
  legacy = await startScriptedSqlserver(answerAsSqlserver)
  archive = await startTestMongodb({
    firm: { documents: () => Array.from({ length: 500 }, (_, i) => ({ _id: i + 1, name: `档案${i + 1}` })) },
  })
  const common = { host: '127.0.0.1', database: 'firms', user: 'reader', password: 'secret' }
  const connections = {
    legacy: { kind: 'sqlserver', ...common, port: legacy.port },
    archive: { kind: 'mongodb', ...common, port: archive.port },
    registry: { kind: 'postgresql', host: '127.0.0.1', port, database: 'postgres', user: 'postgres', password: '' },
  }
  writeFileSync(join(home, 'agent.json'), JSON.stringify({ city: `http://127.0.0.1:${line.port}`, code, connections }))
  running = startAgent()
})
after(async () => {
  await stop(running)
  await client.end()
  await server.stop()
  legacy.close()
  archive.close()
  await line.close()
  await city.close()
  rmSync(home, { recursive: true, force: true })
})

const startAgent = () =>
  spawn('node', ['server/main.ts', 'agent'], { env: { ...process.env, DATONG_HOME: home, LOG_LEVEL: 'error' }, stdio: 'inherit' })

async function stop(agent: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return
  agent.kill(signal)
  await once(agent, 'exit')
}

async function until<T>(find: () => Promise<T | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 1200; tries++) {
    const found = await find()
    if (found) return found
    await sleep(100)
  }
  return assert.fail('it did not come to that')
}

const answerAsSqlserver: Script = (sql, { object }) => {
  if (sql.includes('ProductVersion')) return { rows: [['14.0.2000', String(Date.now())]] }
  if (sql.includes('fn_my_permissions')) return { rows: [[0]] }
  if (sql.includes('ProductMajorVersion')) return { rows: [['14']] }
  if (sql.includes('snapshot_isolation_state')) return { rows: [[0]] }
  if (sql.includes('sys.partitions')) return { rows: [['firm', 'U', '', '300']] }
  if (sql.includes('modify_date')) return { rows: [['2024-01-01 00:00:00.000']] }
  if (sql.includes('sys.columns'))
    return {
      rows:
        object === 'firm'
          ? [
              ['id', 'bigint', 8, 19, 0, 0, '1.1', '', 1],
              ['name', 'nvarchar', 80, 0, 0, 1, '1.2', '', 0],
              ['born', 'date', 3, 10, 0, 1, '1.3', '', 0],
            ]
          : [],
    }
  if (sql.includes('SELECT COUNT(*)')) return { rows: [[legacyCounts.length > 1 ? legacyCounts.shift()! : legacyCounts[0]!]] }
  const firms = Array.from({ length: 300 }, (_, i) => [String(i + 1), `老企业${i + 1}`, '1999-09-09'])
  return sql.includes('FROM [dbo].[firm]') ? { rows: firms } : undefined
}

const tableNow = async () =>
  (await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').where('entry_id', '=', entryId).executeTakeFirstOrThrow())
    .lake_table
const agentNow = async () => (await steward.call('list_agents')).items.find(({ id }) => id === agentId)!
const slicesNow = () => city.app.plane.db.selectFrom('ingestion.delivery_slice').selectAll().orderBy('received_at').execute()
async function planOf(connection: string, object: string, mapped: { item: string; column: string }[] = mapping): Promise<string> {
  const settings = { kind: 'agent', agentId, connection } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: `${connection} ${object}`, settings } })
  return (await steward.call('create_plan', { body: { entryId, sourceId, object, mapping: mapped, verify: 'content' } })).id
}

test('an agent enrols with its one-time code and says what its databases hold, without any value', async () => {
  const agent = await until(async () => {
    const found = await agentNow()
    return found.connections.some(({ objects }) => objects === 2) && found
  })
  assert.deepEqual([agent.state, agent.isAway, agent.connections.map(({ ok }) => ok)], ['active', false, [true, true, true]])
  const { id: sourceId } = await steward.call('create_source', {
    body: { name: '登记库', settings: { kind: 'agent', agentId, connection: 'registry' } },
  })
  assert.equal((await steward.call('check_source', { params: { sourceId } })).check?.ok, true)
  const params = { sourceId }
  const { items: objects } = await steward.call('list_source_objects', { params })
  assert.deepEqual(objects.map(({ name, comment }) => [name, comment]).sort(), [
    ['firm', '企业登记'],
    ['small', ''],
  ])
  const { content } = await steward.call('propose_entry', { params, body: { object: 'firm' } })
  assert.deepEqual(
    content.items?.map(({ code, isKey }) => [code, isKey]),
    [
      ['id', true],
      ['name', false],
      ['born', false],
    ],
  )
  const described = await steward.call('describe_source_object', { params, query: { object: 'firm' } })
  assert.ok(described.columns.every(({ samples }) => samples.length === 0))
  const refused = await steward.attempt('preview_source_object', { params, body: { object: 'firm' } })
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'ingestion.agent_no_preview'])
})

test('a load behind an agent arrives in slices, with the source’s own count and the digest of every row', async () => {
  planId = await planOf('registry', 'firm')
  const load = await runPlan(steward, planId)
  assert.deepEqual(
    [load.state, load.error, load.read, load.sent, load.written, load.quarantined, load.agrees],
    ['succeeded', null, rows, rows, rows, 0, true],
  )
  const [delivery] = await city.app.plane.db.selectFrom('ingestion.delivery').selectAll().execute()
  assert.match((delivery!.evidence as { signature: string }).signature, /^[A-Za-z0-9+/=]{88}$/)
  assert.ok((await slicesNow()).length > 1)
  await sweepDeliveries(city.app.system('test'))
  assert.deepEqual(readdirSync(join(city.home, 'files', 'delivery')), [])
  await until(async () => readdirSync(join(home, 'spool')).length === 0)
})

test('what the engine cannot read comes by its driver, counted before and after, with the digest of every row as it arrived', async () => {
  const legacyPlan = await planOf('legacy', 'firm')
  const load = await runPlan(steward, legacyPlan)
  assert.deepEqual([load.state, load.error, load.read, load.written, load.agrees], ['succeeded', null, 300, 300, true])
  const documents = await runPlan(
    steward,
    await planOf('archive', 'firm', [
      { item: 'id', column: '_id' },
      { item: 'name', column: 'name' },
    ]),
  )
  assert.deepEqual([documents.state, documents.error, documents.written, documents.agrees], ['succeeded', null, 500, true])
  const [live] = await city.app.lake.measure<{ n: string; last: string }>(
    `SELECT count() AS n, argMax(name, id) AS last FROM lake.${await tableNow()}`,
  )
  assert.deepEqual(live, { n: '500', last: '档案500' })
  // One row more between the counts: read again, until it stands still or has had its chances.
  legacyCounts = [299, 300, 300]
  assert.equal((await runPlan(steward, legacyPlan)).written, 300)
  legacyCounts = Array.from({ length: 20 }, (_, i) => i)
  const moving = await runPlan(steward, legacyPlan)
  assert.deepEqual([moving.state, moving.error?.code], ['failed', 'ingestion.source_moved'])
  await until(async () => readdirSync(join(home, 'spool')).length === 0)
})

test('a line that breaks, an answer that is lost and an agent that is killed cost nothing but time', async () => {
  const before = (await slicesNow()).length
  const { id } = await steward.call('start_load', { params: { planId } })
  await until(async () => readdirSync(join(home, 'spool')).length > 0)
  // From now on the city's answers never arrive: what the agent sent is there, and the agent does not know it.
  line.breakAfter(1, ({ reset }) => reset(), true)
  const first = await until(async () => (await slicesNow())[before])
  await stop(running, 'SIGKILL')
  await sleep(500)
  assert.equal((await steward.call('get_load', { params: { loadId: id } })).state, 'queued')
  const arrived = await slicesNow()
  line.mend()
  running = startAgent()
  const load = await awaitLoad(steward, id, 120)
  assert.deepEqual([load.state, load.error, load.read, load.written, load.agrees], ['succeeded', null, rows, rows, true])
  const again = await slicesNow()
  assert.deepEqual(
    again.find(({ delivery_id, number }) => delivery_id === first.delivery_id && number === first.number),
    first,
    'what had arrived is not sent again',
  )
  assert.ok(again.length > arrived.length)
})

test('what the agent cannot read fails the load with the agent’s reason; a cancelled load is forgotten there', async () => {
  await client.query('alter table small drop column born')
  const load = await runPlan(steward, await planOf('registry', 'small'))
  assert.deepEqual([load.state, load.error?.code], ['failed', 'ingestion.column_gone'])
  const elsewhere = await runPlan(steward, await planOf('nothing', 'small'))
  assert.deepEqual([elsewhere.state, elsewhere.error?.code], ['failed', 'ingestion.agent_connection_unknown'])
  const { id } = await steward.call('start_load', { params: { planId } })
  await until(async () => readdirSync(join(home, 'spool')).length > 0)
  await steward.call('cancel_load', { params: { loadId: id } })
  await sweepDeliveries(city.app.system('test'))
  await until(async () => readdirSync(join(home, 'spool')).length === 0)
  assert.equal((await steward.call('get_load', { params: { loadId: id } })).state, 'cancelled')
})

test('a source that somebody has stopped is not read by its agent either, until it is released', async () => {
  const { sourceId } = await steward.call('get_plan', { params: { planId } })
  await steward.call('stop_source', { params: { sourceId }, body: { reason: '源系统检修' } })
  const { id } = await steward.call('start_load', { params: { planId } })
  await until(async () => (await steward.call('get_load', { params: { loadId: id } })).waiting)
  const orders = await city.app.plane.db.selectFrom('ingestion.delivery').select('id').where('load_id', '=', id).execute()
  assert.deepEqual(orders, [])
  await steward.call('release_source', { params: { sourceId } })
  assert.equal((await awaitLoad(steward, id, 120)).state, 'succeeded')
})

test('nobody but the agent itself is believed, and nothing twice', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const send = (url: string, body: unknown, change: { id?: string; key?: typeof privateKey; at?: number; sent?: unknown } = {}) => {
    const signed = signRequest(
      change.key ?? privateKey,
      change.id ?? other,
      { method: 'POST', url, contentDigest: digestOfBytes(JSON.stringify(body)) },
      change.at ?? Date.now(),
    )
    return post(url, signed, change.sent ?? body)
  }
  const post = (url: string, signed: Record<string, string>, body: unknown) =>
    city.app.http.inject({
      method: 'POST',
      url,
      headers: { ...signed, 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    })
  const codeOf = async (answer: ReturnType<typeof post>) => `${(await answer).statusCode} ${(await answer).json().code ?? 'ok'}`
  const { agent, code } = await steward.call('create_agent', { body: { name: '第二台' } })
  const other = agent.id
  const enrolment = { code, publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), host: 'h', version: '1' }
  const stranger = generateKeyPairSync('ed25519').privateKey
  assert.equal(await codeOf(send('/agent/v1/enrolment', enrolment, { id: 'new', key: stranger })), '401 ingestion.agent_signature')
  assert.equal(await codeOf(send('/agent/v1/enrolment', { ...enrolment, code: 'x' }, { id: 'new' })), '401 ingestion.agent_code')
  assert.equal(await codeOf(send('/agent/v1/enrolment', enrolment, { id: 'new' })), '200 ok')
  assert.equal(await codeOf(send('/agent/v1/enrolment', enrolment, { id: 'new' })), '401 ingestion.agent_code')
  const poll = '/agent/v1/poll'
  const report = { version: '1', connections: [] }
  assert.equal(await codeOf(send(poll, report)), '200 ok')
  assert.equal(await codeOf(send(poll, report, { key: stranger })), '401 ingestion.agent_signature')
  assert.equal(await codeOf(send(poll, report, { id: agentId })), '401 ingestion.agent_signature')
  assert.equal(await codeOf(send(poll, report, { sent: { ...report, version: '2' } })), '401 ingestion.agent_signature')
  assert.equal(await codeOf(send(poll, report, { at: Date.now() - 3600_000 })), '401 ingestion.agent_clock')
  const captured = signRequest(
    privateKey,
    other,
    { method: 'POST', url: poll, contentDigest: digestOfBytes(JSON.stringify(report)) },
    Date.now(),
  )
  assert.deepEqual(await Promise.all([1, 2].map(() => codeOf(post(poll, captured, report)))).then((codes) => codes.sort()), [
    '200 ok',
    '401 ingestion.agent_signature',
  ])
  const [theirs] = await city.app.plane.db.selectFrom('ingestion.delivery').select('id').execute()
  const failure = `/agent/v1/deliveries/${theirs!.id}/failure`
  assert.equal(await codeOf(send(failure, { code: 'ingestion.internal', params: {} })), '404 value.not_found')
  await steward.call('revoke_agent', { params: { agentId: other }, body: { reason: '停用' } })
  assert.equal(await codeOf(send(poll, report)), '401 ingestion.agent_signature')
  const foreign = await city.as('厦门市民政局', 'steward')
  assert.deepEqual((await foreign.call('list_agents')).items, [])
  const settings = { kind: 'agent', agentId, connection: 'registry' } as const
  assert.equal((await foreign.attempt('create_source', { body: { name: '别家的', settings } })).statusCode, 400)
})

test('a slice that is not the signed one is never there', async () => {
  await stop(running)
  const { id } = await steward.call('start_load', { params: { planId } })
  const key = (await import('node:crypto')).createPrivateKey((await import('node:fs')).readFileSync(join(home, 'agent.key'), 'utf8'))
  const poll = async () => {
    const body = JSON.stringify({ version: '1', connections: [] })
    const headers = signRequest(key, agentId, { method: 'POST', url: '/agent/v1/poll', contentDigest: digestOfBytes(body) }, Date.now())
    const answer = await city.app.http.inject({
      method: 'POST',
      url: '/agent/v1/poll',
      headers: { ...headers, 'content-type': 'application/json' },
      payload: body,
    })
    return answer.json().orders[0] as { deliveryId: string; received: number[] } | undefined
  }
  const order = await until(poll)
  const url = `/agent/v1/deliveries/${order.deliveryId}/slices/1`
  const put = (signedBytes: Buffer, sentBytes: Buffer) => {
    const headers = signRequest(key, agentId, { method: 'PUT', url, contentDigest: digestOfBytes(signedBytes) }, Date.now())
    return city.app.http.inject({
      method: 'PUT',
      url,
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      payload: sentBytes,
    })
  }
  const bytes = randomBytes(100_000)
  const flipped = Buffer.from(bytes)
  flipped[50_000]! ^= 1
  assert.equal((await put(bytes, flipped)).statusCode, 401)
  assert.deepEqual((await poll())!.received, [])
  assert.equal((await put(bytes, bytes)).statusCode, 204)
  assert.deepEqual((await poll())!.received, [1])
  await steward.call('cancel_load', { params: { loadId: id } })
})
