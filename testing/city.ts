import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Role } from '../contract/security.ts'
import { type App, openApp } from '../server/app.ts'
import { readConfig } from '../server/config.ts'
import { type InProcessClient, inProcessClient } from '../server/http/index.ts'
import { type BuiltOrg, buildOrg, buildPerson } from './build-people.ts'
import { type ClickHouse, startClickHouse } from './clickhouse/start-clickhouse.ts'
import { testEngine, testShards } from './lake/test-lake.ts'
import { pgTemplate } from './pg-template.ts'

/** Somebody signed in, calling routes by name as the portal does. */
export interface Client extends InProcessClient {
  org: BuiltOrg
  personId: string
  token: string
  csrf: string
}

export interface TestCity {
  app: App
  home: string
  /** The server of the control plane; undefined where it is embedded. */
  databaseUrl: string | undefined
  /** The servers of the lake; undefined where it is embedded. */
  servers: ClickHouse | undefined
  /** Signs in somebody of an organisation with these roles; the organisation is made on first mention. */
  as(orgName: string, ...roles: Role[]): Promise<Client>
  org(name: string): Promise<BuiltOrg>
  /** Without a session. */
  visitor: InProcessClient
  /** Moves the city's clock; dates are Asia/Shanghai's. */
  setNow(instant: string): void
  /** Closes and opens the same city again, as a restart does. */
  restart(): Promise<void>
  close(): Promise<void>
}

/**
 * An empty city on real engines: PGlite and chDB in a temporary folder, or with STORE=pg / LAKE=clickhouse / LAKE=cluster the
 * servers themselves: a database of TEST_DATABASE_URL (tools/test.ts), one server of its own, or two that hold a shard each. One organisation kind follows
 * from its name: 数据管理局 is the bureau.
 */
export async function openTestCity(
  options: { now?: string; env?: Record<string, string>; fileRoots?: string[]; portalDir?: string; programDir?: string } = {},
): Promise<TestCity> {
  const home = mkdtempSync(join(tmpdir(), 'datong-'))
  let now = options.now ? () => new Date(options.now!) : () => new Date()
  const database = process.env.STORE === 'pg' ? await createDatabase() : undefined
  const lake = testEngine === 'chdb' ? undefined : await startClickHouse({ shards: testShards })
  const config = readConfig({
    DATONG_HOME: home,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    DATONG_FILES: (options.fileRoots ?? []).join(':'),
    ...(database && { DATABASE_URL: database.url }),
    ...(lake && { CLICKHOUSE_URL: lake.urls.join(',') }),
    ...options.env,
  })
  const template = database ? undefined : await pgTemplate()
  const open = () =>
    openApp(config, {
      now: () => now(),
      strictAudit: true,
      isVolatile: true,
      programDir: options.programDir ?? join(home, 'no-program'),
      portalDir: options.portalDir ?? new URL('./blank-portal/', import.meta.url).pathname,
      ...(template && { template }),
    })
  let app = await open()
  const orgs = new Map<string, Promise<BuiltOrg>>()
  const org = (name: string) => {
    if (!orgs.has(name)) orgs.set(name, buildOrg(app, name))
    return orgs.get(name)!
  }
  const city: TestCity = {
    get app() {
      return app
    },
    home,
    databaseUrl: database?.url,
    servers: lake,
    org,
    as: async (orgName, ...roles) => {
      const built = await org(orgName)
      const person = await buildPerson(app, built, roles)
      return { org: built, ...person, ...inProcessClient(() => app.http, person) }
    },
    visitor: inProcessClient(() => app.http, null),
    setNow: (instant) => {
      now = () => new Date(instant)
    },
    restart: async () => {
      await app.close()
      app = await open()
    },
    close: async () => {
      await app.close()
      await database?.drop()
      await lake?.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
  return city
}

/** An empty database of the server that tools/test.ts has started. */
export async function createDatabase() {
  const server = process.env.TEST_DATABASE_URL
  if (!server) throw new Error('STORE=pg needs TEST_DATABASE_URL: run the tests by `npm test`')
  const name = `city_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const admin = async (text: string) => {
    const connection = new pg.Client({ connectionString: server })
    await connection.connect()
    await connection.query(text).finally(() => connection.end())
  }
  await admin(`create database ${name} template template0 encoding 'UTF8'`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => admin(`drop database ${name} with (force)`) }
}
