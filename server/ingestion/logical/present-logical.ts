import type { Logical, logicalRoutes } from '#contract/ingestion/logical.ts'
import type { RouteInput } from '#contract/route.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import type { Ctx } from '../../store/index.ts'
import { canWrite, visibleTo } from '../access.ts'
import { type LogicalRow, selectLogical } from './logical-store.ts'
import type { LogicalStates } from './open-origins.ts'

export const presentLogical = ({ actor, language }: Pick<Ctx, 'actor' | 'language'>, row: LogicalRow, states: LogicalStates): Logical => ({
  entryId: row.entry_id,
  entryName: row.entry_name,
  sourceId: row.source_id,
  sourceName: row.source_name,
  org: { id: row.org_id, name: row.org_name },
  object: row.object,
  mapping: row.mapping,
  cacheSeconds: row.cache_seconds,
  answerWhenAway: row.answer_when_away,
  boundAt: row.bound_at.toISOString(),
  state: states.of(row.lake_table, language),
  can: { update: canWrite(actor, row.org_id) },
})

/** Bindings of the caller's organisation, or all of them for those who oversee. */
export async function listLogical(
  ctx: Ctx,
  states: LogicalStates,
  { entryId, cursor, limit }: RouteInput<typeof logicalRoutes.list_logical>['query'],
) {
  const rows = await selectLogical(ctx.db, visibleTo(ctx.actor), { entryId, cursor: idCursor(cursor), limit })
  return cutPage(
    rows,
    limit,
    (row) => row.entry_id,
    (row) => presentLogical(ctx, row, states),
  )
}
