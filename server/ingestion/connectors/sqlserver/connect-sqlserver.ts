import { on, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Connection, Request } from 'tedious'
import type { SourceSettings } from '#contract/ingestion.ts'
import type { Target } from '../../harm/open-relay.ts'
import type { DriverSession, DriverValue } from '../driver/driver-database.ts'

type Settings = Extract<SourceSettings, { kind: 'sqlserver' }>

const connectMs = 10_000
/** Rows that wait to be taken; beyond that the driver reads no further, and TCP holds the server back. */
const waiting = { highWaterMark: 2000, lowWaterMark: 500 }

/** A session of `tedious`, which is loaded when a first source needs it. Nothing here may write, and no lock is waited for long. */
export async function connectSqlserver(target: Target, settings: Settings, secret: string, seconds: number): Promise<DriverSession> {
  const { Connection, Request, TYPES } = (await import('tedious')).default
  const { host, database, user, certificate } = settings
  const connection: Connection = new Connection({
    server: target.host,
    authentication: { type: 'default', options: { userName: user, password: secret } },
    options: {
      // Also where a server sends its client elsewhere: only the address that was checked is connected to.
      connector: () => dial(target),
      database,
      appName: 'datong',
      // With a certificate that was given the line is encrypted and the server proved by it; there is no half way.
      encrypt: certificate !== '',
      trustServerCertificate: false,
      serverName: host,
      ...(certificate !== '' && { cryptoCredentialsDetails: { ca: certificate, minVersion: 'TLSv1.2' } }),
      connectTimeout: connectMs,
      requestTimeout: seconds * 1000,
      maxRetriesOnTransientErrors: 0,
      readOnlyIntent: true,
      useUTC: true,
    },
  })
  await new Promise<void>((done, fail) => connection.connect((error) => (error ? fail(error) : done())))
  // A connection that breaks while idle must not end the process; the next statement says so.
  connection.on('error', () => {})
  let running: Request | undefined
  const session: DriverSession = {
    async *rows(sql, values = {}) {
      let end: { error: Error | null | undefined } | undefined
      const request = new Request(sql, (error) => {
        end = { error }
      })
      for (const [name, value] of Object.entries(values)) request.addParameter(name, TYPES.NVarChar, value)
      const rows = on(request, 'row', { close: ['requestCompleted'], ...waiting })
      running = request
      if (Object.keys(values).length > 0) connection.execSql(request)
      else connection.execSqlBatch(request)
      try {
        for await (const [columns] of rows) yield (columns as { value: DriverValue }[]).map(({ value }) => value)
      } finally {
        if (!end) await Promise.all([once(request, 'requestCompleted'), connection.cancel()])
        running = undefined
      }
      if (end?.error) throw end.error
    },
    async beginSnapshot() {
      const [found] = await Array.fromAsync(
        session.rows('SELECT CAST(snapshot_isolation_state AS int) FROM sys.databases WHERE database_id = DB_ID()'),
      )
      if (found?.[0] !== 1) return false
      await Array.fromAsync(session.rows('SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION'))
      return true
    },
    async cancel() {
      if (running) connection.cancel()
    },
    async close() {
      connection.close()
    },
  }
  await Array.fromAsync(session.rows('SET LOCK_TIMEOUT 30000'))
  return session
}

async function dial(target: Target): Promise<Socket> {
  const socket = connect({ ...target, noDelay: true, keepAlive: true })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectMs) })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}
