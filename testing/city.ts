import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { InjectOptions, Response as Injected } from 'light-my-request'
import pg from 'pg'
import { type RouteName, routes } from '../contract/index.ts'
import type { RouteAnswer, RouteCall, RouteSpec } from '../contract/route.ts'
import type { Role } from '../contract/security.ts'
import type { Problem } from '../contract/values.ts'
import { type App, openApp } from '../server/app.ts'
import { readConfig } from '../server/config.ts'
import { sessionCookie } from '../server/http/index.ts'
import { type BuiltOrg, buildOrg, buildPerson } from './build-people.ts'
import { pgTemplate } from './pg-template.ts'

type Spec<N extends RouteName> = (typeof routes)[N]
type JsonAnswer<N extends RouteName> = Spec<N>['output'] extends 'file' ? { fileName: string; bytes: Buffer } : RouteAnswer<Spec<N>>

/** Somebody signed in, calling routes by name as the portal does. */
export interface Client {
  org: BuiltOrg
  personId: string
  token: string
  csrf: string
  /** The parsed answer. @throws CallError with the problem when the answer is not 2xx. */
  call<N extends RouteName>(name: N, input?: Partial<RouteCall<Spec<N>>>): Promise<JsonAnswer<N>>
  /** The raw answer, whatever its status. */
  attempt<N extends RouteName>(name: N, input?: Partial<RouteCall<Spec<N>>>): Promise<Injected>
}

export class CallError extends Error {
  readonly status: number
  readonly problem: Problem
  constructor(name: string, status: number, problem: Problem) {
    super(`${name}: ${status} ${problem.code} ${problem.detail} ${JSON.stringify(problem.errors ?? '')}`)
    this.status = status
    this.problem = problem
  }
}

export interface TestCity {
  app: App
  home: string
  /** Signs in somebody of an organisation with these roles; the organisation is made on first mention. */
  as(orgName: string, ...roles: Role[]): Promise<Client>
  org(name: string): Promise<BuiltOrg>
  /** Without a session. */
  visitor: Pick<Client, 'call' | 'attempt'>
  /** Moves the city's clock; dates are Asia/Shanghai's. */
  setNow(instant: string): void
  /** Closes and opens the same city again, as a restart does. */
  restart(): Promise<void>
  close(): Promise<void>
}

/**
 * An empty city on real engines: PGlite and chDB in a temporary folder, or with STORE=pg / LAKE=clickhouse the servers
 * whose URLs stand in TEST_DATABASE_URL / TEST_CLICKHOUSE_URL (started by tools/test.ts). One organisation kind follows
 * from its name: 数据管理局 is the bureau.
 */
export async function openTestCity(options: { now?: string; env?: Record<string, string>; fileRoots?: string[] } = {}): Promise<TestCity> {
  const home = mkdtempSync(join(tmpdir(), 'datong-'))
  let now = options.now ? () => new Date(options.now!) : () => new Date()
  const database = process.env.STORE === 'pg' ? await createDatabase() : undefined
  const config = readConfig({
    DATONG_HOME: home,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    DATONG_FILES: (options.fileRoots ?? []).join(':'),
    ...(database && { DATABASE_URL: database.url }),
    ...(process.env.LAKE === 'clickhouse' && { CLICKHOUSE_URL: process.env.TEST_CLICKHOUSE_URL }),
    ...options.env,
  })
  const template = database ? undefined : await pgTemplate()
  const open = () =>
    openApp(config, {
      now: () => now(),
      strictAudit: true,
      isVolatile: true,
      portalDir: new URL('./blank-portal/', import.meta.url).pathname,
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
    org,
    as: async (orgName, ...roles) => {
      const built = await org(orgName)
      const person = await buildPerson(app, built, roles)
      return { org: built, ...person, ...client(() => app, person) }
    },
    visitor: client(() => app, null),
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
      rmSync(home, { recursive: true, force: true })
    },
  }
  return city
}

/** The address and body of a call, from the route's declaration. */
export function toInject(spec: RouteSpec, input: { params?: object; query?: object; body?: unknown }): InjectOptions {
  const params = (input.params ?? {}) as Record<string, string>
  const url = spec.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? 'missing'))
  const query = Object.fromEntries(
    Object.entries(input.query ?? {})
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, String(value)]),
  )
  const payload =
    spec.body === 'file'
      ? {
          payload: input.body instanceof Readable ? input.body : (input.body as Buffer),
          headers: { 'content-type': 'application/octet-stream' },
        }
      : input.body === undefined
        ? {}
        : { payload: input.body as object }
  return { method: spec.method, url, query, ...payload }
}

function client(app: () => App, session: { token: string; csrf: string } | null): Pick<Client, 'call' | 'attempt'> {
  const attempt = async (name: RouteName, input: object = {}): Promise<Injected> => {
    const inject = toInject(routes[name], input)
    return app().http.inject({
      ...inject,
      ...(session && { cookies: { [sessionCookie]: session.token }, headers: { ...inject.headers, 'x-csrf-token': session.csrf } }),
    })
  }
  const call = async (name: RouteName, input: object = {}) => {
    const response = await attempt(name, input)
    if (response.statusCode >= 300) throw new CallError(name, response.statusCode, response.json())
    if (routes[name].output === 'none') return undefined
    if (routes[name].output === 'file')
      return {
        fileName: decodeURIComponent(/''(.+)$/.exec(String(response.headers['content-disposition']))?.[1] ?? ''),
        bytes: response.rawPayload,
      }
    return response.json()
  }
  return { attempt, call } as Pick<Client, 'call' | 'attempt'>
}

async function createDatabase() {
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
