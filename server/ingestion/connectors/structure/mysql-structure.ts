import type { Connection } from 'mysql2/promise'
import type { SourceStructure } from '#contract/ingestion/drift.ts'
import { type MysqlColumn, select } from '../mysql-catalog.ts'

/**
 * The structure with the time at which the table was last altered. MySQL keeps no identity of a column: two that swap their names
 * look like two that swapped their places.
 */
export async function mysqlStructure(
  client: Connection,
  database: string,
  object: string,
  columns: readonly MysqlColumn[],
): Promise<SourceStructure> {
  const [found] = await select(
    client,
    `SELECT CAST(t.create_time AS CHAR) AS altered, md5(v.view_definition) AS view
     FROM information_schema.tables t LEFT JOIN information_schema.views v ON v.table_schema = t.table_schema AND v.table_name = t.table_name
     WHERE t.table_schema = ? AND t.table_name = ?`,
    [database, object],
  )
  return {
    kind: 'table',
    columns: columns.map(({ name, type, nullable, isKey, comment }) => ({
      name,
      type,
      nullable,
      isKey,
      comment,
      identity: null,
      looksLike: '',
    })),
    stamp: `${found?.altered ?? ''} ${found?.view ?? ''}`,
  }
}
