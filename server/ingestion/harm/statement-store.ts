import type { SourceStatement } from '#contract/source-settings.ts'
import type { Db } from '../../store/index.ts'

export interface StatementRow {
  id: string
  source_id: string
  load_id: string | null
  statement: string
  started_at: Date
  milliseconds: number
  rows: number | null
  error: string | null
  run_by: string
}

export const insertStatement = (db: Db, row: StatementRow) => db.insertInto('ingestion.source_statement').values(row).execute()

/** Newest first, after `cursor`. */
export function selectStatements(
  db: Db,
  sourceId: string,
  { loadId, cursor, limit }: { loadId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<StatementRow[]> {
  let query = db.selectFrom('ingestion.source_statement').selectAll().where('source_id', '=', sourceId).orderBy('id', 'desc').limit(limit)
  if (cursor) query = query.where('id', '<', cursor)
  if (loadId) query = query.where('load_id', '=', loadId)
  return query.execute()
}

export const presentStatement = (row: StatementRow): SourceStatement => ({
  id: row.id,
  at: row.started_at.toISOString(),
  statement: row.statement,
  milliseconds: row.milliseconds,
  rows: row.rows,
  error: row.error,
  loadId: row.load_id,
  by: row.run_by,
})

const keptMs = 90 * 86_400_000

/** What is older than ninety days goes. */
export const dropOldStatements = (db: Db, now: Date) =>
  db
    .deleteFrom('ingestion.source_statement')
    .where('started_at', '<', new Date(now.getTime() - keptMs))
    .execute()
