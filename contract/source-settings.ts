import { z } from 'zod'

const Host = z.string().trim().min(1).max(253)
const Port = z.int().min(1).max(65535)
const Name = z.string().trim().min(1).max(63)
const User = z.string().min(1).max(63)

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
    }),
    z.strictObject({ kind: z.literal('mysql'), host: Host, port: Port.default(3306), database: Name, user: User }),
    /** ClickHouse by its native protocol. */
    z.strictObject({ kind: z.literal('clickhouse'), host: Host, port: Port.default(9000), database: Name, user: User }),
    /** A SQLite database inside DATONG_FILES. */
    z.strictObject({ kind: z.literal('sqlite'), path: z.string().trim().min(1).max(1000) }),
    /** A folder of the server inside DATONG_FILES, or the organisation's uploads. */
    z.strictObject({ kind: z.literal('folder'), path: z.string().trim().max(1000).default('') }),
    z.strictObject({ kind: z.literal('upload') }),
  ])
  .meta({ id: 'SourceSettings' })
export type SourceSettings = z.infer<typeof SourceSettings>

interface KindFacts {
  /** What its objects are: tables of a database, or files. */
  holds: 'tables' | 'files'
  /** A password, key or token goes with the settings. */
  hasSecret: boolean
}

/** What is true of every source of a kind. */
export const sourceKinds: Record<SourceSettings['kind'], KindFacts> = {
  postgresql: { holds: 'tables', hasSecret: true },
  mysql: { holds: 'tables', hasSecret: true },
  clickhouse: { holds: 'tables', hasSecret: true },
  sqlite: { holds: 'tables', hasSecret: false },
  folder: { holds: 'files', hasSecret: false },
  upload: { holds: 'files', hasSecret: false },
}

/** Where a source is, on one line; empty for the organisation's uploads. Its secret is for this place only. */
export function placeOf(settings: SourceSettings): string {
  switch (settings.kind) {
    case 'upload':
      return ''
    case 'folder':
    case 'sqlite':
      return settings.path
    default:
      return `${settings.host}:${settings.port}/${settings.database}`
  }
}
