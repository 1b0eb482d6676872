import type { z } from 'zod'
import type { RunEvent, RunEventQuery } from '#contract/ingestion/lineage.ts'
import type { Db, Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'

export interface RunEventRow {
  id: string
  run_id: string
  event_type: RunEvent['eventType']
  event_time: Date
  plan_id: string
  entry_id: string
  org_id: string
  body: RunEvent
}

/** What has happened stays as it was: a second start or end of the same run leaves no trace. */
export const insertRunEvent = (tx: Tx, row: RunEventRow) =>
  tx
    .insertInto('ingestion.run_event')
    .values({ ...row, body: JSON.stringify(row.body) as never })
    .onConflict((conflict) => conflict.columns(['run_id', 'event_type']).doNothing())
    .execute()

export type RunEventFilter = z.output<typeof RunEventQuery>

/** Oldest first, after `cursor`. */
export function selectRunEvents(
  db: Db,
  scope: IngestionScope,
  filter: RunEventFilter,
  page: { cursor?: string | undefined; limit: number },
): Promise<RunEventRow[]> {
  let query = db.selectFrom('ingestion.run_event').selectAll().orderBy('id').limit(page.limit)
  if (scope !== 'everything' && !scope.isOverseer) query = query.where('org_id', '=', scope.orgId)
  if (page.cursor) query = query.where('id', '>', page.cursor)
  if (filter.entryId) query = query.where('entry_id', '=', filter.entryId)
  if (filter.planId) query = query.where('plan_id', '=', filter.planId)
  if (filter.loadId) query = query.where('run_id', '=', filter.loadId)
  if (filter.from) query = query.where('event_time', '>=', new Date(filter.from))
  if (filter.to) query = query.where('event_time', '<', new Date(filter.to))
  return query.execute() as unknown as Promise<RunEventRow[]>
}

/** The newest run of each plan of an entry that made data from its source. */
export const selectLastCompletions = (db: Db, scope: IngestionScope, entryId: string): Promise<RunEventRow[]> =>
  db
    .selectFrom('ingestion.run_event')
    .distinctOn('plan_id')
    .selectAll()
    .where('entry_id', '=', entryId)
    .where('event_type', '=', 'COMPLETE')
    .where((eb) =>
      eb(
        eb.fn('jsonb_extract_path_text', ['body', eb.val('run'), eb.val('facets'), eb.val('datong_load'), eb.val('kind')]),
        '<>',
        'replay',
      ),
    )
    .$if(scope !== 'everything' && !scope.isOverseer, (query) => query.where('org_id', '=', (scope as { orgId: string | null }).orgId))
    .orderBy('plan_id')
    .orderBy('id', 'desc')
    .execute() as unknown as Promise<RunEventRow[]>
