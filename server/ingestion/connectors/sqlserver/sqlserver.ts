import type { SourceSettings } from '#contract/ingestion.ts'
import { sqlserverDialect as dialect } from '../../digest/source-digest.ts'
import type { Connector } from '../connector.ts'
import type { DriverDatabase } from '../driver/driver-database.ts'
import { type DriverAccess, openDriverSource } from '../driver/driver-source.ts'
import { type SqlColumn, sqlStatements } from '../driver/sql-statements.ts'
import { checkSqlserver, majorOf } from './check-sqlserver.ts'
import { connectSqlserver } from './connect-sqlserver.ts'
import { selectColumns, selectObjects, selectStamp } from './sqlserver-catalog.ts'
import { asSqlserverError } from './sqlserver-error.ts'
import { rowDigest } from './sqlserver-types.ts'

type Settings = Extract<SourceSettings, { kind: 'sqlserver' }>

/** SQL Server 2016 and later, by the npm driver `tedious`. Run against a scripted server only: sqlserver.test.ts says what a real one is asked. */
export const openSqlserver = (settings: Settings, secret: string, access: Omit<DriverAccess, 'host' | 'port'>): Connector =>
  openDriverSource(sqlserver(settings, secret), { ...access, host: settings.host, port: settings.port })

const sqlserver = (settings: Settings, secret: string): DriverDatabase<SqlColumn, string> => ({
  statements: sqlStatements({
    dialect,
    table: (object) => `${dialect.name(settings.schema)}.${dialect.name(object)}`,
    firstRows: (list, from, limit) => `SELECT TOP (${limit}) ${list.join(', ')} FROM ${from}`,
    // Only since 2019 (15) can the server write a text as UTF-8.
    digest: async (session, texts) => ((await majorOf(session)) < 15 ? null : rowDigest(texts)),
  }),
  connect: (target, seconds) => connectSqlserver(target, settings, secret, seconds),
  check: checkSqlserver,
  objects: (session) => selectObjects(session, settings.schema),
  columns: (session, object) => selectColumns(session, settings.schema, object),
  stamp: (session, object) => selectStamp(session, settings.schema, object),
  asError: asSqlserverError,
})
