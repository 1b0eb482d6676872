import type { SourceSettings } from '#contract/ingestion.ts'
import { AppError, notFound } from '../../../kernel/errors.ts'
import type { LakeEngine } from '../../../store/index.ts'
import { type AllowedHosts, admitHost } from '../admit-host.ts'
import type { CheckResult, Connector, SourceObjectInfo } from '../connector.ts'
import { ask, describeColumns, type EngineTable, presentColumns, previewRows, readTable } from '../engine/engine-table.ts'

type Settings = Extract<SourceSettings, { kind: 'clickhouse' }>

/**
 * ClickHouse 22 and later, by the engine's `remote()`: the source runs the statement, the engine takes its blocks as they are.
 * Tables that replace or collapse rows are read as their users see them (FINAL).
 */
export function openClickhouse(lake: LakeEngine, settings: Settings, secret: string, allowed: AllowedHosts): Connector {
  /** The address is checked, single and with its port: a pattern of addresses or the engine's own tables cannot be meant. */
  const remote = async (database: string, table: string): Promise<EngineTable> => {
    const host = await admitHost(settings.host, allowed)
    return {
      from: 'remote({address:String}, {database:String}, {table:String}, {user:String}, {secret:String})',
      parameters: {
        address: `${host.includes(':') ? `[${host}]` : host}:${settings.port}`,
        database,
        table,
        user: settings.user,
        secret,
      },
      settings: {
        final: 1,
        // Of a cluster's own node the engine would read as itself, without the password.
        prefer_localhost_replica: 0,
        connections_with_failover_max_tries: 1,
        connect_timeout_with_failover_ms: 10_000,
        receive_timeout: 300,
      },
    }
  }
  const facts = async <Row>(sql: string, table: string, parameters: Record<string, string> = {}) => {
    const system = await remote('system', table)
    return ask<Row>(lake, sql.replace('$from', system.from), {
      parameters: { ...system.parameters, of: settings.database, ...parameters },
      settings: system.settings,
    })
  }
  const objects = async (): Promise<SourceObjectInfo[]> => {
    const tables = await facts<{ name: string; engine: string; comment: string; rows: string | null; bytes: string | null }>(
      `SELECT name, engine, comment, total_rows AS rows, total_bytes AS bytes FROM $from WHERE database = {of:String} AND NOT is_temporary AND name NOT LIKE '.inner%' ORDER BY name LIMIT 5000`,
      'tables',
    )
    return tables.map(({ name, engine, comment, rows, bytes }) => ({
      name,
      kind: engine.endsWith('View') ? 'view' : 'table',
      comment,
      estimatedRows: rows === null ? null : Number(rows),
      sizeBytes: bytes === null ? null : Number(bytes),
      modifiedAt: null,
    }))
  }
  const find = async (object: string): Promise<SourceObjectInfo & { table: EngineTable }> => {
    const found = (await objects()).find(({ name }) => name === object)
    if (!found) throw notFound('ingestion.object_unknown', { object })
    return { ...found, table: await remote(settings.database, object) }
  }
  return {
    check: async (): Promise<CheckResult> => {
      const databases = await facts('SELECT 1 FROM $from WHERE name = {of:String}', 'databases')
      const [version] = await facts<{ value: string }>("SELECT value FROM $from WHERE name = 'VERSION_DESCRIBE'", 'build_options')
      const readOnly = databases.length > 0 ? await mayOnlyRead(facts, settings.user) : null
      const code = databases.length === 0 ? 'ingestion.database_unknown' : readOnly === false ? 'ingestion.not_read_only' : null
      return { ok: databases.length > 0, code, detail: '', serverVersion: version?.value ?? null, readOnly }
    },
    listObjects: objects,
    describe: async (object) => {
      const { table, estimatedRows } = await find(object)
      const known = await facts<{ name: string; comment: string; key: number }>(
        'SELECT name, comment, is_in_primary_key AS key FROM $from WHERE database = {of:String} AND `table` = {object:String}',
        'columns',
        { object },
      )
      const columns = await presentColumns(
        lake,
        table,
        new Map(known.map(({ name, comment, key }) => [name, { comment, isKey: key === 1 }])),
      )
      return { object, columns, dialect: null, sheets: [], reasons: [], estimatedRows }
    },
    preview: async (object, _dialect, limit) => {
      const { table } = await find(object)
      return previewRows(lake, table, await describeColumns(lake, table), limit)
    },
    openReading: async (object, _dialect, wanted, _signal, since) => readTable(lake, (await find(object)).table, wanted, since),
  }
}

/** Null where the account may not see its own rights: then nobody knows. */
async function mayOnlyRead(
  facts: <Row>(sql: string, table: string, parameters?: Record<string, string>) => Promise<Row[]>,
  user: string,
): Promise<boolean | null> {
  try {
    const grants = await facts<{ right: string }>(
      `SELECT toString(access_type) AS right FROM $from WHERE user_name = {who:String} AND NOT is_partial_revoke`,
      'grants',
      { who: user },
    )
    return grants.length === 0 ? null : grants.every(({ right }) => /^(SELECT|SHOW|dictGet|REMOTE|CREATE TEMPORARY TABLE)/.test(right))
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}
