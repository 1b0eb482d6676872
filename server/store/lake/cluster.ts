import type { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { type Engine, killStatement } from './engine.ts'
import { asLakeError } from './lake-error.ts'
import { makeLanes } from './lane.ts'

const width = { read: 16, scan: 2, write: 4, define: 1 }
const longestSeconds = 24 * 3600

/**
 * Connects to ClickHouse nodes over HTTP. The first is the coordinator: it runs every read and write, so that a table local to it is always
 * found; data on the other nodes is reached through `Distributed` tables. Definitions run on every node.
 */
export async function openCluster(urls: readonly string[]): Promise<Engine> {
  const nodes = urls.map((url) =>
    connect(
      url,
      Object.values(width).reduce((sum, n) => sum + n, 1),
    ),
  )
  const [coordinator] = nodes
  if (!coordinator) throw new TypeError('the lake needs at least one URL')
  try {
    for (const node of nodes) await node.command({ query: 'CREATE DATABASE IF NOT EXISTS lake ENGINE = Atomic' })
  } catch (error) {
    throw asLakeError(error)
  }
  await Promise.all(nodes.map((node) => node.close()))
  const pool = urls.map((url) =>
    connect(
      url,
      Object.values(width).reduce((sum, n) => sum + n, 1),
      'lake',
    ),
  )
  const slots = (count: number) => Array.from({ length: count }, () => pool[0]!)

  const lanes = makeLanes({ read: slots(width.read), scan: slots(width.scan), write: slots(width.write), define: slots(width.define) })

  return {
    kind: 'clickhouse',
    lanes,
    nodes: pool,
    async kill(id) {
      await Promise.all(pool.map((node) => node.command({ query: killStatement, query_params: { id } })))
    },
    async download(client, { sql, parameters, settings }, format) {
      const result = await client.exec({
        query: `${sql} FORMAT ${format}`,
        query_params: parameters,
        clickhouse_settings: { ...settings, wait_end_of_query: 0 },
      })
      return result.stream
    },
    async upload(client, target, format, source, settings) {
      const result = await client.exec({ query: `INSERT INTO ${target} FORMAT ${format}`, values: source, clickhouse_settings: settings })
      await drained(result.stream)
    },
    async close() {
      for (const lane of Object.values(lanes)) lane.shut()
      await Promise.all(pool.map((node) => node.close()))
    },
  }
}

function connect(url: string, connections: number, database = 'default'): ClickHouseClient {
  return createClient({
    url,
    database,
    // The client would print every failed statement, with values of records in it; the caller has the error.
    log: { level: ClickHouseLogLevel.OFF },
    max_open_connections: connections,
    // The engine's own limit ends a statement; this one is for a peer that has vanished.
    request_timeout: longestSeconds * 1000,
    // A load is silent for long: progress headers keep proxies from closing it.
    clickhouse_settings: { send_progress_in_http_headers: 1, http_headers_progress_interval_ms: '110000', wait_end_of_query: 1 },
  })
}

async function drained(stream: Readable): Promise<void> {
  for await (const _ of stream);
}
