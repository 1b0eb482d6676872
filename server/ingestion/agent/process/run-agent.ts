import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ProgramOrder } from '#contract/ingestion/agent-upgrade.ts'
import type { AgentStructure, DeliveryOrder } from '#contract/ingestion/agents.ts'
import { AppError } from '../../../kernel/errors.ts'
import { type Lake, lockHome, openLake } from '../../../store/index.ts'
import type { Connector } from '../../connectors/connector.ts'
import { openMongodb } from '../../connectors/mongodb/mongodb.ts'
import { openMysql } from '../../connectors/mysql.ts'
import { openOracle } from '../../connectors/oracle/oracle.ts'
import { openPostgresql } from '../../connectors/postgresql.ts'
import { openSqlserver } from '../../connectors/sqlserver/sqlserver.ts'
import { explainFailure } from '../../load/explain-failure.ts'
import { type AgentConfig, readAgentConfig } from './agent-config.ts'
import { type CityClient, LineCut, openCityClient, Refused } from './city-client.ts'
import { extract, readManifest, slicePath } from './extract.ts'
import { installProgram, tellOutcome } from './install-program.ts'

export interface AgentOptions {
  /** Folder of the agent: its settings, key and spool. It keeps nothing else. */
  home: string
  version: string
  /** Of this program, where it came from the city. */
  sha256: string | null
  log: Logger
  signal: AbortSignal
  /** The city has answered. */
  onPolled: () => void
  /** How often it asks for work. */
  pollMs?: number
  /** How often it reports the structure of its databases. */
  structureMs?: number
}

interface Running extends Required<AgentOptions> {
  city: CityClient
  lake: Lake
  connectors: Map<string, { kind: string; connector: Connector }>
}

interface Work {
  orders: DeliveryOrder[]
  upgrade: ProgramOrder | null
}

const longestPauseMs = 60_000

/**
 * 前置机: asks the city for work, reads it from the department's databases into the spool, and sends it. It only ever reaches outwards. A cut line
 * or a restart costs nothing but the slice that was on its way.
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const engine = join(options.home, 'engine')
  const lock = await lockWhenFree(engine, options.signal)
  const config = await readAgentConfig(options.home)
  const lake = await openLake({ dir: engine })
  try {
    const city = await openCityClient(options.home, config, options.version)
    const running = {
      pollMs: 5000,
      structureMs: 6 * 3600_000,
      ...options,
      city,
      lake,
      connectors: connectorsOf(config, lake),
    }
    await work(running)
  } finally {
    await lake.close()
    await lock.release()
  }
}

/** A launcher that was killed leaves a program that is still ending. */
async function lockWhenFree(folder: string, signal: AbortSignal) {
  for (;;) {
    try {
      return await lockHome(folder)
    } catch (error) {
      if (signal.aborted) throw error
      await sleep(200)
    }
  }
}

const connectorsOf = ({ connections }: AgentConfig, lake: Lake): Running['connectors'] =>
  new Map(
    Object.entries(connections).map(([name, connection]) => [name, { kind: connection.kind, connector: openDatabase(connection, lake) }]),
  )

/** The department has written the addresses itself. */
function openDatabase(connection: AgentConfig['connections'][string], lake: Lake): Connector {
  const { password } = connection
  const allowed = ['*']
  const access = { lake, allowed, care: undefined }
  switch (connection.kind) {
    case 'postgresql':
      return openPostgresql(connection, password, allowed)
    case 'mysql':
      return openMysql(connection, password, allowed)
    case 'sqlserver':
      return openSqlserver(connection, password, access)
    case 'oracle':
      return openOracle(connection, password, access)
    case 'mongodb':
      return openMongodb(connection, password, access)
  }
}

async function work(agent: Running): Promise<void> {
  const spool = join(agent.home, 'spool')
  await mkdir(spool, { recursive: true, mode: 0o700 })
  let pauseMs = agent.pollMs
  let reportedAt = 0
  while (!agent.signal.aborted) {
    try {
      const connections = await checkConnections(agent)
      await tellOutcome(agent)
      const { orders, upgrade } = await agent.city.send<Work>('POST', '/agent/v1/poll', {
        version: agent.version,
        programSha256: agent.sha256,
        connections,
      })
      agent.onPolled()
      // What it is sending goes on where it was, under the next program.
      if (upgrade && (await installProgram(agent, upgrade))) return
      if (Date.now() - reportedAt > agent.structureMs) {
        await reportStructures(agent)
        reportedAt = Date.now()
      }
      await dropForgotten(spool, orders)
      for (const order of orders) await deliver(agent, order, join(spool, order.deliveryId))
      pauseMs = agent.pollMs
    } catch (error) {
      if (error instanceof Refused && error.status === 401) throw error
      agent.log.warn({ err: error }, 'the city could not be reached; the spool is kept')
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    await sleep(pauseMs, undefined, { signal: agent.signal }).catch(() => {})
  }
}

async function checkConnections({ connectors }: Running) {
  return Promise.all(
    [...connectors].map(async ([name, { kind, connector }]) => {
      const checked = await connector.check().catch((error) => ({ ok: false, detail: explainFailure(error).code, serverVersion: null }))
      return {
        name,
        kind: `${kind} ${checked.serverVersion ?? ''}`.trim().slice(0, 40),
        ok: checked.ok,
        detail: checked.detail.slice(0, 500),
      }
    }),
  )
}

async function reportStructures({ city, connectors, log }: Running): Promise<void> {
  for (const [name, { connector }] of connectors) {
    try {
      const objects: AgentStructure['objects'] = []
      for (const object of await connector.listObjects()) {
        const { columns } = await connector.describe(object.name, null)
        // Samples are values: they stay in the department.
        objects.push({ ...object, columns: columns.map((column) => ({ ...column, samples: [] })) })
      }
      await city.send('PUT', `/agent/v1/connections/${name}/structure`, { objects })
    } catch (error) {
      if (error instanceof LineCut || error instanceof Refused) throw error
      log.warn({ err: error, connection: name }, 'the structure could not be read')
    }
  }
}

/** What the city no longer waits for. */
async function dropForgotten(spool: string, orders: readonly DeliveryOrder[]): Promise<void> {
  const wanted = new Set(orders.map(({ deliveryId }) => deliveryId))
  for (const name of await readdir(spool)) if (!wanted.has(name)) await rm(join(spool, name), { recursive: true, force: true })
}

async function deliver(agent: Running, order: DeliveryOrder, folder: string): Promise<void> {
  const { city, lake, signal, connectors } = agent
  const path = `/agent/v1/deliveries/${order.deliveryId}`
  try {
    const known = connectors.get(order.connection)
    if (!known) throw new AppError('conflict', 'ingestion.agent_connection_unknown')
    const manifest = (await readManifest(folder)) ?? (await extract(lake, known.connector, order, folder, signal))
    const received = new Set(order.received)
    for (const slice of manifest.slices) {
      if (received.has(slice.number)) continue
      await city.sendFile(`${path}/slices/${slice.number}`, { ...slice, path: slicePath(folder, slice.number) }, signal)
    }
    await city.send('POST', `${path}/completion`, manifest)
  } catch (error) {
    if (signal.aborted || error instanceof LineCut) throw error
    if (error instanceof Refused) {
      // Nobody waits for it any more, or what arrived is another extraction's: the next order says what is wanted.
      agent.log.warn({ err: error, delivery: order.deliveryId }, 'the city does not take a delivery')
      if (error.code !== 'ingestion.delivery_incomplete') return
      return rm(folder, { recursive: true, force: true })
    }
    const { code, params, isPassing } = explainFailure(error)
    agent.log.warn({ err: error, delivery: order.deliveryId }, 'what was ordered could not be read')
    // A database that is away is asked again with the next poll.
    if (!isPassing) await city.send('POST', `${path}/failure`, { code, params })
  }
}
