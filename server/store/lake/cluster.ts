import type { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { AppError } from '../../kernel/errors.ts'
import { type Engine, killStatement, type Settings } from './engine.ts'
import { asLakeError, LakeError } from './lake-error.ts'
import { makeLanes } from './lane.ts'
import { throughFile } from './spool.ts'
import { scratchDatabase, shardDatabase, spreadStatement } from './spread-statement.ts'

const width = { read: 16, scan: 2, write: 4, apply: 2, define: 1 }
const connections = Object.values(width).reduce((sum, n) => sum + n, 1)
const longestSeconds = 24 * 3600
const pingMs = 3000

/**
 * What makes several nodes behave as one: an insert is acknowledged by the nodes where its rows lie, a table that is joined is sent to all
 * of them, every SELECT runs where the INSERT does (row numbers are counted once), and a node that is away is an error, never missing rows.
 */
const asOne: Settings = {
  distributed_foreground_insert: 1,
  parallel_distributed_insert_select: 0,
  distributed_product_mode: 'global',
  skip_unavailable_shards: 0,
}

/**
 * Connects to ClickHouse nodes over HTTP. One node: plain tables. Several: one URL a shard, in the servers' `<remote_servers>` under the name
 * `cluster`; rows lie in `shard.t` of each, `lake.t` is the `Distributed` table over them (spread-statement.ts). The first node is the entry:
 * it runs reads and inserts for all; while it is away the next one answers what it can.
 * @throws AppError unavailable `platform.lake_away`; LakeError LAYOUT where the servers name other shards than the URLs
 */
export async function openCluster(urls: readonly string[], cluster = 'city'): Promise<Engine> {
  if (urls.length === 0) throw new TypeError('the lake needs at least one URL')
  const isOne = urls.length === 1
  await prepare(urls, cluster)
  const pool = urls.map((url) => connect(url, 'lake'))
  const slots = (count: number) => Array.from({ length: count }, () => pool[0]!)
  const lanes = makeLanes({
    read: slots(width.read),
    scan: slots(width.scan),
    write: slots(width.write),
    apply: slots(width.apply),
    define: slots(width.define),
  })

  return {
    kind: 'clickhouse',
    lanes,
    nodes: pool,
    settings: isOne ? {} : asOne,
    spread: (sql, shardBy) => (isOne ? null : spreadStatement(sql, cluster, shardBy)),
    readOn: (_, read) => readOnNext(pool, read),
    explain: (error) => explainAway(pool, error),
    async kill(id) {
      await Promise.allSettled(pool.map((node) => node.command({ query: killStatement, query_params: { id } })))
    },
    async download(client, { sql, parameters, settings }, format) {
      const result = await client.exec({
        query: `${sql} FORMAT ${format}`,
        query_params: parameters,
        clickhouse_settings: { ...settings, wait_end_of_query: 0 },
      })
      return throughFile(result.stream)
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

/** Makes the databases, and checks that the servers mean the same shards as the URLs. Nodes that are away were prepared before, or nothing works. */
async function prepare(urls: readonly string[], cluster: string): Promise<void> {
  const nodes = urls.map((url) => connect(url, 'default'))
  try {
    const answers = await Promise.allSettled(
      nodes.map(async (node) => {
        await node.command({ query: 'CREATE DATABASE IF NOT EXISTS lake ENGINE = Atomic' })
        if (urls.length > 1) {
          await node.command({ query: `CREATE DATABASE IF NOT EXISTS ${shardDatabase} ENGINE = Atomic` })
          await node.command({ query: `DROP DATABASE IF EXISTS ${scratchDatabase} SYNC` })
          await node.command({ query: `CREATE DATABASE ${scratchDatabase} ENGINE = Atomic` })
        }
        return urls.length > 1 ? countHosts(node, cluster) : 1
      }),
    )
    for (const answer of answers)
      if (answer.status === 'fulfilled' && answer.value !== urls.length)
        throw new LakeError(
          0,
          'LAYOUT',
          `<remote_servers> of the cluster ${cluster} must name ${urls.length} shards with one host each, as CLICKHOUSE_URL does; it names ${answer.value}`,
        )
    const failed = answers.find((answer) => answer.status === 'rejected')
    if (failed && answers.every((answer) => answer.status === 'rejected')) throw await explainAway(nodes, asLakeError(failed.reason))
  } finally {
    await Promise.all(nodes.map((node) => node.close()))
  }
}

async function countHosts(node: ClickHouseClient, cluster: string): Promise<number> {
  const result = await node.query({
    query: 'SELECT toUInt32(if(count() = uniqExact(shard_num), count(), 0)) AS n FROM system.clusters WHERE cluster = {cluster:String}',
    format: 'JSONEachRow',
    query_params: { cluster },
  })
  const [found] = await result.json<{ n: number }>()
  return found!.n
}

/** Reads change nothing: where a node does not answer, the next one is asked. */
async function readOnNext<T>(nodes: readonly ClickHouseClient[], read: (node: ClickHouseClient) => Promise<T>): Promise<T> {
  for (const [i, node] of nodes.entries()) {
    try {
      return await read(node)
    } catch (error) {
      const isAway = asLakeError(error).name === 'UNREACHABLE' && i < nodes.length - 1 && !(await answers(node))
      if (!isAway) throw error
    }
  }
  throw new Error('unreachable')
}

/** Numbers of the engine for a connection that was refused, broke, or fell silent: a source's, or that of another node. */
const ofTheNetwork = new Set([0, 3, 23, 24, 32, 33, 95, 101, 198, 209, 210, 236, 242, 279, 1000, 1001, 1002])

/** The engine has the same numbers for a source that broke and for a node: so the nodes are asked. */
async function explainAway(nodes: readonly ClickHouseClient[], error: LakeError): Promise<Error> {
  if (!ofTheNetwork.has(error.code)) return error
  const alive = await Promise.all(nodes.map(answers))
  const away = alive.flatMap((isAlive, i) => (isAlive ? [] : [i + 1]))
  if (away.length === 0) return error
  return new AppError('unavailable', 'platform.lake_away', {
    params: { nodes: away.join('、'), count: nodes.length },
    retryAfterSeconds: 30,
    cause: error,
  })
}

async function answers(node: ClickHouseClient): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, pingMs, false).unref())
  return Promise.race([node.ping().then(({ success }) => success), late])
}

function connect(url: string, database: string): ClickHouseClient {
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
