import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { makeCheckpoint } from './checkpoint.ts'
import type { Db } from './ctx.ts'
import { rootGuard } from './in-tx.ts'
import { migrate } from './migrate.ts'
import type { PgliteOptions } from './pglite.ts'
import type { Tables } from './tables.ts'
import { openThreadedPglite, type ThreadedPglite } from './threaded-pglite.ts'

export interface ControlPlane {
  db: Db
  kind: 'pglite' | 'postgresql'
  /** What the job queue needs to share the engine. */
  driver: { pglite: ThreadedPglite } | { url: string }
  close(): Promise<void>
}

// One shape of values on both engines: counts are numbers, dates stay the text they are.
const int8 = 20
const date = 1082
pg.types.setTypeParser(int8, Number)
pg.types.setTypeParser(date, (text: string) => text)

/** Opens PostgreSQL when a URL is given, else PGlite under `home`; migrates either to this program's schema. */
export async function openDb(options: PgliteOptions & { home: string; databaseUrl?: string | undefined }): Promise<ControlPlane> {
  const plane = options.databaseUrl ? openPostgres(options.databaseUrl) : await openEmbedded(options.home, options)
  try {
    await migrate(plane.db.withoutPlugins() as unknown as Kysely<unknown>)
    await checkEncoding(plane.db)
  } catch (error) {
    await plane.close()
    throw error
  }
  return plane
}

function openPostgres(url: string): ControlPlane {
  const pool = new pg.Pool({
    connectionString: url,
    max: 12,
    options: '-c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000',
    connectionTimeoutMillis: 10_000,
  })
  // An idle connection that the server drops is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  // The pool listens to idle ones only: a transaction that is between two statements learns it from its next one.
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [rootGuard] })
  return { db, kind: 'postgresql', driver: { url }, close: () => db.destroy() }
}

async function openEmbedded(home: string, options: PgliteOptions): Promise<ControlPlane> {
  const dir = join(home, 'control')
  const pglite = await openThreadedPglite(dir, { ...options, template: existsSync(dir) ? undefined : options.template })
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: pglite as never }), plugins: [rootGuard] })
  // One that fails, on a full disk for instance, is tried again; what was committed is in the journal all the same.
  const looking = setInterval(() => void makeCheckpoint(pglite).catch(() => {}), 60_000).unref()
  return {
    db,
    kind: 'pglite',
    driver: { pglite },
    close: async () => {
      clearInterval(looking)
      await db.destroy()
      if (!pglite.closed) await pglite.close()
    },
  }
}

// With a C locale PostgreSQL cuts Chinese by bytes: lower(), like and trigrams silently find nothing.
async function checkEncoding(db: Db): Promise<void> {
  const { rows } = await sql<{ encoding: string }>`select current_setting('server_encoding') as encoding`.execute(db)
  if (rows[0]?.encoding !== 'UTF8') throw new Error(`the database must be UTF8, it is ${rows[0]?.encoding}`)
}
