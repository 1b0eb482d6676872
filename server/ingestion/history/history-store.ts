import type { Db, Tx } from '../../store/index.ts'

export interface HistoryRow {
  entry_id: string
  plan_id: string
  lake_table: string
  /** Readers that began before the switch finish on it. */
  previous_table: string | null
  /** The first and the last instant that the history knows. */
  since: Date
  as_of: Date
}

export const selectHistory = (db: Db | Tx, entryId: string) =>
  db.selectFrom('ingestion.history').selectAll().where('entry_id', '=', entryId).executeTakeFirst() as Promise<HistoryRow | undefined>

/** In the transaction that moves the entry's pointer: the history's moves with it. */
export const upsertHistory = (
  tx: Tx,
  { entry_id, plan_id, lake_table, at }: Pick<HistoryRow, 'entry_id' | 'plan_id' | 'lake_table'> & { at: Date },
) =>
  tx
    .insertInto('ingestion.history')
    .values({ entry_id, plan_id, lake_table, since: at, as_of: at })
    .onConflict((conflict) =>
      conflict.column('entry_id').doUpdateSet((eb) => ({
        plan_id,
        lake_table,
        previous_table: eb.ref('ingestion.history.lake_table'),
        as_of: at,
      })),
    )
    .execute()

/** Tables that no sweep may drop: the histories, and those before them in the time of grace. */
export async function selectKeptHistories(db: Db, graceStart: Date): Promise<Set<string>> {
  const rows = await db.selectFrom('ingestion.history').select(['lake_table', 'previous_table', 'as_of']).execute()
  return new Set(rows.flatMap((row) => [row.lake_table, ...(row.previous_table && row.as_of > graceStart ? [row.previous_table] : [])]))
}
