import type { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
import type { Lanes } from './lane.ts'
import type { Parameters } from './parameters.ts'

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
  /** Stops every statement whose log_comment is `id`, wherever it runs. */
  kill(id: string): Promise<void>
  download(client: ClickHouseClient, statement: Statement, format: string): Promise<Readable>
  upload(client: ClickHouseClient, target: string, format: string, source: Readable, settings: Settings): Promise<void>
  close(): Promise<void>
}

export const killStatement = "KILL QUERY WHERE Settings['log_comment'] = {id:String} ASYNC"
