import type { SourceObjectInfo } from '../connector.ts'
import type { DriverSession } from '../driver/driver-database.ts'
import type { SqlColumn } from '../driver/sql-statements.ts'
import { textOf, typeName } from './sqlserver-types.ts'

const comment = (object: string, column: string) =>
  `COALESCE((SELECT TOP (1) CAST(p.value AS nvarchar(max)) FROM sys.extended_properties AS p
    WHERE p.class = 1 AND p.major_id = ${object} AND p.minor_id = ${column} AND p.name = 'MS_Description'), '')`

/** Tables and views of a schema, with the rows that the server counts as it writes. */
export async function selectObjects(session: DriverSession, schema: string): Promise<SourceObjectInfo[]> {
  const found = session.rows(
    `SELECT TOP (5000) o.name, RTRIM(o.type), ${comment('o.object_id', '0')},
       (SELECT CAST(SUM(p.rows) AS nvarchar(20)) FROM sys.partitions AS p WHERE p.object_id = o.object_id AND p.index_id IN (0, 1))
     FROM sys.objects AS o WHERE o.schema_id = SCHEMA_ID(@schema) AND o.type IN ('U', 'V') AND o.is_ms_shipped = 0 ORDER BY o.name`,
    { schema },
  )
  return Array.fromAsync(found, ([name, type, comment, rows]) => ({
    name: String(name),
    kind: type === 'V' ? 'view' : 'table',
    comment: String(comment),
    estimatedRows: rows === null ? null : Number(rows),
    sizeBytes: null,
    modifiedAt: null,
  }))
}

/** Types that were derived from one of the server's count as that one. */
export async function selectColumns(session: DriverSession, schema: string, object: string): Promise<SqlColumn[]> {
  const found = session.rows(
    `SELECT c.name, COALESCE(TYPE_NAME(c.system_type_id), TYPE_NAME(c.user_type_id)), CAST(c.max_length AS int), CAST(c.precision AS int),
       CAST(c.scale AS int), CAST(c.is_nullable AS int), CONCAT(c.object_id, '.', c.column_id), ${comment('c.object_id', 'c.column_id')},
       CASE WHEN EXISTS (SELECT 1 FROM sys.indexes AS i JOIN sys.index_columns AS x ON x.object_id = i.object_id AND x.index_id = i.index_id
         WHERE i.object_id = c.object_id AND i.is_primary_key = 1 AND x.column_id = c.column_id) THEN 1 ELSE 0 END
     FROM sys.columns AS c JOIN sys.objects AS o ON o.object_id = c.object_id
     WHERE o.schema_id = SCHEMA_ID(@schema) AND o.name = @object AND o.type IN ('U', 'V') ORDER BY c.column_id`,
    { schema, object },
  )
  return Array.fromAsync(found, ([name, base, bytes, precision, scale, nullable, identity, comment, key]) => {
    const type = { base: String(base).toLowerCase(), bytes: Number(bytes), precision: Number(precision), scale: Number(scale) }
    return {
      name: String(name),
      type: typeName(type),
      nullable: nullable === 1,
      isKey: key === 1,
      comment: String(comment),
      identity: String(identity),
      ...textOf(String(name), type),
    }
  })
}

/** When it was last altered. */
export async function selectStamp(session: DriverSession, schema: string, object: string): Promise<string> {
  const [found] = await Array.fromAsync(
    session.rows(
      'SELECT CONVERT(nvarchar(30), o.modify_date, 121) FROM sys.objects AS o WHERE o.schema_id = SCHEMA_ID(@schema) AND o.name = @object',
      { schema, object },
    ),
  )
  return String(found?.[0] ?? '')
}
