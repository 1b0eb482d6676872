import type { LoadedFile } from '#contract/ingestion.ts'
import { type Language, messageOf } from '#contract/messages/index.ts'
import { type Db, sql, type Tx } from '../../store/index.ts'

export interface FileRow {
  path: string
  size_bytes: number
  modified_at: Date
  sha256: string | null
  /** What the object was that a piece was cut from; null of files. */
  origin: string | null
  state: LoadedFile['state']
  detail: string | null
  read_rows: number | null
  written_rows: number | null
  quarantined_rows: number | null
}

/** Why a file is broken, by its code: the words are made for whoever reads it. Rows from before have words of their own. */
export const keepReason = (code: string, params: Record<string, string | number>): string => JSON.stringify({ code, params })

export function presentDetail({ state, detail }: Pick<FileRow, 'state' | 'detail'>, language: Language): string | null {
  if (detail === null || !(state === 'broken' || state === 'waiting') || !detail.startsWith('{"code":')) return detail
  const { code, params } = JSON.parse(detail) as { code: string; params: Record<string, string | number> }
  return messageOf(code, language, params)
}

export const selectFiles = (db: Db | Tx, planId: string, page?: { cursor?: string | undefined; limit: number }) => {
  let query = db.selectFrom('ingestion.loaded_file').selectAll().where('plan_id', '=', planId).orderBy('path')
  if (page?.cursor) query = query.where('path', '>', page.cursor)
  if (page) query = query.limit(page.limit)
  return query.execute() as unknown as Promise<(FileRow & { load_id: string })[]>
}

/** Of pieces the last ones of each part, which tell how far it was read, and those that could not be loaded. */
export async function selectLastPieces(db: Db | Tx, planId: string): Promise<FileRow[]> {
  const { rows } = await sql<FileRow>`
    select * from ingestion.loaded_file where plan_id = ${planId} and (state not in ('loaded', 'lost') or path in (
      select max(path) from ingestion.loaded_file where plan_id = ${planId} group by regexp_replace(path, '/[^/]*$', '')))
    order by path`.execute(db)
  return rows
}

/** Of a load that succeeded. `isAnew`: it began with an empty table, and what was met before counts no more. */
export async function saveFiles(
  tx: Tx,
  { planId, loadId, isAnew }: { planId: string; loadId: string; isAnew: boolean },
  rows: readonly FileRow[],
): Promise<void> {
  if (isAnew) await tx.deleteFrom('ingestion.loaded_file').where('plan_id', '=', planId).execute()
  for (const row of rows)
    await tx
      .insertInto('ingestion.loaded_file')
      .values({ ...row, plan_id: planId, load_id: loadId })
      .onConflict((conflict) => conflict.columns(['plan_id', 'path']).doUpdateSet({ ...row, load_id: loadId }))
      .execute()
}
