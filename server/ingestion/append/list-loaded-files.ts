import type { LoadedFile } from '#contract/ingestion.ts'
import type { Ctx } from '../../store/index.ts'
import { getPlan } from '../plan/present-plan.ts'
import { presentDetail, selectFiles } from './file-store.ts'

/** The files that a plan has met in its folder, by name. @throws value.not_found */
export async function listLoadedFiles(
  ctx: Ctx,
  planId: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: LoadedFile[]; next: string | null }> {
  await getPlan(ctx, planId)
  const rows = await selectFiles(ctx.db, planId, page)
  return {
    items: rows.map((row) => ({
      path: row.path,
      sizeBytes: row.size_bytes,
      modifiedAt: row.modified_at.toISOString(),
      state: row.state,
      detail: presentDetail(row, ctx.language),
      loadId: row.load_id,
      read: row.read_rows,
      written: row.written_rows,
      quarantined: row.quarantined_rows,
    })),
    next: rows.length === page.limit ? rows.at(-1)!.path : null,
  }
}
