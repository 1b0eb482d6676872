import { AppError } from '../../../kernel/errors.ts'
import { postgresqlDialect as dialect } from '../../digest/source-digest.ts'
import { type Mark, markBits } from './mark.ts'
import { type SliceBounds, sliceBetween, slicesOf } from '../../slice/slice-bounds.ts'

export type Query = (sql: string) => Promise<Record<string, unknown>[]>

/** A key column as the catalog has it. `type` as it is written in a cast. */
interface Key {
  name: string
  type: string
  nullable: boolean
}

/** The slices of a table: ranges of its one-column key, else of its disk blocks; none where it is small or a view. */
export async function splitTable(query: Query, table: string): Promise<{ slices: SliceBounds[]; estimatedRows: number }> {
  const [found] = await query(
    `SELECT reltuples::float8 AS rows, relpages, relkind, current_setting('server_version_num')::int AS version
     FROM pg_class WHERE oid = ${dialect.text(table)}::regclass`,
  )
  const estimatedRows = Number(found?.rows ?? 0)
  const count = slicesOf(estimatedRows)
  const unsplit = { slices: [], estimatedRows }
  if (count === 1) return unsplit
  const key = await findKey(query, table)
  if (key)
    return {
      slices: sliceBetween(await sampleBoundaries(query, table, key, { count, pages: Number(found!.relpages) }), ofKey(key)),
      estimatedRows,
    }
  // Ranges of ctid are read as ranges from version 14 on; before, each would read the whole table.
  if (found!.relkind !== 'r' || Number(found!.version) < 140000) return unsplit
  const [since] = await query(
    `SELECT txid_snapshot_xmin(txid_current_snapshot()) || ' ' || pg_relation_filenode(${dialect.text(table)}::regclass) AS at`,
  )
  const pages = Number(found!.relpages)
  const boundaries = Array.from({ length: count - 1 }, (_, i) => String(Math.ceil((pages * (i + 1)) / count)))
  return { slices: sliceBetween(boundaries, { kind: 'block', column: '', since: String(since!.at) }), estimatedRows }
}

const ofKey = ({ name }: Key) => ({ kind: 'key', column: name, since: null }) as const

/** The primary key where it is one column, else another unique one. */
export async function findKey(query: Query, table: string, column?: string): Promise<Key | null> {
  const [found] = await query(
    `SELECT a.attname AS name, quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS type, NOT a.attnotnull AS nullable
     FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] JOIN pg_type t ON t.oid = a.atttypid
       JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE i.indrelid = ${dialect.text(table)}::regclass AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
       AND i.indnatts = 1 AND i.indkey[0] > 0 ${column === undefined ? '' : `AND a.attname = ${dialect.text(column)}`}
     ORDER BY i.indisprimary DESC, a.attnum LIMIT 1`,
  )
  return (found as Key | undefined) ?? null
}

/** Keys that part the table evenly, from a sample of its blocks: gaps and skew do not matter, and what is off only makes slices uneven. */
async function sampleBoundaries(
  query: Query,
  table: string,
  { name }: Key,
  { count, pages }: { count: number; pages: number },
): Promise<string[]> {
  const percent = Math.min(100, (100 * (300 + 20 * count)) / Math.max(1, pages))
  const shares = Array.from({ length: count - 1 }, (_, i) => (i + 1) / count)
  const [found] = await query(
    `SELECT percentile_disc(ARRAY[${shares.join(', ')}]::float8[]) WITHIN GROUP (ORDER BY ${dialect.name(name)})::text[] AS keys
     FROM ${table} TABLESAMPLE SYSTEM (${percent})`,
  )
  return ((found?.keys as (string | null)[] | null) ?? []).filter((key) => key !== null)
}

/** The WHERE clause of a slice. @throws where its key is no longer there */
export async function sliceWhere(query: Query, table: string, slice: SliceBounds): Promise<string> {
  if (slice.kind === 'block') return rangeSql('ctid', slice, (block) => `'(${Math.trunc(Number(block))},0)'::tid`, false)
  const key = await findKey(query, table, slice.column)
  if (!key) throw new AppError('conflict', 'ingestion.column_gone', { params: { column: slice.column } })
  return rangeSql(dialect.name(key.name), slice, (value) => `${dialect.text(value)}::${key.type}`, key.nullable)
}

export function rangeSql(column: string, { from, below }: SliceBounds, literal: (value: string) => string, hasNulls: boolean): string {
  const conditions = [
    ...(from === null ? [] : [`${column} >= ${literal(from)}`]),
    ...(below === null ? [] : [`${column} < ${literal(below)}`]),
  ]
  if (conditions.length === 0) return ''
  return ` WHERE ${conditions.join(' AND ')}${from === null && hasNulls ? ` OR ${column} IS NULL` : ''}`
}

/** What a row adds to the checksum of its slice: 32 bits of its key where that is an integer, else of the MD5 of its key or place. */
export async function markOf(query: Query, table: string, slice: SliceBounds): Promise<Mark> {
  const key = slice.kind === 'key' ? await findKey(query, table, slice.column) : null
  if (key && /^pg_catalog\.int[248]$/.test(key.type))
    return { sql: `(${dialect.name(key.name)}::bigint & ${markBits})`, integerKey: key.name }
  return { sql: `('x' || left(md5(${key ? dialect.name(key.name) : 'ctid'}::text), 8))::bit(32)::bigint`, integerKey: null }
}

/**
 * Rows of blocks move when they are changed. A table is taken to stand still when no version of a row is younger than the slices,
 * and it was not rewritten; inserts count too, since they cannot be told from changes.
 */
export async function hasShifted(query: Query, table: string, [slice]: readonly SliceBounds[]): Promise<boolean> {
  if (!slice || slice.kind === 'key') return false
  const [since, file] = slice.since!.split(' ')
  const [found] = await query(
    `SELECT pg_relation_filenode(${dialect.text(table)}::regclass)::text AS file, EXISTS (SELECT 1 FROM ${table}
       WHERE age(xmin) BETWEEN 0 AND txid_snapshot_xmax(txid_current_snapshot()) - ${BigInt(since!)}) AS has_new`,
  )
  return found!.file !== file || found!.has_new === true
}
