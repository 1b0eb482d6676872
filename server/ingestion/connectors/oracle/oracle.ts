import type { SourceSettings } from '#contract/ingestion.ts'
import { oracleDialect as dialect } from '../../digest/source-digest.ts'
import type { Connector } from '../connector.ts'
import type { DriverDatabase } from '../driver/driver-database.ts'
import { type DriverAccess, openDriverSource } from '../driver/driver-source.ts'
import { type SqlColumn, sqlStatements } from '../driver/sql-statements.ts'
import { checkOracle } from './check-oracle.ts'
import { connectOracle } from './connect-oracle.ts'
import { selectColumns, selectObjects, selectStamp } from './oracle-catalog.ts'
import { asOracleError } from './oracle-error.ts'

type Settings = Extract<SourceSettings, { kind: 'oracle' }>

/** Oracle Database 12.1 and later, by the npm driver `oracledb` in its thin mode. Never run against a server here. */
export const openOracle = (settings: Settings, secret: string, access: Omit<DriverAccess, 'host' | 'port'>): Connector =>
  openDriverSource(oracle(settings, secret), { ...access, host: settings.host, port: settings.port })

const oracle = (settings: Settings, secret: string): DriverDatabase<SqlColumn, string> => ({
  statements: sqlStatements({
    dialect,
    table: (object) => `${dialect.name(settings.schema)}.${dialect.name(object)}`,
    firstRows: (list, from, limit) => `SELECT ${list.join(', ')} FROM ${from} FETCH FIRST ${limit} ROWS ONLY`,
    // STANDARD_HASH takes no text beyond 4000 bytes, and those in the server's own character set. Rows are digested as they arrive.
    digest: async () => null,
  }),
  connect: (target, seconds) => connectOracle(target, settings, secret, seconds),
  check: checkOracle,
  objects: (session) => selectObjects(session, settings.schema),
  columns: (session, object) => selectColumns(session, settings.schema, object),
  stamp: (session, object) => selectStamp(session, settings.schema, object),
  asError: asOracleError,
})
