import { dutyRoutes } from '#contract/duty.ts'
import { bind } from '../http/index.ts'
import { listProfileValues } from '../kernel/profile.ts'
import { toLocalDate } from '../kernel/working-days.ts'
import { selectCalendarYears } from './calendar-store.ts'
import { importCalendarYear } from './import-calendar-year.ts'
import { listClocks } from './list-clocks.ts'

export const boundRoutes = bind(dutyRoutes, {
  list_clocks: (ctx, { query }) => listClocks(ctx, query),
  list_calendar_years: async (ctx) => ({ years: await selectCalendarYears(ctx.db) }),
  import_calendar_year: (ctx, { params, body }) => importCalendarYear(ctx, params.year, body),
  get_profile: async ({ profile, now }) => ({
    id: profile.id,
    name: profile.name.zh,
    values: listProfileValues(profile, toLocalDate(now())),
  }),
})
