import type pg from 'pg'
import type { SourceObjectInfo } from './connector.ts'

/** A column as PostgreSQL's catalog knows it. */
export interface PostgresColumn {
  name: string
  /** As people write it: `numeric(12,2)`, `character varying(40)`. */
  type: string
  /** pg_type.typname: int4, numeric, varchar … */
  base: string
  /** Characters of char and varchar; digits of numeric. */
  size: number | null
  scale: number | null
  nullable: boolean
  isKey: boolean
  comment: string
}

export async function selectObjects(client: pg.Client, schema: string): Promise<SourceObjectInfo[]> {
  const { rows } = await client.query(
    `SELECT c.relname AS name, c.relkind AS kind, coalesce(obj_description(c.oid, 'pg_class'), '') AS comment,
       CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples::float8 END AS estimate,
       CASE WHEN c.relkind IN ('r', 'm', 'p') THEN pg_table_size(c.oid)::float8 END AS size
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND has_table_privilege(c.oid, 'SELECT')
     ORDER BY c.relname LIMIT 5000`,
    [schema],
  )
  return rows.map((row) => ({
    name: row.name,
    kind: row.kind === 'v' || row.kind === 'm' ? 'view' : 'table',
    comment: row.comment,
    estimatedRows: row.estimate === null ? null : Math.round(row.estimate),
    sizeBytes: row.size,
    modifiedAt: null,
  }))
}

export async function selectColumns(client: pg.Client, schema: string, object: string): Promise<PostgresColumn[]> {
  const { rows } = await client.query(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, t.typname AS base, a.attnotnull AS is_not_null,
       coalesce(col_description(a.attrelid, a.attnum), '') AS comment,
       CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4
         WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN ((a.atttypmod - 4) >> 16) & 65535 END AS size,
       CASE WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN (a.atttypmod - 4) & 2047 END AS scale,
       EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS is_key
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
     ORDER BY a.attnum`,
    [schema, object],
  )
  return rows.map((row) => ({
    name: row.name,
    type: row.type,
    base: row.base,
    size: row.size,
    scale: row.scale,
    nullable: !row.is_not_null,
    isKey: row.is_key,
    comment: row.comment,
  }))
}

/** A few different values of each column, short enough to be read in a form. */
export async function samplesOf(client: pg.Client, table: string, columns: readonly PostgresColumn[]): Promise<string[][]> {
  const list = columns.map(({ name }) => `left("${name.replaceAll('"', '""')}"::text, 60)`).join(', ')
  const { rows } = await client.query({ text: `SELECT ${list} FROM ${table} LIMIT 50`, rowMode: 'array' })
  return columns.map((_, i) =>
    [...new Set(rows.map((row) => row[i] as string | null).filter((value): value is string => value !== null && value !== ''))].slice(0, 5),
  )
}
