import type { Connection, RowDataPacket } from 'mysql2/promise'
import { shipText } from './mysql-types.ts'
import type { SourceObjectInfo } from './connector.ts'

/** A column as MySQL's catalog knows it. */
export interface MysqlColumn {
  name: string
  /** As people write it: `decimal(12,2) unsigned`, `varchar(40)`. */
  type: string
  /** information_schema's data_type: bigint, decimal, varchar … */
  base: string
  /** Of a text column: its character set; null of all others. */
  charset: string | null
  /** Characters of char and varchar; digits of a number; digits of a second's fraction. */
  size: number | null
  scale: number | null
  nullable: boolean
  isKey: boolean
  comment: string
}

/** How long each connection waits for an answer, in ms: a little above the server's own limit, which a server that is silent does not keep. */
const patience = new WeakMap<Connection, number>()
export const waitAtMost = (client: Connection, seconds: number) => patience.set(client, seconds * 1000)

/** Rows of a statement as objects; every value is a string or null, so that no number loses digits in JavaScript. */
export async function select(client: Connection, sql: string, values: string[] = []): Promise<Record<string, string | null>[]> {
  const timeout = patience.get(client)!
  const [rows] = await client.query<RowDataPacket[]>({ sql, values, timeout, typeCast: (field) => field.string('utf8') })
  return rows
}

/** The same as arrays, for statements whose columns have no names. */
export async function selectArrays(client: Connection, sql: string): Promise<(string | null)[][]> {
  const [rows] = await client.query<RowDataPacket[][]>({
    sql,
    rowsAsArray: true,
    timeout: patience.get(client)!,
    typeCast: (field) => field.string('utf8'),
  })
  return rows as unknown as (string | null)[][]
}

export async function selectObjects(client: Connection, database: string): Promise<SourceObjectInfo[]> {
  const rows = await select(
    client,
    `SELECT table_name AS name, table_type AS kind, table_comment AS comment, table_rows AS estimate, data_length AS size
     FROM information_schema.tables WHERE table_schema = ? AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
     ORDER BY table_name LIMIT 5000`,
    [database],
  )
  const number = (text: string | null | undefined) => (text == null ? null : Number(text))
  return rows.map(({ name, kind, comment, estimate, size }) => {
    const isView = kind === 'VIEW'
    // Of a view the server says 'VIEW' for a comment, and guesses its size.
    return {
      name: name!,
      kind: isView ? 'view' : 'table',
      comment: isView ? '' : comment!,
      estimatedRows: isView ? null : number(estimate),
      sizeBytes: isView ? null : number(size),
      modifiedAt: null,
    }
  })
}

export async function selectColumns(client: Connection, database: string, object: string): Promise<MysqlColumn[]> {
  const rows = await select(
    client,
    `SELECT column_name AS name, column_type AS type, data_type AS base, character_set_name AS charset, is_nullable AS nullable,
       coalesce(character_maximum_length, numeric_precision, datetime_precision) AS size, numeric_scale AS scale, column_key AS keyed, column_comment AS comment
     FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`,
    [database, object],
  )
  return rows.map(({ name, type, base, charset, size, scale, nullable, keyed, comment }) => ({
    name: name!,
    type: type!,
    base: base!.toLowerCase(),
    charset: charset ?? null,
    size: size == null ? null : Number(size),
    scale: scale == null ? null : Number(scale),
    nullable: nullable === 'YES',
    isKey: keyed === 'PRI',
    comment: comment!,
  }))
}

/** A few different values of each column, short enough to be read in a form. */
export async function samplesOf(client: Connection, table: string, columns: readonly MysqlColumn[]): Promise<string[][]> {
  const list = columns.map((column, i) => `LEFT(${shipText(column)}, 60) AS c${i}`).join(', ')
  const rows = await select(client, `SELECT ${list} FROM ${table} LIMIT 50`)
  return columns.map((_, i) => [...new Set(rows.map((row) => row[`c${i}`]).filter((value): value is string => !!value))].slice(0, 5))
}
