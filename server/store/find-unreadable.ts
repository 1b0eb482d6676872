import { sql } from 'kysely'
import type { Db } from './ctx.ts'

/** Reads every row of every table, whose pages have checksums. @returns the tables that do not read, and what the engine says */
export async function findUnreadable(db: Db): Promise<{ table: string; message: string }[]> {
  const { rows } = await sql<{ table: string }>`
    select table_schema || '.' || table_name as "table" from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`.execute(db)
  const unreadable: { table: string; message: string }[] = []
  for (const { table } of rows)
    await sql`select sum(length(t::text)) from ${sql.table(table)} as t`.execute(db).catch((error: Error) => {
      unreadable.push({ table, message: error.message })
    })
  return unreadable
}
