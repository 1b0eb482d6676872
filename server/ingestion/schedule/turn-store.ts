import type { LoadMode } from '#contract/ingestion.ts'
import type { NightCounts, TurnState, Turn } from '#contract/schedule/schedule.ts'
import { type Db, sql, type Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'
import type { keepError, KeptError, noError } from '../kept-error.ts'

export interface TurnRow extends KeptError {
  id: string
  plan_id: string
  org_id: string
  org_name: string
  entry_id: string
  entry_name: string
  mode: LoadMode
  source_id: string
  source_name: string
  due_at: Date
  night: string
  origin: Turn['origin']
  overtaken: number
  rank: number
  begin_until: Date
  late_at: Date
  state: TurnState
  wait_reason: Turn['waitReason']
  not_before: Date | null
  tries: number
  load_id: string | null
  started_at: Date | null
  ended_at: Date | null
}

const turns = (db: Db | Tx, scope: IngestionScope) => {
  const query = db
    .selectFrom('ingestion.turn as t')
    .innerJoin('ingestion.plan as p', 'p.id', 't.plan_id')
    .innerJoin('security.org as o', 'o.id', 't.org_id')
    .innerJoin('catalog.entry as e', 'e.id', 'p.entry_id')
    .innerJoin('ingestion.source as s', 's.id', 'p.source_id')
    .selectAll('t')
    .select(['o.name as org_name', 'p.entry_id', 'p.mode', 'e.name as entry_name', 'p.source_id', 's.name as source_name'])
  return scope === 'everything' || scope.isOverseer ? query : query.where('t.org_id', '=', scope.orgId)
}

const rowsOf = <T extends { execute(): Promise<unknown[]> }>(query: T) => query.execute() as unknown as Promise<TurnRow[]>

export const selectTurn = async (db: Db | Tx, scope: IngestionScope, id: string): Promise<TurnRow | undefined> =>
  (await rowsOf(turns(db, scope).where('t.id', '=', id)))[0]

export interface TurnFilter {
  night: string
  orgId?: string | undefined
  planId?: string | undefined
  state?: TurnState | undefined
  late?: boolean | undefined
}

/** Of one night, in the order in which they are due. */
export function selectTurns(
  db: Db,
  scope: IngestionScope,
  filter: TurnFilter,
  page: { after: { dueAt: Date; id: string } | null; limit: number; now: Date },
): Promise<TurnRow[]> {
  const { after } = page
  let query = turns(db, scope).where('t.night', '=', filter.night).orderBy('t.due_at').orderBy('t.id').limit(page.limit)
  if (filter.orgId) query = query.where('t.org_id', '=', filter.orgId)
  if (filter.planId) query = query.where('t.plan_id', '=', filter.planId)
  if (filter.state) query = query.where('t.state', '=', filter.state)
  if (filter.late) query = query.where(isLate(page.now))
  if (after)
    query = query.where((eb) =>
      eb.or([eb('t.due_at', '>', after.dueAt), eb.and([eb('t.due_at', '=', after.dueAt), eb('t.id', '>', after.id)])]),
    )
  return rowsOf(query)
}

/** Open, or ended, after it should have. */
const isLate = (now: Date) => sql<boolean>`coalesce(t.ended_at, ${now}) > t.late_at`

/** The last turn of each plan in a night, where it did not succeed: what somebody must look at, if it has ended or is late. */
export const selectNightProblems = (
  db: Db,
  scope: IngestionScope,
  { night, orgId }: Pick<TurnFilter, 'night' | 'orgId'>,
  now: Date,
): Promise<TurnRow[]> => {
  const last = turns(db, scope)
    .where('t.night', '=', night)
    .$if(orgId !== undefined, (query) => query.where('t.org_id', '=', orgId!))
    .distinctOn('t.plan_id')
    .orderBy('t.plan_id')
    .orderBy('t.due_at', 'desc')
  return rowsOf(
    db
      .selectFrom(last.as('t'))
      .selectAll()
      .where((eb) => eb.or([eb('t.state', 'in', ['failed', 'missed', 'cancelled']), eb.and([eb('t.ended_at', 'is', null), isLate(now)])]))
      .orderBy('t.org_name')
      .orderBy('t.due_at')
      .orderBy('t.id'),
  )
}

/** Counts of one night by organisation: one range of the index by night. */
export async function countNight(
  db: Db,
  scope: IngestionScope,
  { night, orgId }: Pick<TurnFilter, 'night' | 'orgId'>,
  now: Date,
): Promise<Map<string, NightCounts & { orgName: string }>> {
  const rows = await db
    .selectFrom('ingestion.turn as t')
    .innerJoin('security.org as o', 'o.id', 't.org_id')
    .where('t.night', '=', night)
    .$if(orgId !== undefined, (query) => query.where('t.org_id', '=', orgId!))
    .$if(scope !== 'everything' && !scope.isOverseer, (query) => query.where('t.org_id', '=', (scope as { orgId: string | null }).orgId))
    .groupBy(['t.org_id', 'o.name', 't.state'])
    .select(['t.org_id', 'o.name', 't.state'])
    .select((eb) => [eb.fn.countAll<number>().as('n'), eb.fn.countAll<number>().filterWhere(isLate(now)).as('late')])
    .execute()
  const counts = new Map<string, NightCounts & { orgName: string }>()
  for (const { org_id, name, state, n, late } of rows) {
    const of = counts.get(org_id) ?? { orgName: name, ...noTurns }
    counts.set(org_id, { ...of, [state]: Number(n), due: of.due + Number(n), late: of.late + Number(late) })
  }
  return counts
}

export const noTurns: NightCounts = { due: 0, succeeded: 0, running: 0, waiting: 0, failed: 0, missed: 0, cancelled: 0, late: 0 }

export const sumCounts = (all: Iterable<NightCounts>): NightCounts => {
  const sum = { ...noTurns }
  for (const one of all) for (const key of Object.keys(sum) as (keyof NightCounts)[]) sum[key] += one[key]
  return sum
}

/** Turns that wait, first come first by rank; or that run. */
export const selectOpenTurns = (tx: Tx, state: 'waiting' | 'running'): Promise<TurnRow[]> =>
  rowsOf(
    turns(tx, 'everything')
      .where('t.ended_at', 'is', null)
      .where('t.state', '=', state)
      .orderBy('t.rank')
      .orderBy('t.due_at')
      .orderBy('t.id'),
  )

export type NewTurn = Pick<
  TurnRow,
  'id' | 'plan_id' | 'org_id' | 'due_at' | 'night' | 'origin' | 'overtaken' | 'rank' | 'begin_until' | 'late_at'
>

/** Turns that are there already stay as they are. @returns how many are new */
export async function insertTurns(tx: Tx, rows: readonly NewTurn[]): Promise<number> {
  if (rows.length === 0) return 0
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('ingestion.turn')
    .values(rows.map((row) => ({ ...row, state: 'waiting' })))
    .onConflict((already) => already.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows ?? 0)
}

/** Compare-and-set by state. @returns whether the turn was still in it */
export async function moveTurn(
  tx: Tx,
  { id, state }: Pick<TurnRow, 'id' | 'state'>,
  change: Partial<
    Pick<TurnRow, 'state' | 'wait_reason' | 'not_before' | 'tries' | 'load_id' | 'started_at' | 'ended_at'> &
      (ReturnType<typeof keepError> | typeof noError)
  >,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.turn')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Turns of a plan that have not begun will not. */
export const cancelWaiting = (tx: Tx, planId: string, now: Date) =>
  tx
    .updateTable('ingestion.turn')
    .set({ state: 'cancelled', error_code: 'ingestion.turn_cancelled', wait_reason: null, ended_at: now })
    .where('plan_id', '=', planId)
    .where('state', '=', 'waiting')
    .execute()

/** Turns of these plans in these nights, in the order in which they are due. */
export const selectNightTurns = (
  tx: Tx,
  planIds: readonly string[],
  nights: readonly string[],
): Promise<Pick<TurnRow, 'plan_id' | 'night' | 'state' | 'due_at'>[]> =>
  tx
    .selectFrom('ingestion.turn')
    .select(['plan_id', 'night', 'state', 'due_at'])
    .where('plan_id', 'in', planIds)
    .where('night', 'in', nights)
    .orderBy('due_at')
    .execute() as never
