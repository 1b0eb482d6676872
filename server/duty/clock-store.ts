import type { Selectable } from 'kysely'
import type { Clock } from '#contract/duty.ts'
import { clockStatus, type LegalClock, stoppedOn } from '../kernel/clock.ts'
import { conflict } from '../kernel/errors.ts'
import { type Calendar, toDate, toDayNumber, workingDaysBetween } from '../kernel/working-days.ts'
import type { Db, Tables, Tx } from '../store/index.ts'

export type ClockRow = Selectable<Tables['duty.clock']> & { owner_name: string }

/** Which clocks somebody may see. `'everything'` is the bureau's, and must be meant. */
export type ClockScope = { ownerOrgId: string } | 'everything'

const clocks = (db: Db | Tx) =>
  db.selectFrom('duty.clock as c').innerJoin('security.org as o', 'o.id', 'c.owner_org_id').selectAll('c').select('o.name as owner_name')

export const toLegalClock = (row: Pick<ClockRow, 'history'>) => row.history as LegalClock

/** What the history comes to under this calendar: the columns that lists and sweeps read. */
export function standing(clock: LegalClock, calendar: Calendar) {
  const { dueOn, provisional, state } = clockStatus(clock, clock.startedOn, calendar)
  return {
    history: JSON.stringify(clock),
    due_on: dueOn,
    soon_on: soonFrom(calendar, dueOn, clock.terms.dueSoonDays),
    stopped_on: stoppedOn(clock, dueOn),
    provisional,
    state,
    extended_days: clock.extension?.days ?? 0,
  }
}

/** The first day with at most `days` working days left. */
function soonFrom(calendar: Calendar, dueOn: string, days: number): string {
  let first = toDayNumber(dueOn)
  while (workingDaysBetween(calendar, toDate(first - 1), dueOn) <= days) first--
  return toDate(first)
}

export const insertClock = async (tx: Tx, row: Omit<Tables['duty.clock'], 'due_soon_told' | 'overdue_told' | 'edit'>): Promise<void> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('duty.clock')
    .values(row as never)
    .onConflict((already) => already.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) throw conflict('duty.clock_running')
}

/** The open clock of a rule on an object. */
export const selectOpenClock = (db: Db | Tx, rule: string, objectId: string): Promise<ClockRow | undefined> =>
  clocks(db).where('c.rule', '=', rule).where('c.object_id', '=', objectId).where('c.state', 'in', ['running', 'paused']).executeTakeFirst()

/** Clocks of objects that the caller may see, newest first. */
export const selectClocksOf = (db: Db | Tx, objectIds: readonly string[]): Promise<ClockRow[]> =>
  clocks(db).where('c.object_id', 'in', objectIds).orderBy('c.id', 'desc').execute()

/** Compare-and-set. @throws conflict `value.stale` when somebody else moved the clock meanwhile */
export async function updateClock(tx: Tx, row: Pick<ClockRow, 'id' | 'edit'>, change: object): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('duty.clock')
    .set({ ...change, edit: row.edit + 1 })
    .where('id', '=', row.id)
    .where('edit', '=', row.edit)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw conflict('value.stale')
}

/** Clocks whose dates a notice of these years may move: open years that were counted, or days inside the years. */
export const selectClocksTouching = (db: Db | Tx, years: readonly number[]): Promise<ClockRow[]> =>
  clocks(db)
    .where((eb) =>
      eb.or([
        eb('c.provisional', '=', true),
        // A notice names days of the December before its year.
        ...years.map((year) => eb.and([eb('c.due_on', '>=', `${year - 1}-12-01`), eb('c.started_on', '<=', `${year}-12-31`)])),
      ]),
    )
    .execute()

export interface ClockFilter {
  phase?: Clock['phase'] | undefined
  /** Exclusive. */
  dueBefore?: string | undefined
  rule?: string | undefined
  state?: Clock['state'] | undefined
}

/** By due date, soonest first. The phase is that of `clockStatus`, as a comparison of stored dates. */
export function selectClocks(
  db: Db,
  scope: ClockScope,
  filter: ClockFilter & { today: string },
  page: { after: { dueOn: string; id: string } | null; limit: number },
): Promise<ClockRow[]> {
  const { today, phase } = filter
  let query = clocks(db).orderBy('c.due_on').orderBy('c.id').limit(page.limit)
  if (scope !== 'everything') query = query.where('c.owner_org_id', '=', scope.ownerOrgId)
  if (filter.rule) query = query.where('c.rule', '=', filter.rule)
  if (filter.state) query = query.where('c.state', '=', filter.state)
  if (filter.dueBefore) query = query.where('c.due_on', '<', filter.dueBefore)
  const { after } = page
  if (after)
    query = query.where((eb) =>
      eb.or([eb('c.due_on', '>', after.dueOn), eb.and([eb('c.due_on', '=', after.dueOn), eb('c.id', '>', after.id)])]),
    )
  if (phase)
    query = query.where((eb) => {
      const isOverdue = eb(eb.fn.coalesce('c.stopped_on', eb.cast<string>(eb.val(today), 'date')), '>', eb.ref('c.due_on'))
      const isSoon = eb.and([eb('c.state', '=', 'running'), eb('c.soon_on', '<=', today)])
      if (phase === 'overdue') return isOverdue
      return phase === 'due_soon' ? eb.and([eb.not(isOverdue), isSoon]) : eb.and([eb.not(isOverdue), eb.not(isSoon)])
    })
  return query.execute()
}

/** Counting clocks that nobody was told of yet; locked, so that two sweeps tell each once. */
export const lockUntold = (tx: Tx, told: 'due_soon_told' | 'overdue_told', today: string, limit: number): Promise<ClockRow[]> => {
  const untold = clocks(tx).where('c.stopped_on', 'is', null).where(`c.${told}`, '=', false).orderBy('c.due_on').limit(limit)
  const due =
    told === 'overdue_told'
      ? untold.where('c.due_on', '<', today)
      : untold.where('c.due_on', '>=', today).where('c.soon_on', '<=', today).where('c.state', '=', 'running')
  return due.forUpdate('c').skipLocked().execute()
}

export const markTold = (tx: Tx, told: 'due_soon_told' | 'overdue_told', ids: readonly string[]) =>
  tx
    .updateTable('duty.clock')
    .set({ [told]: true })
    .where('id', 'in', ids)
    .execute()
