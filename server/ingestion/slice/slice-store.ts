import type { LoadSlice } from '#contract/source-settings.ts'
import type { Db, Tx } from '../../store/index.ts'
import { type SliceBounds, sliceName } from './slice-bounds.ts'

export interface SliceRow {
  load_id: string
  number: number
  fingerprint: string
  bounds: SliceBounds
  state: 'planned' | 'done'
  expected_rows: number
  read_rows: number | null
  written_rows: number | null
  quarantined_rows: number | null
  checksum: string | null
  lake_table: string | null
  quarantine_table: string | null
  finished_at: Date | null
  taken_from: string | null
}

export const selectSlices = (db: Db | Tx, loadId: string) =>
  db.selectFrom('ingestion.slice').selectAll().where('load_id', '=', loadId).orderBy('number').execute() as unknown as Promise<SliceRow[]>

export const presentSlice = (row: SliceRow): LoadSlice => ({
  number: row.number,
  range: sliceName(row.bounds),
  isDone: row.state === 'done',
  read: row.read_rows,
  written: row.written_rows,
  quarantined: row.quarantined_rows,
  finishedAt: row.finished_at?.toISOString() ?? null,
  takenFrom: row.taken_from,
})

/** The plan's newest earlier load that ended without success and left slices of the same make. */
export async function findLoadToTakeOver(db: Db | Tx, planId: string, fingerprint: string): Promise<string | null> {
  const found = await db
    .selectFrom('ingestion.load as l')
    .innerJoin('ingestion.slice as s', 's.load_id', 'l.id')
    .select('l.id')
    .where('l.plan_id', '=', planId)
    .where('l.finished_at', 'is not', null)
    .where('s.lake_table', 'is not', null)
    .where('s.fingerprint', '=', fingerprint)
    .orderBy('l.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found?.id ?? null
}

/** What a load had planned before goes. */
export async function replaceSlices(tx: Tx, loadId: string, rows: readonly SliceRow[]): Promise<void> {
  await tx.deleteFrom('ingestion.slice').where('load_id', '=', loadId).execute()
  if (rows.length === 0) return
  await tx
    .insertInto('ingestion.slice')
    .values(rows.map((row) => ({ ...row, bounds: JSON.stringify(row.bounds) as never })))
    .execute()
}

/** Records that a slice is proved. @returns false when the load is no longer this worker's: then the slice is not its either */
export async function finishSlice(
  db: Db,
  { id, attempt }: { id: string; attempt: number },
  number: number,
  change: Omit<SliceRow, 'load_id' | 'number' | 'fingerprint' | 'bounds' | 'expected_rows' | 'taken_from' | 'state'>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('ingestion.slice')
    .set({ ...change, state: 'done', taken_from: null })
    .where('load_id', '=', id)
    .where('number', '=', number)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('ingestion.load').select('id').where('id', '=', id).where('attempt', '=', attempt).where('finished_at', 'is', null),
      ),
    )
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The tables of a load's slices are no longer needed: the sweep drops them. */
export const releaseSlices = (db: Db | Tx, loadId: string) =>
  db.updateTable('ingestion.slice').set({ lake_table: null, quarantine_table: null }).where('load_id', '=', loadId).execute()

/** Tables of slices from which a load may still go on. */
export async function selectSliceTables(db: Db, since: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('ingestion.slice')
    .select(['lake_table', 'quarantine_table'])
    .where('lake_table', 'is not', null)
    .where('finished_at', '>', since)
    .execute()
  return rows.flatMap(({ lake_table, quarantine_table }) => [lake_table, quarantine_table]).filter((name) => name !== null)
}
