import { z } from 'zod'
import { Count, Id, Instant } from './values.ts'

const Host = z.string().trim().min(1).max(253)
const Port = z.int().min(1).max(65535)
const Name = z.string().trim().min(1).max(63)
const User = z.string().min(1).max(63)
const Certificate = z
  .string()
  .trim()
  .max(20_000)
  .regex(/^(-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----)?$/)
/** No name or password in it: they are settings of their own. */
const WebAddress = z
  .url({ protocol: /^https?$/, hostname: /^[^\s%]+$/ })
  .max(2000)
  .refine((text) => !/^https?:\/\/[^/?#]*@/i.test(text))

/** Closed schemas: a connector takes these settings and no free-form options (reliability V05). Secrets are write-only. */
export const SourceSettings = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('postgresql'),
      host: Host,
      port: Port.default(5432),
      database: Name,
      schema: Name.default('public'),
      user: User,
      /** With it (the server's own, or its issuer's, in PEM) the line is encrypted and the server proved. */
      certificate: Certificate.optional(),
    }),
    z.strictObject({ kind: z.literal('mysql'), host: Host, port: Port.default(3306), database: Name, user: User }),
    /** Microsoft SQL Server. With a certificate (its own, or that of who signed it, in PEM) the line is encrypted and the server proved. */
    z.strictObject({
      kind: z.literal('sqlserver'),
      host: Host,
      port: Port.default(1433),
      database: Name,
      schema: Name.default('dbo'),
      user: User,
      certificate: Certificate.default(''),
    }),
    /** Oracle Database; `database` is the service name, `schema` the owner of the tables. */
    z.strictObject({
      kind: z.literal('oracle'),
      host: Host,
      port: Port.default(1521),
      /** It stands in the driver's connect string: nothing else may. */
      database: Name.regex(/^[A-Za-z0-9_.$#-]+$/),
      schema: Name,
      user: User,
    }),
    /** A database of MongoDB: one member of a set, or a router of a cluster. Without a user nobody logs in; a certificate as with SQL Server. */
    z.strictObject({
      kind: z.literal('mongodb'),
      host: Host,
      port: Port.default(27017),
      database: Name.regex(/^[^\s/\\."$*<>:|?]+$/),
      user: User.or(z.literal('')).default(''),
      /** The database that knows the account. */
      authSource: Name.default('admin'),
      certificate: Certificate.default(''),
    }),
    /** ClickHouse by its native protocol. */
    z.strictObject({ kind: z.literal('clickhouse'), host: Host, port: Port.default(9000), database: Name, user: User }),
    /** A SQLite database inside DATONG_FILES. */
    z.strictObject({ kind: z.literal('sqlite'), path: z.string().trim().min(1).max(1000) }),
    /** A folder of an SFTP server. The secret is the password, or a private key in PEM. */
    z.strictObject({
      kind: z.literal('sftp'),
      host: Host,
      port: Port.default(22),
      user: User,
      path: z.string().trim().min(1).max(1000).default('.'),
      /** The server's key as `ssh-keygen -l` shows it; the first check tells it, for comparison with what the server's owner says. */
      hostKey: z
        .string()
        .trim()
        .regex(/^(SHA256:[A-Za-z0-9+/]{43})?$/)
        .default(''),
    }),
    /** A bucket of an S3-compatible store: OSS, COS, OBS, MinIO, Ceph. The secret is that of the access key. */
    z.strictObject({
      kind: z.literal('s3'),
      endpoint: WebAddress,
      region: z
        .string()
        .trim()
        .regex(/^[a-z0-9-]{1,40}$/)
        .default('us-east-1'),
      bucket: z
        .string()
        .trim()
        .regex(/^[a-z0-9][a-z0-9.-]{1,62}$/),
      prefix: z.string().max(500).default(''),
      accessKey: z.string().trim().min(1).max(200),
      /** Where the bucket's name goes: before the host (public clouds), or into the path (MinIO, Ceph). */
      addressing: z.enum(['host', 'path']).default('host'),
    }),
    /** A folder of HDFS, by its HTTP interface (WebHDFS): of the name node, of HttpFS, or behind Knox with account and password. */
    z.strictObject({
      kind: z.literal('hdfs'),
      endpoint: WebAddress,
      user: z.string().trim().max(100).default(''),
      path: z
        .string()
        .trim()
        .max(1000)
        .regex(/^(?!.*\/\/)\//)
        .refine((path) => !/(^|\/)\.\.?(\/|$)/.test(path)),
    }),
    /** Topics of Kafka whose messages are JSON. With a certificate (the brokers' own, or that of who signed them, in PEM) lines are encrypted. */
    z.strictObject({
      kind: z.literal('kafka'),
      /** Where to begin, any of them: `kafka1:9092,kafka2:9092`. The cluster names its other brokers itself. */
      brokers: z
        .string()
        .trim()
        .max(2000)
        .regex(/^((\[[0-9A-Fa-f:.]+\]|[\p{L}\p{N}._-]{1,253}):\d{1,5}(\s*,\s*(?!$)|$)){1,20}$/u),
      mechanism: z.enum(['none', 'PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']).default('none'),
      user: User.or(z.literal('')).default(''),
      certificate: Certificate.default(''),
    }),
    /** One file at a web address; with an account, by basic authentication. */
    z.strictObject({ kind: z.literal('http'), url: WebAddress, user: z.string().trim().max(100).default('') }),
    /** A folder of the server inside DATONG_FILES, or the organisation's uploads. */
    z.strictObject({ kind: z.literal('folder'), path: z.string().trim().max(1000).default('') }),
    z.strictObject({ kind: z.literal('upload') }),
    /** A database in a department's own network, behind the department's agent 前置机; account and password stay there. */
    z.strictObject({ kind: z.literal('agent'), agentId: z.uuid(), connection: z.string().regex(/^[a-z0-9_-]{1,40}$/) }),
  ])
  .meta({ id: 'SourceSettings' })
export type SourceSettings = z.infer<typeof SourceSettings>

interface KindFacts {
  /** What its objects are: tables of a database, files, or topics. */
  holds: 'tables' | 'files' | 'topics'
  /** A password, key or token goes with the settings. */
  hasSecret: boolean
  /** Built by its maker's contract, and never run against a server of its own here: the portal says so. */
  isUntried?: boolean
  /** An entry may be bound to a table of it that stays there (logical access). */
  isReadInPlace?: boolean
}

/** What is true of every source of a kind. */
export const sourceKinds: Record<SourceSettings['kind'], KindFacts> = {
  postgresql: { holds: 'tables', hasSecret: true, isReadInPlace: true },
  mysql: { holds: 'tables', hasSecret: true },
  sqlserver: { holds: 'tables', hasSecret: true, isUntried: true },
  oracle: { holds: 'tables', hasSecret: true, isUntried: true },
  mongodb: { holds: 'tables', hasSecret: true, isUntried: true },
  clickhouse: { holds: 'tables', hasSecret: true },
  sqlite: { holds: 'tables', hasSecret: false },
  sftp: { holds: 'files', hasSecret: true },
  s3: { holds: 'files', hasSecret: true },
  hdfs: { holds: 'files', hasSecret: true, isUntried: true },
  kafka: { holds: 'topics', hasSecret: true, isUntried: true },
  http: { holds: 'files', hasSecret: true },
  folder: { holds: 'files', hasSecret: false },
  upload: { holds: 'files', hasSecret: false },
  agent: { holds: 'tables', hasSecret: false },
}

/** Among files, a folder of them that is one table (Iceberg, Delta) ends in a slash; no file's name does. */
export const isTableFolder = (object: string): boolean => object.endsWith('/')

/**
 * Whether an object can be loaded in a mode: files come from where they lie, and pieces from what grows at its end; a stream needs a
 * source that keeps a log; what is new needs a condition that the source, or the engine, applies; a message has no key to find it by.
 */
export function fitsMode(mode: string, source: SourceSettings['kind'], object: string): boolean {
  switch (mode) {
    case 'append':
      return source === 'kafka' || ((source === 'folder' || source === 'upload') && !isTableFolder(object))
    case 'stream':
      return source === 'postgresql' || source === 'mysql'
    case 'compare':
      return source !== 'kafka'
    case 'incremental':
      if (sourceKinds[source].holds === 'files') return isTableFolder(object)
      return source !== 'agent' && source !== 'sqlite' && source !== 'kafka'
    default:
      return true
  }
}

/** Where a source is, on one line; empty for the organisation's uploads. Its secret is for this place only. */
export function placeOf(settings: SourceSettings): string {
  switch (settings.kind) {
    case 'upload':
      return ''
    case 'folder':
    case 'sqlite':
      return settings.path
    case 'sftp':
      return `${settings.user}@${settings.host}:${settings.port} ${settings.path}`
    case 's3':
      return `${settings.endpoint} ${settings.bucket}/${settings.prefix}`
    case 'hdfs':
      return `${settings.endpoint} ${settings.path}`
    case 'kafka':
      return settings.brokers
    case 'http':
      return settings.url
    case 'agent':
      return settings.connection
    default:
      return `${settings.host}:${settings.port}/${settings.database}`
  }
}

const Clock = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/)

/** How a source is spared 护源: what may be asked of it, and when. The defaults are gentle. */
export const SourceCare = z
  .strictObject({
    /** Hours of the day in Beijing in which loads may begin; `from` after `to` goes over midnight. Null: at any time. */
    window: z.strictObject({ from: Clock, to: Clock }).nullable().default(null),
    /** Statements that read rows at the same time, over all loads. Each load holds one connection more, for counting. */
    parallelReads: z.int().min(1).max(8).default(2),
    /** Of rows, over all loads; null: as fast as it goes. */
    bytesPerSecond: z
      .int()
      .min(64 * 1024)
      .max(10 * 1024 ** 3)
      .nullable()
      .default(null),
    /** A statement that runs longer is stopped. */
    statementSeconds: z
      .int()
      .min(10)
      .max(6 * 3600)
      .default(3600),
  })
  .meta({ id: 'SourceCare' })
export type SourceCare = z.infer<typeof SourceCare>

/** A statement that was run on a source; values in it are left out. */
export const SourceStatement = z
  .object({
    id: Id,
    at: Instant,
    statement: z.string(),
    milliseconds: Count,
    /** Null where it did not end well. */
    rows: Count.nullable(),
    error: z.string().nullable(),
    loadId: Id.nullable(),
    by: z.string(),
  })
  .meta({ id: 'SourceStatement' })
export type SourceStatement = z.infer<typeof SourceStatement>

/** A part of a big load that is read and proved on its own 分片. */
export const LoadSlice = z
  .object({
    number: z.int(),
    range: z.string(),
    isDone: z.boolean(),
    read: Count.nullable(),
    written: Count.nullable(),
    quarantined: Count.nullable(),
    finishedAt: Instant.nullable(),
    /** Read by an earlier load that was interrupted. */
    takenFrom: Id.nullable(),
  })
  .meta({ id: 'LoadSlice' })
export type LoadSlice = z.infer<typeof LoadSlice>
