import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
import { openCluster } from './cluster.ts'
import { defineEverywhere } from './define-everywhere.ts'
import { openEmbedded } from './embedded.ts'
import type { Engine } from './engine.ts'
import { asLakeError } from './lake-error.ts'
import { type Limits, settingsOf } from './limits.ts'
import { listTables, type LakeTable } from './list-tables.ts'
import { checkParameters, type Parameters } from './parameters.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import type { Step } from './spread-statement.ts'

export interface CommandSummary {
  elapsedMs: number
}

export interface DefineLimits extends Limits {
  /** For CREATE TABLE: columns whose equal values shall lie on one node of a cluster; otherwise its sorting key says. */
  shardBy?: readonly string[]
}

/**
 * The data plane: one ClickHouse dialect over two engines. Every statement is written by our own code; values come only as
 * `{name:Type}` parameters and identifiers only through `quoteIdentifier`, so file(), url() and s3() are never within a user's reach.
 */
export interface Lake {
  kind: 'chdb' | 'clickhouse'
  /** CREATE, DROP, EXCHANGE, ALTER: short, never waits behind a load. True on every node when it returns, or undone where it fails. */
  define(sql: string, parameters?: Parameters, limits?: DefineLimits): Promise<CommandSummary>
  /** INSERT … SELECT, DELETE and other writes; bulk unless told otherwise: small ones that are `interactive` never wait behind loads.
   *  Returns no record content and no counts: the embedded engine reports none for INSERT … SELECT, so count what arrived with `measure`. */
  command(sql: string, parameters?: Parameters, limits?: Limits): Promise<CommandSummary>
  /** Engine facts: counts, digests, system tables. 64-bit integers and decimals are strings. Not for record content. */
  measure<Row>(sql: string, parameters?: Parameters, limits?: Limits): Promise<Row[]>
  /** Tables with what they take on the disks of all nodes; also what a definition that was killed has left on one of them. */
  tables(names?: readonly string[]): Promise<LakeTable[]>
  /** Record content: only `security` calls it, with a Grant (a mechanical check enforces it). 64-bit integers and decimals are strings. */
  rows<Row>(sql: string, parameters?: Parameters, limits?: Limits): Promise<Row[]>
  /** A result as bytes of a ClickHouse format (CSVWithNames, JSONEachRow, Parquet …). Errors reject; late ones destroy the stream. */
  bytes(sql: string, parameters: Parameters, format: string, limits?: Limits): Promise<Readable>
  /** Bytes of a ClickHouse format into a table, without row objects. On failure part of the rows may have arrived: load a staging table. */
  insertStream(table: string, format: string, source: Readable, limits?: Limits): Promise<CommandSummary>
  /** Stops what runs, refuses what comes. Rejects with LakeError STUCK when a dead source holds a statement. */
  close(): Promise<void>
}

export type LakeOptions = { dir: string } | { urls: readonly string[]; cluster?: string }

/** Opens the lake in a folder (chDB, one process at a time: LakeError 76 otherwise) or on ClickHouse nodes, one URL a shard. */
export async function openLake(options: LakeOptions): Promise<Lake> {
  const engine = 'dir' in options ? await openEmbedded(options.dir) : await openCluster(options.urls, options.cluster)
  return makeLake(engine)
}

function makeLake(engine: Engine): Lake {
  const read = async <Row>(sql: string, parameters: Parameters = {}, limits: Limits = {}): Promise<Row[]> => {
    checkParameters(sql, parameters)
    const lane = limits.priority === 'bulk' ? engine.lanes.scan : engine.lanes.read
    return lane.run(
      (client) =>
        cancellable(engine, limits, 'read', (settings) =>
          engine.readOn(client, async (node) => {
            const result = await node.query({ query: sql, format: 'JSONEachRow', query_params: parameters, clickhouse_settings: settings })
            return result.json<Row>()
          }),
        ),
      limits.signal,
    )
  }
  const write = (client: ClickHouseClient, sql: string, parameters: Parameters, limits: Limits) =>
    timed(() =>
      cancellable(engine, limits, 'write', (settings) =>
        client.command({ query: sql, query_params: parameters, clickhouse_settings: settings }),
      ),
    )
  const onEveryNode = (steps: readonly Step[], parameters: Parameters, limits: Limits) => {
    const { signal: _, ...unsignalled } = limits
    return timed(() =>
      defineEverywhere(
        engine.nodes,
        steps,
        (node, sql) => write(node, sql, parameters, limits),
        (node, sql) => write(node, sql, parameters, unsignalled),
      ),
    )
  }

  const writeLane = ({ priority }: Limits) => (priority === 'interactive' ? engine.lanes.apply : engine.lanes.write)

  return {
    kind: engine.kind,
    async define(sql, parameters = {}, limits = {}) {
      checkParameters(sql, parameters)
      const steps = engine.spread(sql, limits.shardBy) ?? [{ sql }]
      return engine.lanes.define.run(() => onEveryNode(steps, parameters, { priority: 'interactive', ...limits }), limits.signal)
    },
    async command(sql, parameters = {}, limits = {}) {
      checkParameters(sql, parameters)
      const all: Limits = { priority: 'bulk', ...limits }
      const steps = engine.spread(sql, undefined)
      return writeLane(limits).run(
        (client) => (steps ? onEveryNode(steps, parameters, all) : write(client, sql, parameters, all)),
        limits.signal,
      )
    },
    tables: (names) => listTables(engine, names),
    measure: read,
    rows: read,
    async bytes(sql, parameters, format, limits = {}) {
      checkParameters(sql, parameters)
      const all: Limits = { priority: 'bulk', ...limits }
      return engine.lanes.scan.run(
        (client) =>
          cancellable(engine, all, 'read', (settings) => engine.download(client, { sql, parameters, settings }, checkFormat(format))),
        limits.signal,
      )
    },
    async insertStream(table, format, source, limits = {}) {
      const all: Limits = { priority: 'bulk', ...limits }
      const target = table.split('.').map(quoteIdentifier).join('.')
      return writeLane(limits).run(
        (client) =>
          timed(() =>
            cancellable(engine, all, 'write', (settings) => engine.upload(client, target, checkFormat(format), source, settings)),
          ),
        limits.signal,
      )
    },
    close: () => engine.close(),
  }
}

/**
 * Runs one statement under its limits, and stops it in the engine when the signal aborts: neither engine stops a write (chDB: nothing at
 * all) because its caller went away. The promise settles only when the engine has let go, so after a rejection nothing more is written.
 */
async function cancellable<T>(
  engine: Engine,
  limits: Limits,
  intent: 'read' | 'write',
  run: (settings: Record<string, string | number>) => Promise<T>,
): Promise<T> {
  const id = randomUUID()
  const running = run({ ...engine.settings, ...settingsOf(limits, intent), log_comment: id })
  let timer: NodeJS.Timeout | undefined
  // Repeated, because the first attempt may come before the engine has registered the statement.
  const kill = () => {
    timer = setTimeout(kill, 200)
    engine.kill(id).catch(() => {})
  }
  if (limits.signal?.aborted) kill()
  else limits.signal?.addEventListener('abort', kill, { once: true })
  try {
    return await running
  } catch (error) {
    throw await engine.explain(asLakeError(error))
  } finally {
    limits.signal?.removeEventListener('abort', kill)
    clearTimeout(timer)
  }
}

async function timed(run: () => Promise<unknown>): Promise<CommandSummary> {
  const started = performance.now()
  await run()
  return { elapsedMs: performance.now() - started }
}

function checkFormat(format: string): string {
  if (!/^[A-Za-z0-9]+$/.test(format)) throw new TypeError(`not a ClickHouse format: ${format}`)
  return format
}
