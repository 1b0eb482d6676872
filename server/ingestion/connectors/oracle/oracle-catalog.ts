import type { SourceObjectInfo } from '../connector.ts'
import type { DriverSession, DriverValue } from '../driver/driver-database.ts'
import type { SqlColumn } from '../driver/sql-statements.ts'
import { textOf, typeName } from './oracle-types.ts'

const text = (value: DriverValue | undefined) => (value === null || value === undefined ? '' : String(value))
const number = (value: DriverValue | undefined) => (value === null || value === undefined ? null : Number(value))

/** Tables and views of a schema, with the rows that the last statistics counted. */
export async function selectObjects(session: DriverSession, schema: string): Promise<SourceObjectInfo[]> {
  const found = session.rows(
    `SELECT o.object_name, o.object_type, c.comments, t.num_rows
     FROM all_objects o LEFT JOIN all_tab_comments c ON c.owner = o.owner AND c.table_name = o.object_name
       LEFT JOIN all_tables t ON t.owner = o.owner AND t.table_name = o.object_name
     WHERE o.owner = :owner AND o.object_type IN ('TABLE', 'VIEW') AND COALESCE(t.nested, 'NO') = 'NO' AND o.object_name NOT LIKE 'BIN$%'
     ORDER BY o.object_name FETCH FIRST 5000 ROWS ONLY`,
    { owner: schema },
  )
  return Array.fromAsync(found, ([name, type, comment, rows]) => ({
    name: text(name),
    kind: type === 'VIEW' ? 'view' : 'table',
    comment: text(comment),
    estimatedRows: number(rows),
    sizeBytes: null,
    modifiedAt: null,
  }))
}

export async function selectColumns(session: DriverSession, schema: string, object: string): Promise<SqlColumn[]> {
  const found = session.rows(
    `SELECT c.column_name, c.data_type, c.char_length, c.data_precision, c.data_scale, c.nullable, m.comments,
       CASE WHEN EXISTS (SELECT 1 FROM all_constraints k JOIN all_cons_columns x ON x.owner = k.owner AND x.constraint_name = k.constraint_name
         WHERE k.owner = c.owner AND k.table_name = c.table_name AND k.constraint_type = 'P' AND x.column_name = c.column_name) THEN 1 ELSE 0 END
     FROM all_tab_columns c LEFT JOIN all_col_comments m ON m.owner = c.owner AND m.table_name = c.table_name AND m.column_name = c.column_name
     WHERE c.owner = :owner AND c.table_name = :object ORDER BY c.column_id`,
    { owner: schema, object },
  )
  return Array.fromAsync(found, ([name, base, characters, precision, scale, nullable, comment, key]) => {
    const type = { base: text(base), characters: Number(characters), precision: number(precision), scale: number(scale) }
    return {
      name: text(name),
      type: typeName(type),
      nullable: nullable === 'Y',
      isKey: key === 1,
      comment: text(comment),
      identity: null,
      ...textOf(text(name), type),
    }
  })
}

/** When it was last altered. */
export async function selectStamp(session: DriverSession, schema: string, object: string): Promise<string> {
  const [found] = await Array.fromAsync(
    session.rows(
      `SELECT TO_CHAR(MAX(last_ddl_time), 'YYYY-MM-DD HH24:MI:SS') FROM all_objects
       WHERE owner = :owner AND object_name = :object AND object_type IN ('TABLE', 'VIEW')`,
      { owner: schema, object },
    ),
  )
  return text(found?.[0])
}
