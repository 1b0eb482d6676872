import { unbindResource } from '../../catalog/index.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { dropTable } from '../load/lake-tables.ts'
import { uploadKey } from '../connectors/upload.ts'
import { forgetCorrections } from './destroy-quarantine.ts'
import { liveTable, tablesOfEntry, uploadsOfEntry } from './find-evidence.ts'
import type { DestructionRow } from './retention-store.ts'

/** Everything of an entry: first nobody can read it any more, then its tables go, then the files that it was loaded from. */
export async function destroyEntry(ctx: Ctx, { id, entry_id, entry_name }: DestructionRow): Promise<void> {
  const tables = await tablesOfEntry(ctx, entry_id)
  if ((await liveTable(ctx, entry_id)) !== null)
    await inTx(ctx, async (ctx) => {
      await unbindResource(ctx, entry_id)
      await forgetCorrections(ctx.db, entry_id)
      await ctx.db.deleteFrom('ingestion.history').where('entry_id', '=', entry_id).execute()
      emit(ctx, {
        action: 'ingestion.data_unbound',
        object: { type: 'destruction', id, name: entry_name },
        detail: { entryId: entry_id },
      })
    })
  for (const name of tables) await dropTable(ctx.lake, name)
  for (const upload of await uploadsOfEntry(ctx, entry_id)) {
    await ctx.files.remove(uploadKey(upload.id))
    await ctx.db.deleteFrom('ingestion.upload').where('id', '=', upload.id).execute()
  }
}
