import pg from 'pg'
import type { SourceSettings } from '#contract/ingestion.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import { postgresqlDialect as dialect, sourceDigest } from '../digest/source-digest.ts'
import { type Line, openLine } from '../harm/open-line.ts'
import { tlsOptions } from '../harm/encrypted-line.ts'
import { noteQueries } from '../harm/note-queries.ts'
import type { Care } from '../harm/open-care.ts'
import type { Target } from '../harm/open-relay.ts'
import { type AllowedHosts, admitHost } from './admit-host.ts'
import {
  type CheckResult,
  type Connector,
  type DescribedObject,
  countColumn,
  digestColumn,
  type EngineInput,
  hashColumn,
  markColumn,
  type Reading,
  type RowKeys,
  type Since,
  type SourceObjectInfo,
  type WantedColumn,
} from './connector.ts'
import { postgresqlNarrow } from './narrow.ts'
import { type PostgresColumn, samplesOf, selectColumns, selectObjects } from './postgresql-catalog.ts'
import { refuseLaggingReplica } from './postgresql-replica.ts'
import { arrivedMark } from './slices/mark.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { isFoundByKey, rowHashSql, textHash } from './postgresql-hash.ts'
import { hasShifted, markOf, sliceWhere, splitTable } from './slices/postgresql-slices.ts'
import { arrivalOf, digestText, shipText } from './postgresql-types.ts'
import type { SliceBounds } from '../slice/slice-bounds.ts'
import { postgresqlSince } from './since.ts'
import { profileBySql } from './profile/profile-sql.ts'
import { postgresStructure } from './structure/postgresql-structure.ts'
import { asSourceError } from './source-error.ts'
import { presentTable } from './structure/present-table.ts'

type Settings = Extract<SourceSettings, { kind: 'postgresql' }>

const seconds = { connect: 10, describe: 30, digest: 3600, goodbye: 3 }

const targetOf = async ({ host, port, certificate }: Settings, allowed: AllowedHosts): Promise<Target> => ({
  host: await admitHost(host, allowed),
  port,
  ...(certificate && { encryption: { certificate, name: host } }),
})

/** PostgreSQL 11 and later, and what speaks its protocol (openGauss, Kingbase). */
export function openPostgresql(settings: Settings, secret: string, allowed: AllowedHosts, care?: Care): Connector {
  const connect = async (timeoutSeconds: number) => {
    const host = await admitHost(settings.host, allowed)
    const { port, database, user } = settings
    const client = new pg.Client({
      host,
      port,
      database,
      user,
      password: secret,
      ...(settings.certificate && { ssl: tlsOptions(settings.certificate, settings.host) }),
      application_name: 'datong',
      connectionTimeoutMillis: seconds.connect * 1000,
      statement_timeout: timeoutSeconds * 1000,
      // A little more: a server that is silent does not keep its own limit.
      query_timeout: (timeoutSeconds + seconds.connect) * 1000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
    })
    // A connection that breaks while idle must not end the process; the next query says so.
    client.on('error', () => {})
    try {
      await client.connect()
      noteQueries(client, care, ({ rows }: pg.QueryResult) => rows?.length ?? null)
      await client.query(
        "SET default_transaction_read_only = on; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = 1; SET client_encoding = 'UTF8'",
      )
      return client
    } catch (error) {
      await hangUp(client)
      throw asSourceError(error)
    }
  }
  const using = async <T>(timeoutSeconds: number, work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = await connect(timeoutSeconds)
    try {
      return await work(client)
    } catch (error) {
      throw asSourceError(error)
    } finally {
      await hangUp(client)
    }
  }
  const columnsOf = async (client: pg.Client, object: string) => {
    const columns = await selectColumns(client, settings.schema, object)
    if (columns.length === 0) throw notFound('ingestion.object_unknown', { object })
    return columns
  }
  const table = (object: string) => `${dialect.name(settings.schema)}.${dialect.name(object)}`

  return {
    check: () => using(seconds.describe, (client) => checkServer(client, settings.schema)),
    listObjects: () => using(seconds.describe, (client): Promise<SourceObjectInfo[]> => selectObjects(client, settings.schema)),
    describe: (object) =>
      using(seconds.describe, async (client): Promise<DescribedObject> => {
        const columns = await columnsOf(client, object)
        const info = (await selectObjects(client, settings.schema)).find(({ name }) => name === object)
        const samples = await samplesOf(client, table(object), columns)
        return presentTable(object, columns, samples, info?.estimatedRows ?? null)
      }),
    structure: (object) =>
      using(seconds.describe, async (client) => postgresStructure(client, settings.schema, object, await columnsOf(client, object))),
    profile: (object) =>
      using(seconds.describe, async (client) => {
        const columns = await columnsOf(client, object)
        const rows = async (text: string) => (await client.query({ text, rowMode: 'array' })).rows
        return profileBySql(rows, postgresqlWords, table(object), columns.map(toProfiled))
      }),
    preview: (object, _dialect, limit) =>
      using(seconds.describe, async (client) => {
        const columns = await columnsOf(client, object)
        const list = columns.map((column) => `${shipText(column)}`).join(', ')
        const { rows } = await client.query({ text: `SELECT ${list} FROM ${table(object)} LIMIT ${Math.trunc(limit)}`, rowMode: 'array' })
        return { columns: columns.map(({ name }) => name), rows }
      }),
    async openReading(object, _dialect, wanted, signal, since) {
      const client = await connect(Math.min(seconds.digest, care?.statementSeconds ?? seconds.digest))
      try {
        await refuseLaggingReplica(client)
        return await readingOf({
          client,
          settings,
          secret,
          line: await openLine(await targetOf(settings, allowed), care, signal, (tag) => cancelTagged(client, tag)),
          table: table(object),
          columns: await columnsOf(client, object),
          wanted,
          since,
        })
      } catch (error) {
        await hangUp(client)
        throw asSourceError(error)
      }
    },
  }
}

/** Says goodbye, and does not wait for a server that is silent. */
async function hangUp(client: pg.Client): Promise<void> {
  const gone = setTimeout(() => client.connection.stream.destroy(), seconds.goodbye * 1000)
  await client.end().catch(() => {})
  clearTimeout(gone)
}

const postgresqlWords = {
  ...dialect,
  asText: (column: string) => `(${column})::text`,
  matches: (text: string, pattern: string) => `${text} ~ ${dialect.text(pattern)}`,
  bytes: (text: string) => `octet_length(${text})`,
}
const toProfiled = ({ name, base }: PostgresColumn) => ({ name, isOrdered: /^(int|float|numeric|date|timestamp)/.test(base) })

interface Opened {
  client: pg.Client
  settings: Settings
  secret: string
  line: Line
  table: string
  columns: PostgresColumn[]
  wanted: readonly WantedColumn[]
  since: Since | undefined
}

async function readingOf({ client, settings, secret, line, table, columns, wanted, since }: Opened): Promise<Reading> {
  await refuseUnreadable(client)
  const chosen = wanted.map(({ column }) => {
    const found = columns.find(({ name }) => name === column)
    if (!found) throw new AppError('conflict', 'ingestion.column_gone', { params: { column } })
    return found
  })
  // One statement after the other on the one connection, whoever asks.
  let last: Promise<unknown> = Promise.resolve()
  const query = (text: string) => {
    const answer = last.then(() => client.query(text)).catch((error) => Promise.reject(asSourceError(error)))
    last = answer.catch(() => {})
    return answer.then(({ rows }) => rows)
  }
  const engineInput = (sql: string) => {
    const { statement, run } = line.carry(sql)
    return {
      parts: ['postgresql({address:String}, {database:String}, query({statement:String}), {user:String}, {secret:String})'],
      parameters: { address: line.address, database: settings.database, user: settings.user, secret, statement },
      settings: { postgresql_connection_pool_retries: 1 },
      hasDigest: false,
      isSnapshot: false,
      run,
    }
  }
  const shipped = (plans: readonly ColumnPlan[]) =>
    plans.map(({ arrival, input }, i) => {
      const column = chosen[i]!
      return `${arrival.as === 'text' ? shipText(column) : dialect.name(column.name)} AS ${dialect.name(input)}`
    })
  let hashSql = textHash(chosen)
  const recent = since && postgresqlSince(columns, since)
  const from = recent ? `(SELECT * FROM ${table} WHERE ${recent.where}) AS recent` : table
  return {
    arrivals: chosen.map((column, i) => arrivalOf(column, wanted[i]!)),
    async input(plans, { withDigest, asSnapshot, slice, rowHash, onlyKeys = false }): Promise<EngineInput> {
      const list = shipped(plans).filter((_, i) => !onlyKeys || plans[i]!.item.isKey)
      const digest = withDigest ? digestSql(plans) : null
      const mark = slice ? await markOf(query, table, slice) : null
      const arrived = mark ? arrivedMark(mark, plans) : null
      const where = slice ? await sliceWhere(query, table, slice) : ''
      const ofRow = [
        ...(rowHash === undefined ? [] : [`${hashSql(rowHash)} AS ${dialect.name(hashColumn)}`]),
        ...(mark ? [`${arrived!.isShipped ? mark.sql : 'NULL::bigint'} AS ${dialect.name(markColumn)}`] : []),
        ...(asSnapshot ? [`NULL::bigint AS ${dialect.name(countColumn)}`] : []),
      ]
      const rows = `SELECT ${[...list, ...ofRow].join(', ')} FROM ${from}${where}`
      const digested = digest ? digestedSql(rows, digest) : rows
      const ofCount = [
        ...list.map(() => 'NULL'),
        ...(rowHash === undefined ? [] : ['NULL']),
        ...(mark ? [`coalesce(sum(${mark.sql}), 0)::bigint`] : []),
        'count(*)',
        ...(digest ? ['NULL'] : []),
      ]
      const sql = asSnapshot ? `${digested} UNION ALL SELECT ${ofCount.join(', ')} FROM ${from}${where}` : digested
      return {
        ...engineInput(sql),
        hasDigest: withDigest,
        hasHash: rowHash !== undefined,
        isSnapshot: asSnapshot,
        ...(arrived && { mark: arrived.sql }),
      }
    },
    async hashesRows(plans) {
      const keys = plans.flatMap(({ item }, i) => (item.isKey ? [chosen[i]!.name] : []))
      if (recent || !(await isFoundByKey(query, table, keys))) return false
      hashSql = await rowHashSql(query, table, chosen)
      return true
    },
    byKeys(plans, keys, { withDigest = false, rowHash } = {}) {
      const list = [...shipped(plans), ...(rowHash === undefined ? [] : [`${hashSql(rowHash)} AS ${dialect.name(hashColumn)}`])]
      const rows = `SELECT ${list.join(', ')} FROM ${table}${keysWhere(columns, keys)}`
      const hasHash = rowHash !== undefined
      return { ...engineInput(withDigest ? digestedSql(rows, digestSql(plans)) : rows), hasDigest: withDigest, hasHash }
    },
    narrowed(plans, narrow) {
      const list = plans.map(({ input }, i) => `${shipText(chosen[i]!)} AS ${dialect.name(input)}`)
      return engineInput(`SELECT ${list.join(', ')} FROM ${table}${postgresqlNarrow(dialect, chosen, narrow)}`)
    },
    ...(!recent && {
      split: () => splitTable(query, table),
      hasShifted: (slices: readonly SliceBounds[]) => hasShifted(query, table, slices),
    }),
    unreadable: 0,
    count: async () => Number((await query(`SELECT count(*) AS n FROM ${from}`))[0].n),
    ...(recent && {
      async compareWhole(value: string) {
        const [found] = await query(
          `SELECT count(*) AS rows, max(${recent.column}) >= ${recent.literal(value)} AS is_there, max(${recent.column})::text AS newest FROM ${table}`,
        )
        return { rows: Number(found.rows), isOlder: found.is_there !== true, newest: found.newest }
      },
    }),
    close: async () => {
      await line.close()
      await hangUp(client)
    },
  }
}

const digestSql = (plans: readonly ColumnPlan[]) => sourceDigest(dialect, plans.map(digestText))

/** OFFSET 0 keeps the planner from working out each text twice, for the column and for the digest. */
const digestedSql = (rows: string, digest: string) =>
  `SELECT *, ${digest} AS ${dialect.name(digestColumn)} FROM (${rows} OFFSET 0) AS shipped`

/** Rows by their keys, as an index finds them. */
function keysWhere(columns: readonly PostgresColumn[], { names, rows }: RowKeys): string {
  const arrays = names.map((name, i) => {
    const texts = rows.map((row) => `"${(row[i] ?? '').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)
    return `${dialect.text(`{${texts.join(',')}}`)}::${columns.find((column) => column.name === name)!.type}[]`
  })
  return ` WHERE (${names.map(dialect.name).join(', ')}) IN (SELECT * FROM unnest(${arrays.join(', ')}))`
}

/** Ends a statement of the engine, of the same account: the engine itself cannot while the source is silent. */
const cancelTagged = (client: pg.Client, tag: string) =>
  client.query(
    `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid() AND position(${dialect.text(tag)} IN query) > 0`,
  )

/** The engine connects by itself, with the defaults of the role: reset_val is what it gets. */
async function refuseUnreadable(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    "SELECT current_setting('server_encoding') AS encoding, (SELECT reset_val FROM pg_settings WHERE name = 'DateStyle') AS style",
  )
  const { encoding, style } = rows[0]
  if (!['UTF8', 'SQL_ASCII'].includes(encoding)) throw new AppError('conflict', 'ingestion.source_encoding', { params: { encoding } })
  if (!String(style).startsWith('ISO')) throw new AppError('conflict', 'ingestion.source_date_style', { params: { style } })
}

async function checkServer(client: pg.Client, schema: string): Promise<CheckResult> {
  const { rows } = await client.query(
    `SELECT current_setting('server_version') AS version, extract(epoch FROM clock_timestamp())::float8 AS clock,
       EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolsuper AND pg_has_role(current_user, r.oid, 'MEMBER')) AS is_super,
       EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1) AS has_schema,
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         -- Also by a role that the account has only to SET.
         JOIN pg_roles r ON pg_has_role(current_user, r.oid, 'MEMBER')
         WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) AS can_write`,
    [schema],
  )
  const [found] = rows
  const skewSeconds = Math.round(Math.abs(found.clock - Date.now() / 1000))
  const readOnly = !found.is_super && !found.can_write
  const code = !found.has_schema
    ? 'ingestion.schema_unknown'
    : !readOnly
      ? 'ingestion.not_read_only'
      : skewSeconds > 5
        ? 'ingestion.clock_skew'
        : null
  return { ok: found.has_schema, code, detail: skewSeconds > 5 ? `${skewSeconds}` : '', serverVersion: found.version, readOnly }
}
