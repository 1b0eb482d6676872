import type pg from 'pg'
import type { SourceStructure } from '#contract/ingestion/drift.ts'
import type { PostgresColumn } from '../postgresql-catalog.ts'

/**
 * The structure with attribute numbers, which outlive a renaming, and the transactions that last changed the columns: two columns
 * that swap their names, or swap them and swap back, are seen. A view is what its text says.
 */
export async function postgresStructure(
  client: pg.Client,
  schema: string,
  object: string,
  columns: readonly PostgresColumn[],
): Promise<SourceStructure> {
  const { rows } = await client.query(
    `SELECT a.attname AS name, c.oid || '.' || a.attnum AS identity, a.xmin::text AS changed,
       CASE WHEN c.relkind IN ('v', 'm') THEN md5(pg_get_viewdef(c.oid)) ELSE '' END AS view
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [schema, object],
  )
  const byName = new Map(rows.map((row) => [row.name as string, row]))
  return {
    kind: 'table',
    columns: columns.map(({ name, type, nullable, isKey, comment }) => ({
      name,
      type,
      nullable,
      isKey,
      comment,
      identity: byName.get(name)?.identity ?? null,
      looksLike: '',
    })),
    stamp: rows.map(({ name, identity, changed, view }) => `${name} ${identity} ${changed} ${view}`).join('\n'),
  }
}
