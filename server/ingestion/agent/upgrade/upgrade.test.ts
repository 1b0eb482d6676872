import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Agent } from '#contract/ingestion/agents.ts'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { openProxy, type ResettableProxy } from '#testing/resettable-proxy.ts'
import { version as ownVersion } from '../../../version.ts'

const rows = 20_000
const work = mkdtempSync(join(tmpdir(), 'datong-upgrade-'))
const home = join(work, 'agent')
const offered = join(work, 'offered')
const built = join(work, 'built')
for (const folder of [home, offered, built]) mkdirSync(folder)
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
] as const
let city: TestCity
let port: number
let server: TestServer
let line: ResettableProxy
/** What the proxy between agent and city makes of the city's words. */
let rewrite: ((text: string) => string) | null = null
let relay: ReturnType<typeof createServer>
let steward: Client
let agentId: string
let planId: string
let running: ChildProcess

before(async () => {
  city = await openTestCity({ programDir: offered })
  await city.app.http.listen({ host: '127.0.0.1', port: 0 })
  port = (city.app.http.server.address() as AddressInfo).port
  line = await openProxy(port)
  relay = openRelay(line.port)
  await once(relay.listen(0, '127.0.0.1'), 'listening')
  server = await startPostgres()
  const client = new pg.Client(server.url)
  await client.connect()
  await client.query(`create table firm as select i as id, '企业'||i as name from generate_series(1, ${rows}) i`)
  await client.end()
  const published = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
  steward = published.steward
  const { agent, code } = await steward.call('create_agent', { body: { name: '市监内网前置机' } })
  agentId = agent.id
  const connections = {
    registry: { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres', password: '' },
  }
  const address = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`
  writeFileSync(join(home, 'agent.json'), JSON.stringify({ city: address, code, connections }))
  running = startAgent()
  await untilAgent(({ connections }) => connections.some(({ objects }) => objects > 0))
  const settings = { kind: 'agent', agentId, connection: 'registry' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: '登记库', settings } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId: published.entryId, sourceId, object: 'firm', mapping, verify: 'content' } as const
  planId = (await steward.call('create_plan', { body })).id
})
after(async () => {
  await stop('SIGTERM')
  await server.stop()
  relay.close()
  await line.close()
  await city.close()
  rmSync(work, { recursive: true, force: true })
})

const openRelay = (target: number) =>
  createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
    client.pipe(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    upstream.on('data', (chunk) => client.write(rewrite ? Buffer.from(rewrite(chunk.toString('latin1')), 'latin1') : chunk))
  })

const spawnAgent = (args: string[]) =>
  spawn('node', args, { env: { ...process.env, DATONG_HOME: home, LOG_LEVEL: 'fatal' }, stdio: ['ignore', 'ignore', 'inherit'] })
const startAgent = () => spawnAgent(['server/main.ts', 'agent'])

async function stop(signal: NodeJS.Signals): Promise<void> {
  if (running.exitCode !== null || running.signalCode !== null) return
  running.kill(signal)
  await once(running, 'exit')
}

async function untilAgent(is: (agent: Agent) => boolean): Promise<Agent> {
  for (let tries = 0; tries < 3000; tries++) {
    const agent = (await steward.call('list_agents')).items.find(({ id }) => id === agentId)!
    if (is(agent)) return agent
    await sleep(100)
  }
  return assert.fail('it did not come to that')
}
const ended = ({ upgrade }: Agent) => upgrade?.state === 'running' || upgrade?.state === 'failed'
const runsOn = (version: string) => untilAgent((agent) => ended(agent) && agent.version === version)

/** The city is started anew with this program for its agents. */
async function offer(version: string, source?: string): Promise<string> {
  if (source === undefined) {
    const { status, stderr } = spawnSync('node', ['tools/build-agent.ts', '--version', version, '--out', built])
    assert.equal(status, 0, String(stderr))
  } else writeFileSync(join(built, `datong-agent-${version}.${hash('sha256', source, 'hex')}.mjs`), source)
  for (const former of readdirSync(offered)) rmSync(join(offered, former))
  const name = readdirSync(built).find((one) => one.startsWith(`datong-agent-${version}.`))!
  renameSync(join(built, name), join(offered, name))
  line.target = 0
  await city.restart()
  await city.app.http.listen({ host: '127.0.0.1', port })
  line.target = port
  return name.split('.').at(-2)!
}

const order = () => steward.call('upgrade_agent', { params: { agentId } })
const load = async () => {
  const { state, error, read, written, agrees } = await runPlan(steward, planId)
  assert.deepEqual([state, error, read, written, agrees], ['succeeded', null, rows, rows, true])
}
const programAt = (sha256: string) => join(home, 'programs', `${sha256}.mjs`)

test('an agent that is told to upgrade does so over a line that breaks, and what it was to deliver arrives', async () => {
  await offer('9.0.0')
  const before = await untilAgent(({ lastSeenAt }) => lastSeenAt !== null)
  assert.deepEqual([before.version, before.offeredVersion, before.upgrade, before.can.upgrade], [ownVersion, '9.0.0', null, true])
  line.breakAfter(500_000, ({ reset }) => reset())
  const { id } = await steward.call('start_load', { params: { planId } })
  assert.deepEqual(
    [(await order()).upgrade?.state, (await steward.attempt('upgrade_agent', { params: { agentId } })).statusCode],
    ['offered', 409],
  )
  const done = await runsOn('9.0.0')
  assert.deepEqual([done.upgrade?.state, done.upgrade?.error, done.offeredVersion, done.can.upgrade], ['running', null, null, false])
  assert.equal(line.breaks, 1)
  assert.equal((await awaitLoad(steward, id, 300)).state, 'succeeded')
  await load()
  const said = await city.app.plane.db
    .selectFrom('platform.event')
    .select('action')
    .where('object_id', '=', agentId)
    .orderBy('seq')
    .execute()
  assert.deepEqual(
    said.map(({ action }) => action).filter((action) => action.includes('upgrade')),
    [
      'ingestion.agent_upgrade_ordered',
      'ingestion.agent_upgrade_downloading',
      'ingestion.agent_upgrade_downloading',
      'ingestion.agent_upgrade_installed',
      'ingestion.agent_upgraded',
    ],
  )
})

test('who does not own the agent cannot upgrade it, and the program is for an agent that was told to', async () => {
  const foreign = await city.as('厦门市民政局', 'steward')
  assert.equal((await foreign.attempt('upgrade_agent', { params: { agentId } })).statusCode, 404)
  const bureau = await city.as('厦门市数据管理局', 'steward')
  assert.equal((await bureau.attempt('upgrade_agent', { params: { agentId } })).statusCode, 403)
  const [{ id: upgradeId }] = (await city.app.plane.db.selectFrom('ingestion.agent_upgrade').select('id').execute()) as [{ id: string }]
  assert.equal((await steward.attempt('fetch_program', { params: { upgradeId } })).statusCode, 401)
})

test('a program that was altered on its way is never there, and the city hears why', async () => {
  const sha256 = await offer('9.1.0')
  rewrite = (text) => text.replaceAll('function ', 'functiom ')
  await order()
  const refused = await untilAgent(ended)
  assert.deepEqual([refused.upgrade?.error?.code, refused.version, refused.can.upgrade], ['ingestion.program_altered', '9.0.0', true])
  assert.equal(existsSync(programAt(sha256)), false)
  await load()
})

test('a proxy that names another program finds no belief: the order is not the city’s', async () => {
  const { sha256 } = await city.app.plane.db
    .selectFrom('ingestion.agent_upgrade')
    .select('sha256')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  rewrite = (text) => text.replaceAll(sha256, sha256.replaceAll(/./g, '0'))
  await order()
  const refused = await untilAgent(ended)
  assert.deepEqual([refused.upgrade?.error?.code, refused.version], ['ingestion.program_not_vouched', '9.0.0'])
  assert.equal(existsSync(programAt(sha256)), false)
  rewrite = null
})

test('an agent that is killed while it downloads, and again when it has, comes back and is upgraded', async () => {
  const killed = new Promise<void>((done) => {
    line.breakAfter(500_000, async ({ reset }) => {
      await stop('SIGKILL')
      reset()
      done()
    })
  })
  await order()
  await killed
  running = startAgent()
  await untilAgent(({ upgrade }) => upgrade?.state === 'installed' || upgrade?.state === 'running')
  await stop('SIGKILL')
  running = startAgent()
  assert.equal((await runsOn('9.1.0')).upgrade?.state, 'running')
  await load()
})

test('a program that ends at once is put aside after three tries, and the former one goes on', async () => {
  await offer('9.2.0', "export const runProgram = async () => { throw new Error('broken on purpose') }")
  await order()
  const back = await untilAgent((agent) => ended(agent) && agent.version === '9.1.0')
  assert.equal(back.upgrade?.error?.code, 'ingestion.program_ended')
  assert.match(back.upgrade!.error!.detail, /3 .*broken on purpose/)
  await load()
})

test('so is a program that never reaches the city', async () => {
  await stop('SIGTERM')
  const impatient = join(work, 'impatient.mjs')
  writeFileSync(
    impatient,
    `import { launchAgent } from ${JSON.stringify(new URL('../../../launch-agent.ts', import.meta.url).href)}
     const signal = new AbortController().signal
     await launchAgent({ home: ${JSON.stringify(home)}, version: '${ownVersion}', logLevel: 'fatal', signal, trialMs: 1500 })`,
  )
  running = spawnAgent([impatient])
  await offer('9.3.0', 'export const runProgram = () => new Promise((done) => setTimeout(done, 1e9))')
  await order()
  const back = await untilAgent((agent) => ended(agent) && agent.version === '9.1.0')
  assert.equal(back.upgrade?.error?.code, 'ingestion.program_silent')
  await load()
})

test('a program that has changed on the agent’s own disk does not run: the installed one does, and is upgraded again', async () => {
  await stop('SIGTERM')
  const { sha256 } = JSON.parse(readFileSync(join(home, 'programs', 'accepted.json'), 'utf8'))
  appendFileSync(programAt(sha256), '\n// a flipped bit\n')
  running = startAgent()
  await untilAgent(({ version }) => version === ownVersion)
  await offer('9.4.0')
  await order()
  assert.equal((await runsOn('9.4.0')).upgrade?.state, 'running')
  assert.deepEqual(
    readdirSync(join(home, 'programs')).filter((name) => name.endsWith('.part')),
    [],
  )
})
