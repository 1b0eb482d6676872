import type { CalendarYear } from '#contract/duty.ts'
import { buildCalendar, type Calendar } from '../kernel/working-days.ts'
import type { Db, Tx, TxCtx } from '../store/index.ts'

/** Every known notice, oldest first. */
export async function selectCalendarYears(db: Db | Tx): Promise<CalendarYear[]> {
  const years = await db.selectFrom('duty.calendar_year').select(['year', 'source']).orderBy('year').execute()
  const days = await db.selectFrom('duty.calendar_day').selectAll().orderBy('day').execute()
  const named = (year: number, kind: string) => days.filter((day) => day.year === year && day.kind === kind).map(({ day }) => day)
  return years.map(({ year, source }) => ({ year, source, off: named(year, 'off'), makeUp: named(year, 'make_up') }))
}

/** The calendar to count with. Read for each act: it is small, and another process may have imported a year. */
export const selectCalendar = async (db: Db | Tx): Promise<Calendar> => buildCalendar(await selectCalendarYears(db))

/** Puts a year in the place of what was known of it. A day that two notices name keeps the later import's meaning. */
export async function replaceCalendarYear(ctx: TxCtx, { year, source, off, makeUp }: CalendarYear): Promise<void> {
  const known = { source, imported_at: ctx.now() }
  await ctx.db
    .insertInto('duty.calendar_year')
    .values({ year, ...known })
    .onConflict((conflict) => conflict.column('year').doUpdateSet(known))
    .execute()
  await ctx.db.deleteFrom('duty.calendar_day').where('year', '=', year).execute()
  const days = [...off.map((day) => ({ day, year, kind: 'off' })), ...makeUp.map((day) => ({ day, year, kind: 'make_up' }))]
  if (days.length === 0) return
  await ctx.db
    .insertInto('duty.calendar_day')
    .values(days)
    .onConflict((conflict) =>
      conflict.column('day').doUpdateSet((eb) => ({ year: eb.ref('excluded.year'), kind: eb.ref('excluded.kind') })),
    )
    .execute()
}
