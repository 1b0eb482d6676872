import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise'
import type { SourceSettings } from '#contract/ingestion.ts'
import { type AllowedHosts, admitHost } from '../../connectors/admit-host.ts'
import { select, waitAtMost } from '../../connectors/mysql-catalog.ts'
import { asSourceError } from '../../connectors/source-error.ts'

export interface LogAccess {
  settings: Extract<SourceSettings, { kind: 'mysql' }>
  secret: string
  allowed: AllowedHosts
}

const connectSeconds = 10

/** The address that was checked. Days as they are written; and no file for a server that asks its client for one (reliability A20). */
export async function clientConfig({ settings, secret, allowed }: LogAccess): Promise<ConnectionOptions> {
  const { port, database, user } = settings
  const host = await admitHost(settings.host, allowed)
  const flags = ['-LOCAL_FILES']
  return {
    host,
    port,
    database,
    user,
    password: secret,
    charset: 'utf8mb4',
    connectTimeout: connectSeconds * 1000,
    dateStrings: true,
    flags,
  }
}

/** A connection that asks and never writes. Nobody waits longer for an answer than so many seconds. */
export async function connectLog(access: LogAccess, seconds: number): Promise<Connection> {
  try {
    const client = await mysql.createConnection(await clientConfig(access))
    // A connection that breaks while idle must not end the process; the next query says so.
    client.on('error', () => {})
    waitAtMost(client, seconds)
    return client
  } catch (error) {
    throw asSourceError(error)
  }
}

export async function usingLog<T>(access: LogAccess, seconds: number, work: (client: Connection) => Promise<T>): Promise<T> {
  const client = await connectLog(access, seconds)
  try {
    return await work(client)
  } catch (error) {
    throw asSourceError(error)
  } finally {
    client.destroy()
  }
}

/** Variables or counters of the server, by name in small letters. */
export async function selectSettings(client: Connection, statement: string): Promise<Record<string, string>> {
  const rows = await select(client, statement)
  return Object.fromEntries(rows.map(({ Variable_name, Value }) => [Variable_name!.toLowerCase(), Value ?? '']))
}
