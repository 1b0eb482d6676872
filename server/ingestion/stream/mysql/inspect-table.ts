import type { Connection } from 'mysql2/promise'
import { AppError, conflict } from '../../../kernel/errors.ts'
import type { WantedColumn } from '../../connectors/connector.ts'
import { type MysqlColumn, select, selectColumns } from '../../connectors/mysql-catalog.ts'
import { grantsOf } from '../../connectors/mysql-grants.ts'
import { arrivalOf } from '../../connectors/mysql-types.ts'
import { isTellingKey } from '../../connectors/slices/mysql-keys.ts'
import { mysqlDialect as dialect } from '../../digest/source-digest.ts'
import type { LogObject } from '../change-log.ts'
import { selectSettings } from './connect-log.ts'

export interface MysqlObject extends LogObject {
  /** The key's columns in the order of `keys`. */
  keyColumns: MysqlColumn[]
}

interface Table {
  database: string
  table: string
}

/**
 * Whether a table can be followed: what the server, the account and the table need, in the order in which a department sets it up.
 * @throws conflict `ingestion.stream_binlog` `stream_commit_order` `stream_replication_right` `stream_object_kind` `stream_no_key`
 *   `stream_key_type` `stream_cascade`
 */
export async function inspectTable(client: Connection, at: Table, wanted: readonly WantedColumn[]): Promise<MysqlObject> {
  await inspectServer(client, at.database)
  return inspectColumns(client, at, wanted)
}

/** Only the table: again, whenever the log says that it was altered. */
export async function inspectColumns(client: Connection, at: Table, wanted: readonly WantedColumn[]): Promise<MysqlObject> {
  const columns = await selectColumns(client, at.database, at.table)
  if (columns.length === 0) throw new AppError('not_found', 'ingestion.object_unknown', { params: { object: at.table } })
  await refuseUnloggedChanges(client, at)
  const keyColumns = await selectKey(client, at, columns)
  const chosen = wanted.map(({ column }) => {
    const found = columns.find(({ name }) => name === column)
    if (!found) throw new AppError('conflict', 'ingestion.column_gone', { params: { column } })
    return found
  })
  const typeOf = ({ type, charset }: MysqlColumn) => `${type} ${charset ?? ''}`.trim()
  const followed = [...chosen, ...keyColumns].map((column) => [column.name, typeOf(column)] as const)
  return {
    keys: keyColumns.map(({ name }) => name),
    keyColumns,
    arrivals: chosen.map((column, i) => arrivalOf(column, wanted[i]!)),
    types: Object.fromEntries(followed),
  }
}

/** Settings without which the log would leave something out, and what they have to be. */
const needed: Record<string, RegExp> = {
  log_bin: /^ON$/,
  binlog_format: /^ROW$/,
  // A whole transaction in one compressed event, and pieces of JSON: nobody here can read them.
  binlog_transaction_compression: /^OFF$/,
  binlog_row_value_options: /^$/,
}

async function inspectServer(client: Connection, database: string): Promise<void> {
  const names = [...Object.keys(needed), 'server_id'].map((name) => `'${name}'`).join(', ')
  const found = await selectSettings(client, `SHOW GLOBAL VARIABLES WHERE variable_name IN (${names})`)
  for (const [setting, wanted] of Object.entries(needed)) {
    const value = found[setting]
    if (value !== undefined && !wanted.test(value)) throw conflict('ingestion.stream_binlog', { setting, value: value || '-' })
  }
  if (!(await hasReplicationRight(client))) throw conflict('ingestion.stream_replication_right')
  const [status] = await select(client, 'SHOW MASTER STATUS')
  for (const setting of ['Binlog_Do_DB', 'Binlog_Ignore_DB']) {
    const listed = (status?.[setting] ?? '').split(',').filter(Boolean)
    const isLeftOut = setting === 'Binlog_Do_DB' ? listed.length > 0 && !listed.includes(database) : listed.includes(database)
    if (isLeftOut) throw conflict('ingestion.stream_binlog', { setting: setting.toLowerCase(), value: listed.join(',') })
  }
  const order = await selectSettings(client, "SHOW STATUS LIKE 'binlog\\_snapshot\\_file'")
  if (!order.binlog_snapshot_file) throw conflict('ingestion.stream_commit_order')
}

/** REPLICATION SLAVE for the log itself, REPLICATION CLIENT (of MariaDB: BINLOG MONITOR) for where it ends. */
async function hasReplicationRight(client: Connection): Promise<boolean> {
  const granted = (await grantsOf(client, 'SHOW GRANTS')).filter((grant) => / ON \*\.\* /.test(grant)).join('\n')
  const has = (right: RegExp) => /ALL PRIVILEGES/.test(granted) || right.test(granted)
  return has(/REPLICATION SLAVE(?! ADMIN)/) && has(/REPLICATION CLIENT|BINLOG MONITOR/)
}

/** What the server does below its log: rows that follow a parent by a foreign key, and kinds of tables that are no rows of a log. */
async function refuseUnloggedChanges(client: Connection, { database, table }: Table): Promise<void> {
  const [kind] = await select(
    client,
    'SELECT table_type AS kind, engine FROM information_schema.tables WHERE table_schema = ? AND table_name = ?',
    [database, table],
  )
  if (kind?.kind !== 'BASE TABLE' || kind.engine === 'MEMORY') throw conflict('ingestion.stream_object_kind', { object: table })
  // information_schema shows foreign keys to those only who may write.
  const [made] = await select(client, `SHOW CREATE TABLE ${dialect.name(database)}.${dialect.name(table)}`)
  const cascade = /^\s*CONSTRAINT (\S+) FOREIGN KEY .*\bON (?:DELETE|UPDATE) (?:CASCADE|SET NULL)/m.exec(made?.['Create Table'] ?? '')
  if (cascade) throw conflict('ingestion.stream_cascade', { table, constraint: cascade[1]!.replaceAll('`', '') })
}

async function selectKey(client: Connection, { database, table }: Table, columns: readonly MysqlColumn[]): Promise<MysqlColumn[]> {
  const rows = await select(
    client,
    `SELECT column_name AS name FROM information_schema.key_column_usage
     WHERE table_schema = ? AND table_name = ? AND constraint_name = 'PRIMARY' ORDER BY ordinal_position`,
    [database, table],
  )
  if (rows.length === 0) throw conflict('ingestion.stream_no_key', { table })
  return rows.map(({ name }) => {
    const column = columns.find((each) => each.name === name)!
    if (!isTellingKey(column)) throw conflict('ingestion.stream_key_type', { column: column.name, type: column.type })
    return column
  })
}
