import type { Load, LoadState } from '#contract/ingestion.ts'
import { loadStates } from '#contract/ingestion.ts'
import { statesBefore } from '../../kernel/step.ts'
import type { Db, Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'
import type { Wait } from '../harm/wait-of.ts'
import type { keepError, KeptError } from '../kept-error.ts'
import type { Outcome } from './load-object.ts'

export interface LoadRow extends KeptError {
  id: string
  plan_id: string
  entry_id: string
  entry_name: string
  org_id: string
  org_name: string
  kind: Load['kind']
  state: LoadState
  attempt: number
  touched_at: Date
  progress: number | null
  read_rows: number | null
  sent_rows: number | null
  written_rows: number | null
  quarantined_rows: number | null
  agrees: boolean | null
  inserted_rows: number | null
  changed_rows: number | null
  deleted_rows: number | null
  unchanged_rows: number | null
  source_rows: number | null
  watermark: string | null
  afresh: boolean
  reasons: Outcome['reasons']
  differing: string[]
  lake_table: string | null
  quarantine_table: string | null
  started_by: string
  queued_at: Date
  started_at: Date | null
  finished_at: Date | null
  superseded_at: Date | null
  estimated_end: Date | null
  waits_for: string | null
  waits_params: Record<string, string> | null
  waits_until: Date | null
}

const loads = (db: Db | Tx, scope: IngestionScope) => {
  const query = db
    .selectFrom('ingestion.load as l')
    .innerJoin('security.org as o', 'o.id', 'l.org_id')
    .innerJoin('catalog.entry as e', 'e.id', 'l.entry_id')
    .selectAll('l')
    .select(['o.name as org_name', 'e.name as entry_name'])
  return scope === 'everything' || scope.isOverseer ? query : query.where('l.org_id', '=', scope.orgId)
}

export const selectLoad = (db: Db | Tx, scope: IngestionScope, id: string) =>
  loads(db, scope).where('l.id', '=', id).executeTakeFirst() as unknown as Promise<LoadRow | undefined>

export interface LoadFilter {
  planId?: string | undefined
  entryId?: string | undefined
  state?: LoadState | undefined
}

/** Newest first, after `cursor`. */
export function selectLoads(db: Db, scope: IngestionScope, filter: LoadFilter, page: { cursor?: string | undefined; limit: number }) {
  let query = loads(db, scope).orderBy('l.id', 'desc').limit(page.limit)
  if (page.cursor) query = query.where('l.id', '<', page.cursor)
  if (filter.planId) query = query.where('l.plan_id', '=', filter.planId)
  if (filter.entryId) query = query.where('l.entry_id', '=', filter.entryId)
  if (filter.state) query = query.where('l.state', '=', filter.state)
  return query.execute() as unknown as Promise<LoadRow[]>
}

/** The newest load of each plan. */
export async function selectLastLoads(db: Db | Tx, planIds: readonly string[]): Promise<Map<string, LoadRow>> {
  if (planIds.length === 0) return new Map()
  const rows = (await loads(db, 'everything')
    .distinctOn('l.plan_id')
    .where('l.plan_id', 'in', planIds)
    .orderBy('l.plan_id')
    .orderBy('l.id', 'desc')
    .execute()) as unknown as LoadRow[]
  return new Map(rows.map((row) => [row.plan_id, row]))
}

export const insertLoad = (
  tx: Tx,
  row: Pick<LoadRow, 'id' | 'plan_id' | 'entry_id' | 'org_id' | 'kind' | 'started_by' | 'queued_at'> & { afresh?: boolean },
) =>
  tx
    .insertInto('ingestion.load')
    .values({ ...row, state: loadStates.initial, touched_at: row.queued_at })
    .execute()

/** Takes a load for one worker: a new attempt, which alone may end it. @returns false when it has ended meanwhile */
export async function claimLoad(tx: Tx, { id, attempt }: Pick<LoadRow, 'id' | 'attempt'>, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.load')
    .set((eb) => ({
      state: 'running',
      attempt: attempt + 1,
      touched_at: now,
      started_at: eb.fn.coalesce('started_at', eb.val(now)),
      progress: null,
      estimated_end: null,
      waits_for: null,
      waits_until: null,
      read_rows: null,
      sent_rows: null,
      written_rows: null,
      quarantined_rows: null,
    }))
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('finished_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export interface Claim {
  id: string
  attempt: number
}

const ofAttempt = (tx: Db | Tx, { id, attempt }: Claim) =>
  tx.updateTable('ingestion.load').where('id', '=', id).where('attempt', '=', attempt).where('finished_at', 'is', null)

/** A sign of life. @returns false when the load is no longer this worker's: cancelled, or given to another */
export async function touchLoad(
  db: Db,
  claim: Claim,
  change: { touched_at: Date; progress?: number | null; estimated_end?: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await ofAttempt(db, claim).set(change).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Moves this worker's load on, by the state table. @returns false when it is no longer this worker's */
export async function stepLoad(tx: Tx, claim: Claim, event: 'reconcile' | 'succeed' | 'fail' | 'resume', change: object): Promise<boolean> {
  const to = loadStates.steps.find((step) => step.event === event)!.to
  const { numUpdatedRows } = await ofAttempt(tx, claim)
    .where('state', 'in', statesBefore(loadStates, event))
    .set({ ...change, state: to })
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Compare-and-set by state, for a person. */
export async function cancelLoadRow(tx: Tx, id: string, now: Date, why: Partial<ReturnType<typeof keepError>> = {}): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.load')
    .set({ ...why, state: 'cancelled', finished_at: now, progress: null })
    .where('id', '=', id)
    .where('state', 'in', statesBefore(loadStates, 'cancel'))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Unfinished loads that read from a source. */
export const selectOpenLoads = (db: Db | Tx, sourceId: string) =>
  loads(db, 'everything')
    .where('l.finished_at', 'is', null)
    .where('l.plan_id', 'in', (eb) => eb.selectFrom('ingestion.plan').select('id').where('source_id', '=', sourceId))
    .execute() as unknown as Promise<LoadRow[]>

/** Puts a load back into the queue until its source may be read. */
export const holdLoad = (tx: Tx, id: string, now: Date, { code, params, until }: Wait) =>
  tx
    .updateTable('ingestion.load')
    .set({ state: 'queued', touched_at: now, waits_for: code, waits_params: JSON.stringify(params) as never, waits_until: until })
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .execute()

/** Loads whose source may be read again. */
export const selectDueLoads = (db: Db, now: Date) =>
  db
    .selectFrom('ingestion.load')
    .select('id')
    .where('finished_at', 'is', null)
    .where('state', '=', 'queued')
    .where('waits_until', '<=', now)
    .execute()

/** Every other load of the entry whose tables are still there makes room. */
export const supersedeLoads = (tx: Tx, entryId: string, liveLoadIds: readonly string[], now: Date) =>
  tx
    .updateTable('ingestion.load')
    .set({ superseded_at: now })
    .where('entry_id', '=', entryId)
    .where('id', 'not in', liveLoadIds)
    .where('superseded_at', 'is', null)
    .where('state', '=', 'succeeded')
    .execute()

/** Wrong rows of loads that failed make room for those of the plan's next load. */
export const supersedeFailed = (tx: Tx, planId: string, exceptId: string, now: Date) =>
  failedWithRows(tx, now).where('plan_id', '=', planId).where('id', '<>', exceptId).execute()

/** Nobody has looked at them for so long that nobody will. */
export const supersedeFailedBefore = (db: Db, before: Date, now: Date) =>
  failedWithRows(db, now).where('finished_at', '<', before).execute()

const failedWithRows = (db: Db | Tx, now: Date) =>
  db
    .updateTable('ingestion.load')
    .set({ superseded_at: now })
    .where('state', '=', 'failed')
    .where('quarantine_table', 'is not', null)
    .where('superseded_at', 'is', null)

/** Unfinished loads that nobody has given a sign of since `before`. A queued one may wait for its turn for long. */
export const selectAbandoned = (db: Db, before: Date) =>
  db
    .selectFrom('ingestion.load')
    .select('id')
    .where('finished_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('touched_at', '<', new Date(before.getTime() - 30 * 60_000)),
        eb.and([eb('state', '!=', 'queued'), eb('touched_at', '<', before)]),
      ]),
    )
    .execute()

/** Keeps the next sweep from queueing it again at once. */
export async function touchAbandoned(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.load')
    .set({ touched_at: now, state: 'queued' })
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Of these loads: which are unfinished, and which tables are live, in the time of grace, or the quarantine that a plan works on. */
export async function selectKept(
  db: Db,
  ids: readonly string[],
  graceStart: Date,
): Promise<{ unfinished: Set<string>; tables: Set<string> }> {
  const rows =
    ids.length === 0
      ? []
      : await db
          .selectFrom('ingestion.load as l')
          .leftJoin('ingestion.plan as p', 'p.quarantine_load_id', 'l.id')
          .select(['l.id', 'l.finished_at', 'l.superseded_at', 'l.lake_table', 'l.quarantine_table', 'p.id as plan_id'])
          .where('l.id', 'in', ids)
          .execute()
  const tables = rows.flatMap(({ superseded_at, lake_table, quarantine_table, plan_id }) => {
    const isInUse = superseded_at === null || superseded_at > graceStart
    return [isInUse ? lake_table : null, isInUse || plan_id !== null ? quarantine_table : null]
  })
  return {
    unfinished: new Set(rows.filter(({ finished_at }) => finished_at === null).map(({ id }) => id)),
    tables: new Set(tables.filter((name) => name !== null)),
  }
}

export interface LoadEnd extends KeptError {
  state: LoadState
  finished_at: Date
}

/** How those of these loads ended that have. */
export async function selectLoadEnds(db: Db | Tx, ids: readonly string[]): Promise<Map<string, LoadEnd>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('ingestion.load')
    .select(['id', 'state', 'finished_at', 'error_code', 'error_params', 'error_detail'])
    .where('id', 'in', ids)
    .where('finished_at', 'is not', null)
    .execute()
  return new Map(rows.map((row) => [row.id, row as unknown as LoadEnd]))
}

/** Every load that is queued or runs, with the source that it reads; `waits_for`: that source lets nobody read now. */
export const selectUnfinished = (db: Db | Tx): Promise<{ plan_id: string; source_id: string; waits_for: string | null }[]> =>
  db
    .selectFrom('ingestion.load as l')
    .innerJoin('ingestion.plan as p', 'p.id', 'l.plan_id')
    .select(['l.plan_id', 'p.source_id', 'l.waits_for'])
    .where('l.finished_at', 'is', null)
    .execute()

/** Of each plan its last load that succeeded: when, how long it took, and what it left. */
export async function selectLastSuccesses(
  db: Db | Tx,
  planIds: readonly string[],
): Promise<Map<string, { finished_at: Date; started_at: Date; written_rows: number }>> {
  if (planIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('ingestion.load')
    .distinctOn('plan_id')
    .select(['plan_id', 'finished_at', 'started_at', 'written_rows'])
    .where('plan_id', 'in', planIds)
    .where('state', '=', 'succeeded')
    .orderBy('plan_id')
    .orderBy('id', 'desc')
    .execute()
  return new Map(rows.map(({ plan_id, ...row }) => [plan_id, row as never]))
}

export async function selectLoadsById(db: Db | Tx, ids: readonly string[]): Promise<Map<string, LoadRow>> {
  if (ids.length === 0) return new Map()
  const rows = (await loads(db, 'everything').where('l.id', 'in', ids).execute()) as unknown as LoadRow[]
  return new Map(rows.map((row) => [row.id, row]))
}
