import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'

/** Every setting of a node; the only reader of process.env. With none set, `npm start` runs an embedded city in ./.datong. */
const Environment = z.object({
  /** Address to listen on. */
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  /** Everything this node stores: control plane, lake, files, keys. */
  DATONG_HOME: z.string().default('.datong'),
  /** PostgreSQL 15+ for the control plane instead of the embedded PGlite. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** ClickHouse for the data plane instead of the embedded chDB: one URL per node, separated by commas; each node holds a shard. */
  CLICKHOUSE_URL: z.string().optional(),
  /** Name of those shards in `<remote_servers>` of the nodes. */
  CLICKHOUSE_CLUSTER: z.string().regex(/^\w+$/).default('city'),
  /** Folders of the server that sources of kind `folder` may read, separated by `:`. */
  DATONG_FILES: z.string().default(''),
  /** Hosts that database sources may name: names or CIDR ranges, separated by commas. `*` allows any. */
  DATONG_SOURCE_HOSTS: z.string().default('127.0.0.1,localhost'),
  /** Loads that the schedule lets run at once: on this node, and from one source. */
  DATONG_LOADS: z.coerce.number().int().min(1).max(64).default(4),
  DATONG_LOADS_PER_SOURCE: z.coerce.number().int().min(1).max(64).default(2),
  /** Log in MiB that a source may keep for a change stream before the stream lets go of it. */
  DATONG_STREAM_LIMIT: z.coerce.number().int().min(1).default(2048),
  /** An answer of which nobody takes anything for so many seconds is cut off. */
  DATONG_READER_SECONDS: z.coerce.number().int().min(1).default(60),
  /** The policy profile: a file of profiles/. */
  DATONG_CITY: z
    .string()
    .regex(/^[a-z]+$/)
    .default('xiamen'),
  /** `true` behind a TLS proxy: session cookies are then marked Secure. */
  DATONG_TLS: z.stringbool().default(false),
  /** Proxies whose `X-Forwarded-For` is believed: addresses or CIDR ranges, separated by commas. Without them it never is. */
  DATONG_TRUSTED_PROXIES: z.string().default(''),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('warn'),
})

export interface Config {
  host: string
  port: number
  home: string
  databaseUrl: string | undefined
  clickhouseUrls: string[]
  clickhouseCluster: string
  fileRoots: string[]
  sourceHosts: string[]
  loadBudgets: { node: number; source: number }
  streamLimitBytes: number
  readerSeconds: number
  city: string
  secureCookies: boolean
  trustedProxies: string[]
  logLevel: string
}

const list = (text: string, separator: string) =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean)
const expand = (path: string) => resolve(path.replace(/^~(?=\/|$)/, homedir()))

/** @throws ZodError naming every variable that cannot be used. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const e = Environment.parse(env)
  return {
    host: e.HOST,
    port: e.PORT,
    home: expand(e.DATONG_HOME),
    databaseUrl: e.DATABASE_URL,
    clickhouseUrls: list(e.CLICKHOUSE_URL ?? '', ','),
    clickhouseCluster: e.CLICKHOUSE_CLUSTER,
    fileRoots: list(e.DATONG_FILES, ':').map(expand),
    sourceHosts: list(e.DATONG_SOURCE_HOSTS, ','),
    loadBudgets: { node: e.DATONG_LOADS, source: e.DATONG_LOADS_PER_SOURCE },
    streamLimitBytes: e.DATONG_STREAM_LIMIT * 2 ** 20,
    readerSeconds: e.DATONG_READER_SECONDS,
    city: e.DATONG_CITY,
    secureCookies: e.DATONG_TLS,
    trustedProxies: list(e.DATONG_TRUSTED_PROXIES, ','),
    logLevel: e.LOG_LEVEL,
  }
}
