import type { RunEvent } from '#contract/ingestion/lineage.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { type RunEventFilter, selectRunEvents } from './run-event-store.ts'

/** Run events of loads that the caller may know of, oldest first, as they were stored. */
export async function listRunEvents(
  ctx: Ctx,
  { cursor, limit, ...filter }: RunEventFilter & { cursor?: string | undefined; limit: number },
): Promise<{ items: RunEvent[]; next: string | null }> {
  const rows = await selectRunEvents(ctx.db, visibleTo(ctx.actor), filter, { cursor: idCursor(cursor), limit: limit + 1 })
  return cutPage(
    rows,
    limit,
    ({ id }) => id,
    ({ body }) => body,
  )
}
