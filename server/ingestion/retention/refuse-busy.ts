import { AppError } from '../../kernel/errors.ts'
import type { Ctx, Tx } from '../../store/index.ts'

/** A load under way may have read what is to be destroyed. @throws unavailable `ingestion.destruction_busy` */
export async function refuseBusy({ db }: { db: Ctx['db'] | Tx }, entryId: string): Promise<void> {
  const busy = await db
    .selectFrom('ingestion.load')
    .select('id')
    .where('entry_id', '=', entryId)
    .where('finished_at', 'is', null)
    .executeTakeFirst()
  if (busy) throw new AppError('unavailable', 'ingestion.destruction_busy')
}
