import { ScheduleInput, type TurnRule } from '#contract/schedule/schedule.ts'
import { UpdateCycle } from '#contract/catalog.ts'
import type { Db, Tx } from '../../store/index.ts'

export interface ScheduleRow {
  plan_id: string
  org_id: string
  rule: ScheduleInput
  /** The entry's own cycle, which a rule without one follows. */
  catalog_cycle: UpdateCycleName
  turned_until: Date
  paused_at: Date | null
  responsible: string
  version: number
}
type UpdateCycleName = TurnRule['cycle']

const schedules = (db: Db | Tx) =>
  db
    .selectFrom('ingestion.schedule as s')
    .innerJoin('ingestion.plan as p', 'p.id', 's.plan_id')
    .innerJoin('catalog.entry as e', 'e.id', 'p.entry_id')
    .selectAll('s')
    .select('e.update_cycle')

type Found = Awaited<ReturnType<ReturnType<typeof schedules>['execute']>>[number]
const toRow = ({ update_cycle, rule, ...row }: Found): ScheduleRow => ({
  ...row,
  rule: ScheduleInput.parse(rule),
  catalog_cycle: UpdateCycle.parse(update_cycle),
})

export async function selectSchedules(db: Db | Tx, planIds: readonly string[]): Promise<Map<string, ScheduleRow>> {
  if (planIds.length === 0) return new Map()
  const rows = await schedules(db).where('s.plan_id', 'in', planIds).execute()
  return new Map(rows.map((row) => [row.plan_id, toRow(row)]))
}

export const selectActiveSchedules = async (db: Db | Tx): Promise<ScheduleRow[]> =>
  (await schedules(db).where('s.paused_at', 'is', null).execute()).map(toRow)

/** The rule in force: its own cycle, or the catalog's. */
export const turnRule = ({ rule, catalog_cycle }: Pick<ScheduleRow, 'rule' | 'catalog_cycle'>): TurnRule => ({
  ...rule,
  cycle: rule.cycle ?? catalog_cycle,
})

interface Change {
  rule: ScheduleInput
  responsible: string
  turned_until: Date
}

/** Compare-and-set by version; 0: there was none. @returns whether the version was still that one */
export async function saveSchedule(tx: Tx, key: { plan_id: string; org_id: string }, version: number, change: Change): Promise<boolean> {
  const values = { ...change, rule: JSON.stringify(change.rule), version: version + 1 }
  if (version === 0) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('ingestion.schedule')
      .values({ ...key, ...values })
      .onConflict((already) => already.doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  }
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.schedule')
    .set(values)
    .where('plan_id', '=', key.plan_id)
    .where('version', '=', version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Pauses or goes on; what was due meanwhile is not run afterwards. @returns false when it was so already */
export async function pauseScheduleRow(tx: Tx, planId: string, change: { paused_at: Date | null; turned_until: Date }): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.schedule')
    .set(change)
    .where('plan_id', '=', planId)
    .where('paused_at', change.paused_at ? 'is' : 'is not', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Due times up to `until` have their turns now. @returns false when another scheduler was faster */
export async function markTurned(
  tx: Tx,
  { plan_id, turned_until }: Pick<ScheduleRow, 'plan_id' | 'turned_until'>,
  until: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.schedule')
    .set({ turned_until: until })
    .where('plan_id', '=', plan_id)
    .where('turned_until', '=', turned_until)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
