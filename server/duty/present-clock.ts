import type { Clock, ClockRule } from '#contract/duty.ts'
import { clockStatus } from '../kernel/clock.ts'
import type { Calendar } from '../kernel/working-days.ts'
import { type ClockRow, toLegalClock } from './clock-store.ts'

/** A clock as it stands on `today` (a local date). */
export function presentClock(row: ClockRow, today: string, calendar: Calendar): Clock {
  return {
    id: row.id,
    rule: row.rule as ClockRule,
    objectType: row.object_type as Clock['objectType'],
    objectId: row.object_id,
    objectName: row.object_name,
    owner: { id: row.owner_org_id, name: row.owner_name },
    startedOn: row.started_on,
    extendedDays: row.extended_days,
    citation: row.citation,
    ...clockStatus(toLegalClock(row), today, calendar),
  }
}
