import pg from 'pg'
import type { SourceSettings } from '#contract/ingestion.ts'
import { type AllowedHosts, admitHost } from '../../connectors/admit-host.ts'
import { tlsOptions } from '../../harm/encrypted-line.ts'
import { asSourceError } from '../../connectors/source-error.ts'

export type PostgresqlSettings = Extract<SourceSettings, { kind: 'postgresql' }>

export interface LogAccess {
  settings: PostgresqlSettings
  secret: string
  allowed: AllowedHosts
}

/** Texts of the log must look like those of the copy, whatever the server or the role prefer. */
const session = '-c timezone=Asia/Shanghai -c DateStyle=ISO,YMD -c IntervalStyle=postgres -c extra_float_digits=1 -c bytea_output=hex'

/** The address that was checked, for any kind of connection. */
export async function clientConfig({ settings, secret, allowed }: LogAccess): Promise<pg.ClientConfig> {
  const { port, database, user } = settings
  return {
    host: await admitHost(settings.host, allowed),
    port,
    database,
    user,
    password: secret,
    ...(settings.certificate && { ssl: tlsOptions(settings.certificate, settings.host) }),
    application_name: 'datong',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    options: session,
  }
}

/** A connection that asks and never writes a row; making and dropping a slot is all that it changes. */
export async function connectLog(access: LogAccess, timeoutSeconds: number): Promise<pg.Client> {
  const client = new pg.Client({ ...(await clientConfig(access)), statement_timeout: timeoutSeconds * 1000 })
  // A connection that breaks while idle must not end the process; the next query says so.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw asSourceError(error)
  }
}

export async function usingLog<T>(access: LogAccess, timeoutSeconds: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectLog(access, timeoutSeconds)
  try {
    return await work(client)
  } catch (error) {
    throw asSourceError(error)
  } finally {
    await client.end().catch(() => {})
  }
}
