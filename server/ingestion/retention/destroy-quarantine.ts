import type { DestructionEvidence } from '#contract/ingestion/retention.ts'
import { type Ctx, type Db, inTx, type Tx } from '../../store/index.ts'
import { dropTable } from '../load/lake-tables.ts'
import type { DestructionRow } from './retention-store.ts'

/** Rows that nobody corrected in time, and the corrected texts that people wrote, which are record content too. */
export async function destroyQuarantine(ctx: Ctx, { entry_id }: DestructionRow, { tables }: DestructionEvidence): Promise<void> {
  await inTx(ctx, (ctx) => forgetCorrections(ctx.db, entry_id))
  for (const { name } of tables) await dropTable(ctx.lake, name)
}

export async function forgetCorrections(db: Tx | Db, entryId: string): Promise<void> {
  const loads = db.selectFrom('ingestion.load').select('id').where('entry_id', '=', entryId)
  await db.updateTable('ingestion.quarantine_act').set({ corrected: null }).where('load_id', 'in', loads).execute()
  const none = { quarantine_load_id: null, open_quarantine: 0, quarantine_since: null }
  await db.updateTable('ingestion.plan').set(none).where('entry_id', '=', entryId).execute()
  await db.updateTable('ingestion.load').set({ quarantine_table: null }).where('entry_id', '=', entryId).execute()
}
