import mysql, { type Connection } from 'mysql2/promise'
import type { SourceSettings } from '#contract/ingestion.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import { mysqlDialect as dialect, sourceDigest } from '../digest/source-digest.ts'
import { type Line, openLine } from '../harm/open-line.ts'
import { noteQueries } from '../harm/note-queries.ts'
import type { Care } from '../harm/open-care.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { type AllowedHosts, admitHost } from './admit-host.ts'
import {
  type CheckResult,
  type Connector,
  type DescribedObject,
  countColumn,
  digestColumn,
  type EngineInput,
  markColumn,
  type Reading,
  type Since,
  type SourceObjectInfo,
  type WantedColumn,
} from './connector.ts'
import { keysWhere } from './slices/mysql-keys.ts'
import { arrivedMark } from './slices/mark.ts'
import { markOf, sliceWhere, splitTable } from './slices/mysql-slices.ts'
import { type MysqlColumn, samplesOf, select, selectArrays, selectColumns, selectObjects, waitAtMost } from './mysql-catalog.ts'
import { arrivalOf, digestText, shipColumn, shipText } from './mysql-types.ts'
import { isReadOnly } from './mysql-grants.ts'
import { mysqlSince } from './since.ts'
import { profileBySql } from './profile/profile-sql.ts'
import { mysqlStructure } from './structure/mysql-structure.ts'
import { asSourceError } from './source-error.ts'
import { presentTable } from './structure/present-table.ts'

type Settings = Extract<SourceSettings, { kind: 'mysql' }>

const seconds = { connect: 10, describe: 30, digest: 3600, silence: 300 }

/** MySQL 5.7 and later, MariaDB 10.2 and later, and what speaks their protocol (TiDB, OceanBase, GoldenDB). */
export function openMysql(settings: Settings, secret: string, allowed: AllowedHosts, care?: Care): Connector {
  const using = async <T>(work: (client: Connection) => Promise<T>): Promise<T> => {
    const { client } = await connect({ settings, secret, allowed, care, seconds: seconds.describe })
    try {
      return await work(client)
    } catch (error) {
      throw asSourceError(error)
    } finally {
      client.destroy()
    }
  }
  const columnsOf = async (client: Connection, object: string) => {
    const columns = await selectColumns(client, settings.database, object)
    if (columns.length === 0) throw notFound('ingestion.object_unknown', { object })
    return columns
  }
  const table = (object: string) => `${dialect.name(settings.database)}.${dialect.name(object)}`

  return {
    check: () => using(checkServer),
    listObjects: () => using((client): Promise<SourceObjectInfo[]> => selectObjects(client, settings.database)),
    describe: (object) =>
      using(async (client): Promise<DescribedObject> => {
        const columns = await columnsOf(client, object)
        const info = (await selectObjects(client, settings.database)).find(({ name }) => name === object)
        const samples = await samplesOf(client, table(object), columns)
        return presentTable(object, columns, samples, info?.estimatedRows ?? null)
      }),
    structure: (object) => using(async (client) => mysqlStructure(client, settings.database, object, await columnsOf(client, object))),
    profile: (object) =>
      using(async (client) => {
        const columns = await columnsOf(client, object)
        return profileBySql((sql) => selectArrays(client, sql), mysqlWords, table(object), columns.map(toProfiled))
      }),
    preview: (object, _dialect, limit) =>
      using(async (client) => {
        const columns = await columnsOf(client, object)
        const list = columns.map((column, i) => `${shipText(column)} AS c${i}`).join(', ')
        const rows = await select(client, `SELECT ${list} FROM ${table(object)} LIMIT ${Math.trunc(limit)}`)
        return { columns: columns.map(({ name }) => name), rows: rows.map((row) => columns.map((_, i) => row[`c${i}`] ?? null)) }
      }),
    async openReading(object, _dialect, wanted, signal, since) {
      const limit = Math.min(seconds.digest, care?.statementSeconds ?? seconds.digest)
      const { client, host } = await connect({ settings, secret, allowed, care, seconds: limit })
      try {
        const line = await openLine({ host, port: settings.port }, care, signal, (tag) => killTagged(client, tag))
        return readingOf({
          client,
          settings,
          secret,
          line,
          object,
          table: table(object),
          columns: await columnsOf(client, object),
          wanted,
          since,
        })
      } catch (error) {
        client.destroy()
        throw asSourceError(error)
      }
    },
  }
}

const mysqlWords = {
  ...dialect,
  asText: (column: string) => `CAST(${column} AS CHAR)`,
  matches: (text: string, pattern: string) => `${text} REGEXP ${dialect.text(pattern)}`,
  bytes: (text: string) => `octet_length(${text})`,
}
const toProfiled = ({ name, base }: MysqlColumn) => ({
  name,
  isOrdered: /int$|^(decimal|float|double|date|datetime|timestamp)$/.test(base),
})
interface Connecting {
  settings: Settings
  secret: string
  allowed: AllowedHosts
  care: Care | undefined
  /** No statement may run longer; and nobody waits for it much longer. */
  seconds: number
}

/** A connection to the address that was checked, for reading, with a limit on each statement. */
async function connect({
  settings,
  secret,
  allowed,
  care,
  seconds: timeoutSeconds,
}: Connecting): Promise<{ client: Connection; host: string }> {
  const { port, database, user } = settings
  const host = await admitHost(settings.host, allowed)
  try {
    const client = await mysql.createConnection({
      host,
      port,
      database,
      user,
      password: secret,
      charset: 'utf8mb4',
      connectTimeout: seconds.connect * 1000,
      // A rogue server may ask its client for any file (reliability A20): the client says from the start that it sends none.
      flags: ['-LOCAL_FILES'],
    })
    // A connection that breaks while idle must not end the process; the next query says so.
    client.on('error', () => {})
    noteQueries(client, care, ([rows]: [unknown]) => (Array.isArray(rows) ? rows.length : null))
    try {
      waitAtMost(client, seconds.connect)
      const [server] = await select(client, 'SELECT VERSION() AS version')
      waitAtMost(client, timeoutSeconds + seconds.connect)
      const limit = /mariadb/i.test(server!.version!)
        ? `max_statement_time = ${timeoutSeconds}`
        : `max_execution_time = ${timeoutSeconds * 1000}`
      await client.query(`SET SESSION ${limit}`)
      await client.query('SET SESSION TRANSACTION READ ONLY')
      return { client, host }
    } catch (error) {
      client.destroy()
      throw error
    }
  } catch (error) {
    throw asSourceError(error)
  }
}

interface Opened {
  client: Connection
  settings: Settings
  secret: string
  line: Line
  object: string
  table: string
  columns: MysqlColumn[]
  wanted: readonly WantedColumn[]
  since: Since | undefined
}

function readingOf({ client, settings, secret, line, object, table, columns, wanted, since }: Opened): Reading {
  const chosen = wanted.map(({ column }) => {
    const found = columns.find(({ name }) => name === column)
    if (!found) throw new AppError('conflict', 'ingestion.column_gone', { params: { column } })
    return found
  })
  const query = async (text: string) => {
    try {
      return await select(client, text)
    } catch (error) {
      throw asSourceError(error)
    }
  }
  const recent = since && mysqlSince(columns, since)
  const from = recent ? `(SELECT * FROM ${table} WHERE ${recent.where}) AS recent` : table
  const shipped = (plans: readonly ColumnPlan[]) =>
    plans.map(({ arrival, type, input }, i) => `${shipColumn(chosen[i]!, arrival, type)} AS ${dialect.name(input)}`)
  const inputOf = (sql: string, facts: Pick<EngineInput, 'hasDigest' | 'isSnapshot' | 'mark'>): EngineInput => {
    const { statement, run } = line.carry(sql)
    const options = `connection_max_tries = 1, connection_pool_size = 1, connect_timeout = ${seconds.connect}, read_write_timeout = ${seconds.silence}`
    return {
      parts: [`mysql({address:String}, {database:String}, query({statement:String}), {user:String}, {secret:String}, SETTINGS ${options})`],
      parameters: { address: line.address, database: settings.database, user: settings.user, secret, statement },
      settings: {},
      ...facts,
      run,
    }
  }
  return {
    arrivals: chosen.map((column, i) => arrivalOf(column, wanted[i]!)),
    async input(plans, { withDigest, asSnapshot, slice }): Promise<EngineInput> {
      const list = shipped(plans)
      // Written out a second time: a derived table would be kept on the server's disk before its first row is sent.
      if (withDigest)
        list.push(
          `${sourceDigest(
            dialect,
            plans.map(({ arrival, type }, i) => digestText(chosen[i]!, arrival, type)),
          )} AS ${dialect.name(digestColumn)}`,
        )
      const where = slice ? sliceWhere(columns, slice) : ''
      const mark = slice ? markOf(columns) : null
      const arrived = mark ? arrivedMark(mark, plans) : null
      const ofCount = [...list.map(() => 'NULL'), ...(mark ? [`CAST(COALESCE(SUM(${mark.sql}), 0) AS SIGNED)`] : []), 'count(*)']
      if (mark) list.push(`CAST(${arrived!.isShipped ? mark.sql : 'NULL'} AS SIGNED) AS ${dialect.name(markColumn)}`)
      // A statement without a transaction of its own reads one snapshot, the count included.
      const sql = asSnapshot
        ? `SELECT ${list.join(', ')}, CAST(NULL AS SIGNED) AS ${dialect.name(countColumn)} FROM ${from}${where}
           UNION ALL SELECT ${ofCount.join(', ')} FROM ${from}${where}`
        : `SELECT ${list.join(', ')} FROM ${from}${where}`
      return inputOf(sql, { hasDigest: withDigest, isSnapshot: asSnapshot, ...(arrived && { mark: arrived.sql }) })
    },
    byKeys: (plans, keys) =>
      inputOf(`SELECT ${shipped(plans).join(', ')} FROM ${table}${keysWhere(columns, keys)}`, { hasDigest: false, isSnapshot: false }),
    ...(!recent && { split: async () => splitTable(query, table, columns, await estimateRows(query, settings.database, object)) }),
    unreadable: 0,
    count: async () => Number((await query(`SELECT count(*) AS n FROM ${from}`))[0]!.n),
    ...(recent && {
      async compareWhole(value: string) {
        const [found] = await query(
          `SELECT count(*) AS n, max(${recent.column}) >= ${recent.literal(value)} AS is_there, CAST(max(${recent.column}) AS CHAR) AS newest FROM ${table}`,
        )
        return { rows: Number(found!.n), isOlder: Number(found!.is_there) !== 1, newest: found!.newest ?? null }
      },
    }),
    close: async () => {
      await line.close()
      client.destroy()
    },
  }
}

/** Ends a statement of the engine, of the same account: the engine itself cannot while the source is silent. */
async function killTagged(client: Connection, tag: string): Promise<void> {
  const found = await select(client, 'SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND LOCATE(?, info) > 0', [
    tag,
  ])
  for (const { id } of found) await client.query(`KILL QUERY ${BigInt(id!)}`)
}

async function estimateRows(query: (sql: string) => ReturnType<typeof select>, database: string, object: string): Promise<number> {
  const [stats] = await query(
    `SELECT table_rows AS estimate FROM information_schema.tables WHERE table_schema = ${dialect.text(database)} AND table_name = ${dialect.text(object)}`,
  )
  return Number(stats?.estimate ?? 0)
}

async function checkServer(client: Connection): Promise<CheckResult> {
  const [found] = await select(client, 'SELECT VERSION() AS version, UNIX_TIMESTAMP(NOW(6)) AS clock')
  const skewSeconds = Math.round(Math.abs(Number(found!.clock) - Date.now() / 1000))
  const readOnly = await isReadOnly(client, found!.version!)
  const isSkewed = skewSeconds > 5
  const code =
    readOnly === null ? 'ingestion.roles_unknown' : readOnly ? (isSkewed ? 'ingestion.clock_skew' : null) : 'ingestion.not_read_only'
  return { ok: true, code, detail: isSkewed ? `${skewSeconds}` : '', serverVersion: found!.version!, readOnly }
}
