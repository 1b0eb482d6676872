import type { CalendarYear } from '#contract/duty.ts'
import { AppError } from '../kernel/errors.ts'
import { checkCalendarYear } from '../kernel/working-days.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../store/index.ts'
import { replaceCalendarYear, selectCalendar, selectCalendarYears } from './calendar-store.ts'
import { selectClocksTouching, standing, toLegalClock, updateClock } from './clock-store.ts'

/**
 * Loads the notice of a year, or a correction of it; every date that depends on it is computed again, ended clocks included.
 * @returns the number of clocks whose dates or state changed
 * @throws invalid `http.invalid_input` naming every day that cannot stand in such a notice
 */
export async function importCalendarYear(ctx: Ctx, year: number, input: CalendarYear): Promise<{ recomputed: number }> {
  const problems = checkCalendarYear(input)
  if (year !== input.year) problems.push({ pointer: '/year', code: 'duty.calendar_other_year', params: { year } })
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  return inTx(ctx, async (ctx) => {
    await replaceCalendarYear(ctx, input)
    const recomputed = await recomputeClocks(ctx, [year])
    const detail = { off: input.off.length, makeUp: input.makeUp.length, source: input.source, recomputed }
    emit(ctx, { action: 'duty.calendar_imported', object: { type: 'calendar', id: String(year), name: String(year) }, detail })
    return { recomputed }
  })
}

/** The notices that come with the program, where this city does not know the year yet. An import is never overwritten. */
export async function seedCalendar(ctx: Ctx, shipped: readonly CalendarYear[]): Promise<void> {
  const known = new Set((await selectCalendarYears(ctx.db)).map(({ year }) => year))
  const missing = shipped.filter(({ year }) => !known.has(year))
  if (missing.length === 0) return
  await inTx(ctx, async (ctx) => {
    for (const year of missing) await replaceCalendarYear(ctx, year)
    const years = missing.map(({ year }) => year)
    const recomputed = await recomputeClocks(ctx, years)
    emit(ctx, { action: 'duty.calendar_imported', object: { type: 'calendar', id: years.join(' ') }, detail: { recomputed } })
  })
}

/** Computes again what a notice of these years may move, and every provisional date. */
export async function recomputeClocks(ctx: TxCtx, years: readonly number[]): Promise<number> {
  const calendar = await selectCalendar(ctx.db)
  let changed = 0
  for (const row of await selectClocksTouching(ctx.db, years)) {
    const { history: _same, ...dates } = standing(toLegalClock(row), calendar)
    const isSame = Object.entries(dates).every(([column, value]) => row[column as keyof typeof dates] === value)
    if (isSame) continue
    await updateClock(ctx.db, row, dates)
    changed++
  }
  return changed
}
