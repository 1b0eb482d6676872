import type pg from 'pg'
import { AppError, conflict } from '../../../kernel/errors.ts'
import type { WantedColumn } from '../../connectors/connector.ts'
import { selectColumns } from '../../connectors/postgresql-catalog.ts'
import { arrivalOf } from '../../connectors/postgresql-types.ts'
import { plainText } from './plain-text.ts'
import type { LogObject } from '../change-log.ts'

export interface PostgresqlObject extends LogObject {
  publication: string
  /** From the log's text of a column to the copy's. */
  plain: Record<string, (text: string) => string>
}

/**
 * Whether a table can be followed: what the server, the account and the table need, in the order in which a department sets it up.
 * @throws conflict `ingestion.stream_wal_level` `stream_role` `stream_object_kind` `stream_identity` `stream_full_identity` `stream_publication`
 */
export async function inspectTable(
  client: pg.Client,
  schema: string,
  object: string,
  wanted: readonly WantedColumn[],
): Promise<PostgresqlObject> {
  await inspectServer(client)
  const table = await inspectIdentity(client, schema, object)
  const columns = await selectColumns(client, schema, object)
  const byName = new Map(columns.map((column) => [column.name, column]))
  const chosen = wanted.map(({ column }) => {
    const found = byName.get(column)
    if (!found) throw new AppError('conflict', 'ingestion.column_gone', { params: { column } })
    return found
  })
  const names = [...new Set([...table.keys, ...chosen.map(({ name }) => name)])]
  const followed = table.columns.filter(({ name }) => names.includes(name))
  // A large value that an update leaves alone is not in the log, unless the table's identity is the whole row.
  const large = followed.find(({ isLarge }) => isLarge)
  if (table.identity !== 'f' && table.hasToast && large)
    throw conflict('ingestion.stream_full_identity', { table: `${schema}.${object}`, column: large.name })
  return {
    keys: table.keys,
    arrivals: chosen.map((column, i) => arrivalOf(column, wanted[i]!)),
    types: Object.fromEntries(followed.map(({ name, type }) => [name, String(type)])),
    publication: await findPublication(client, schema, object, names),
    plain: Object.fromEntries(names.map((name) => [name, plainText(byName.get(name)!.base)])),
  }
}

async function inspectServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `SELECT current_setting('wal_level') AS level, current_setting('server_encoding') AS encoding,
       (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user) AS may_replicate, current_user AS role`,
  )
  const { level, encoding, may_replicate, role } = rows[0]
  if (level !== 'logical') throw conflict('ingestion.stream_wal_level', { level })
  if (!may_replicate) throw conflict('ingestion.stream_role', { role })
  if (encoding !== 'UTF8') throw conflict('ingestion.source_encoding', { encoding })
}

interface Identity {
  identity: 'd' | 'i' | 'f'
  keys: string[]
  hasToast: boolean
  columns: { name: string; type: number; isLarge: boolean }[]
}

async function inspectIdentity(client: pg.Client, schema: string, object: string): Promise<Identity> {
  const { rows } = await client.query(
    `SELECT c.relkind AS kind, c.relreplident AS identity, c.reltoastrelid <> 0 AS has_toast,
       (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
          WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
            AND CASE WHEN c.relreplident = 'i' THEN i.indisreplident ELSE i.indisprimary END) AS keys,
       (SELECT json_agg(json_build_object('name', a.attname, 'type', a.atttypid::bigint, 'isLarge', a.attstorage <> 'p'))
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
    [schema, object],
  )
  const [found] = rows
  if (!found) throw new AppError('not_found', 'ingestion.object_unknown', { params: { object } })
  if (found.kind !== 'r') throw conflict('ingestion.stream_object_kind', { object })
  if (found.identity === 'n' || !found.keys) throw conflict('ingestion.stream_identity', { table: `${schema}.${object}` })
  return { identity: found.identity, keys: found.keys, hasToast: found.has_toast, columns: found.columns }
}

/** The publication with the fewest tables: the server sends every change of all of them. */
async function findPublication(client: pg.Client, schema: string, object: string, columns: readonly string[]): Promise<string> {
  const { rows } = await client.query(
    `SELECT p.pubname AS name FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname
     WHERE t.schemaname = $1 AND t.tablename = $2 AND p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate
       AND p.pubname ~ '^[a-z0-9_]+$'
       AND coalesce(to_jsonb(t) -> 'rowfilter', 'null') = 'null' AND coalesce(to_jsonb(t) -> 'attnames' @> $3::jsonb, true)
     ORDER BY (SELECT count(*) FROM pg_publication_tables o WHERE o.pubname = p.pubname), p.pubname LIMIT 1`,
    [schema, object, JSON.stringify(columns)],
  )
  if (!rows[0]) throw conflict('ingestion.stream_publication', { table: `${schema}.${object}` })
  return rows[0].name
}
