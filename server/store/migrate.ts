import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'

const folder = new URL('./migrations/', import.meta.url)

export interface Migration {
  name: string
  text: string
  checksum: string
}

/** The migrations in their order: plain SQL, forward only, the file name is the order. */
export function listMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const text = readFileSync(new URL(name, folder), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    })
}

/** Names the schema: a template made for other migrations is not used. */
export function schemaFingerprint(): string {
  return createHash('sha256')
    .update(
      listMigrations()
        .map((m) => m.checksum)
        .join(),
    )
    .digest('hex')
    .slice(0, 16)
}

/**
 * Brings the control plane to this program's schema, one transaction a file. The row is inserted first, so that a
 * second migrator waits and then finds the work done.
 * @throws Error when an applied file was changed, or the store was written by a newer program.
 */
export async function migrate(db: Kysely<unknown>): Promise<string[]> {
  await sql`create schema if not exists store`.execute(db)
  await sql`create table if not exists store.migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())`.execute(
    db,
  )
  const applied = new Map(
    (await sql<{ name: string; checksum: string }>`select name, checksum from store.migration`.execute(db)).rows.map((row) => [
      row.name,
      row.checksum,
    ]),
  )
  const known = listMigrations()
  const unknown = [...applied.keys()].filter((name) => !known.some((m) => m.name === name))
  if (unknown.length > 0) throw new Error(`the store was written by a newer Datong (${unknown.join(', ')}); start that version`)
  const done: string[] = []
  for (const migration of known) {
    const checksum = applied.get(migration.name)
    if (checksum === migration.checksum) continue
    if (checksum) throw new Error(`migration ${migration.name} was changed after it was applied`)
    await db.transaction().execute(async (tx) => {
      const inserted =
        await sql`insert into store.migration (name, checksum) values (${migration.name}, ${migration.checksum}) on conflict do nothing`.execute(
          tx,
        )
      if (inserted.numAffectedRows === 0n) return
      for (const statement of statements(migration.text)) await sql.raw(statement).execute(tx)
      done.push(migration.name)
    })
  }
  return done
}

// Statements end with `;` at the end of a line; function bodies between $$ keep theirs.
function statements(text: string): string[] {
  const found: string[] = []
  let current = ''
  for (const line of text.split('\n')) {
    current += `${line}\n`
    const isInsideBody = (current.split('$$').length - 1) % 2 === 1
    if (/;\s*(--.*)?$/.test(line) && !isInsideBody) {
      found.push(current)
      current = ''
    }
  }
  return found
}
