import { readFileSync, truncateSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import type { NightSources } from './sources.ts'

export type SourceKind = 'postgresql' | 'mysql' | 'csv' | 'json'

/** One way in which a source breaks before the night. */
export interface Fault {
  name: string
  kind: SourceKind
  /** What the morning page must say. */
  cause: string
  /** Settings of the source that are wrong from the beginning: it was moved, its password changed. */
  settings?: (sources: NightSources) => object
  secret?: string
  /** What happens to the table or file. */
  act?: (sources: NightSources, object: string) => Promise<unknown>
  /** It was loaded well the day before. */
  wasLoaded?: true
}

const postgres = (statement: (table: string) => string) => (sources: NightSources, table: string) =>
  sources.postgres.query(statement(table))
const mariadb = (statement: (table: string) => string) => (sources: NightSources, table: string) => sources.mariadb.query(statement(table))

export const faults: readonly Fault[] = [
  { name: 'wrong password', kind: 'mysql', cause: 'ingestion.source_password', secret: 'wrong' },
  { name: 'table dropped', kind: 'postgresql', cause: 'ingestion.object_unknown', act: postgres((table) => `DROP TABLE ${table}`) },
  {
    name: 'column dropped',
    kind: 'mysql',
    cause: 'ingestion.structure_drifted',
    act: mariadb((table) => `ALTER TABLE ${table} DROP COLUMN amount`),
  },
  {
    name: 'column retyped',
    kind: 'postgresql',
    cause: 'ingestion.structure_drifted',
    act: postgres((table) => `ALTER TABLE ${table} ALTER COLUMN amount TYPE text USING '约' || amount || '元'`),
  },
  {
    name: 'server hangs',
    kind: 'postgresql',
    cause: 'ingestion.source_unreachable',
    settings: ({ hangingPort }) => ({ port: hangingPort }),
  },
  { name: 'server down', kind: 'mysql', cause: 'ingestion.source_unreachable', settings: ({ closedPort }) => ({ port: closedPort }) },
  {
    name: 'half of the rows gone',
    kind: 'postgresql',
    cause: 'ingestion.rows_gone',
    act: postgres((table) => `DELETE FROM ${table} WHERE id % 2 = 0`),
    wasLoaded: true,
  },
  {
    name: 'too many broken values',
    kind: 'mysql',
    cause: 'ingestion.quarantine_limit',
    act: mariadb((table) => `UPDATE ${table} SET day = '不详' WHERE id % 3 = 0`),
  },
  {
    name: 'file truncated',
    kind: 'json',
    cause: 'file.json_damaged',
    act: async ({ folder }, object) => truncateSync(join(folder, object), Math.floor(statSync(join(folder, object)).size * 0.6)),
  },
  {
    name: 'file in a wrong encoding',
    kind: 'csv',
    cause: 'ingestion.quarantine_limit',
    act: async ({ folder }, object) =>
      writeFileSync(join(folder, object), iconv.encode(readFileSync(join(folder, object), 'utf8'), 'gb18030')),
  },
  {
    name: 'lagging replica',
    kind: 'postgresql',
    cause: 'ingestion.replica_behind',
    settings: ({ replicaPort }) => ({ port: replicaPort }),
    act: ({ pauseReplica }) => pauseReplica(),
  },
  { name: 'database gone', kind: 'mysql', cause: 'ingestion.database_unknown', settings: () => ({ database: 'city_of_old' }) },
  { name: 'right taken away', kind: 'postgresql', cause: 'ingestion.source_forbidden', settings: () => ({ user: 'stranger' }) },
]
