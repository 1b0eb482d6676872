import type { Room } from '../jobs/index.ts'
import { loadCalendarYears } from '../kernel/load-profile.ts'
import { escalateClocksJob } from './escalate-clocks.ts'
import { seedCalendar } from './import-calendar-year.ts'
import { boundRoutes } from './routes.ts'

export { selectCalendar } from './calendar-store.ts'
export { countClocks } from './count-clocks.ts'
export { clocksOf, listClocks } from './list-clocks.ts'
export { cancelClock, extendClock, meetClock, pauseClock, resumeClock } from './move-clock.ts'
export { startClock } from './start-clock.ts'

export const openDuty = (): Room => ({
  routes: boundRoutes,
  jobs: [escalateClocksJob],
  start: (ctx) => seedCalendar(ctx, loadCalendarYears()),
})
