import mysql from 'mysql2/promise'
import pg from 'pg'
import { hasMariadb, startMariadb } from '#testing/mariadb.ts'
import { postgresBin, startPostgres } from '#testing/postgres.ts'
import { sourceSuite, suiteTable } from '#testing/sources/source-suite.ts'
import { mysqlDialect, oracleDialect, postgresqlDialect, sqlserverDialect } from '../digest/source-digest.ts'
import { openMysql } from './mysql.ts'
import { connectOracle } from './oracle/connect-oracle.ts'
import { openOracle } from './oracle/oracle.ts'
import { openPostgresql } from './postgresql.ts'
import { connectSqlserver } from './sqlserver/connect-sqlserver.ts'
import { openSqlserver } from './sqlserver/sqlserver.ts'

const quoted = (text: string) => `'${text}'`
const here = (url: string) => {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  return {
    host: hostname,
    user: decodeURIComponent(username),
    secret: decodeURIComponent(password),
    port: Number(port),
    database: pathname.slice(1),
    schema: searchParams.get('schema') ?? '',
  }
}

if (postgresBin())
  sourceSuite('PostgreSQL', async () => {
    const server = await startPostgres()
    const client = new pg.Client(server.url)
    await client.connect()
    const { host, port, user, database } = here(server.url)
    return {
      connector: () => openPostgresql({ kind: 'postgresql', host, port, user, database, schema: 'public' }, '', ['127.0.0.1']),
      run: (sql) => client.query(sql),
      dialect: postgresqlDialect,
      table: `public.${suiteTable}`,
      types: { integer: 'bigint', text: 'varchar(400)', decimal: 'numeric(14,4)', day: 'date', time: 'timestamp(6)' },
      time: quoted,
      day: quoted,
      close: async () => {
        await client.end()
        await server.stop()
      },
    }
  })
else if (process.env.CI === 'true') throw new Error('Debian package postgresql is not installed')

if (hasMariadb())
  sourceSuite('MariaDB', async () => {
    const server = await startMariadb()
    const client = await mysql.createConnection({ uri: server.url, charset: 'utf8mb4' })
    await client.query('CREATE DATABASE suite CHARACTER SET utf8mb4')
    await client.query('USE suite')
    const { host, port, user, secret } = here(server.url)
    return {
      connector: () => openMysql({ kind: 'mysql', host, port, user, database: 'suite' }, secret, ['127.0.0.1']),
      run: (sql) => client.query(sql),
      dialect: mysqlDialect,
      table: suiteTable,
      types: { integer: 'bigint', text: 'varchar(400)', decimal: 'decimal(14,4)', day: 'date', time: 'datetime(6)' },
      time: quoted,
      day: quoted,
      close: async () => {
        client.destroy()
        await server.stop()
      },
    }
  })
else if (process.env.CI === 'true') throw new Error('Debian package mariadb-server is not installed')

/** `sqlserver://user:password@host:1433/database?schema=dbo`: an account that may make a table there. */
const sqlserverUrl = process.env.DATONG_TEST_SQLSERVER
if (sqlserverUrl)
  sourceSuite('SQL Server', async () => {
    const { secret, ...address } = here(sqlserverUrl)
    const settings = { kind: 'sqlserver', ...address, certificate: process.env.DATONG_TEST_SQLSERVER_CERTIFICATE ?? '' } as const
    const session = await connectSqlserver(address, settings, secret, 60)
    return {
      connector: (lake) => openSqlserver(settings, secret, { lake, allowed: ['*'], care: undefined }),
      run: (sql) => Array.fromAsync(session.rows(sql)),
      dialect: sqlserverDialect,
      table: `${sqlserverDialect.name(settings.schema)}.${sqlserverDialect.name(suiteTable)}`,
      types: { integer: 'bigint', text: 'nvarchar(400)', decimal: 'decimal(14,4)', day: 'date', time: 'datetime2(6)' },
      time: quoted,
      day: quoted,
      close: () => session.close(),
    }
  })
else console.log('not run: SQL Server, for want of DATONG_TEST_SQLSERVER')

/** `oracle://user:password@host:1521/service?schema=OWNER`. */
const oracleUrl = process.env.DATONG_TEST_ORACLE
if (oracleUrl)
  sourceSuite('Oracle', async () => {
    const { secret, ...address } = here(oracleUrl)
    const settings = { kind: 'oracle', ...address } as const
    const session = await connectOracle(address, settings, secret, 60)
    return {
      connector: (lake) => openOracle(settings, secret, { lake, allowed: ['*'], care: undefined }),
      run: (sql) => Array.fromAsync(session.rows(sql)),
      dialect: oracleDialect,
      table: `${oracleDialect.name(settings.schema)}.${oracleDialect.name(suiteTable)}`,
      types: { integer: 'NUMBER(19)', text: 'VARCHAR2(400 CHAR)', decimal: 'NUMBER(14,4)', day: 'DATE', time: 'TIMESTAMP(6)' },
      time: (text) => `TIMESTAMP '${text}'`,
      day: (text) => `DATE '${text}'`,
      emptyIsNull: true,
      close: () => session.close(),
    }
  })
else console.log('not run: Oracle, for want of DATONG_TEST_ORACLE')
