import type { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
import type { LakeError } from './lake-error.ts'
import type { Lanes } from './lane.ts'
import type { Parameters } from './parameters.ts'
import type { Step } from './spread-statement.ts'

export type Settings = Record<string, string | number>

interface Statement {
  sql: string
  parameters: Parameters
  settings: Settings
}

/** What differs between the embedded engine and a cluster; everything else is `lake.ts`. */
export interface Engine {
  kind: 'chdb' | 'clickhouse'
  lanes: Lanes
  /** One client per node, for definitions. */
  nodes: readonly ClickHouseClient[]
  /** What each node runs for a definition or a change; null where one node runs the statement as it is. */
  spread(sql: string, shardBy: readonly string[] | undefined): Step[] | null
  /** Settings of every statement. */
  settings: Settings
  /** Runs a read on this connection, or where its node is away on that of another. */
  readOn<T>(client: ClickHouseClient, read: (client: ClickHouseClient) => Promise<T>): Promise<T>
  /** What is behind an error that the network has part in. */
  explain(error: LakeError): Promise<Error>
  /** Stops every statement whose log_comment is `id`, wherever it runs. */
  kill(id: string): Promise<void>
  download(client: ClickHouseClient, statement: Statement, format: string): Promise<Readable>
  upload(client: ClickHouseClient, target: string, format: string, source: Readable, settings: Settings): Promise<void>
  close(): Promise<void>
}

export const killStatement = "KILL QUERY WHERE Settings['log_comment'] = {id:String} ASYNC"
