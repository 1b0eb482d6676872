import type { EntryStorage } from '#contract/ingestion/retention.ts'
import type { Profile } from '#contract/profile.ts'
import { toCitation } from '../../kernel/profile.ts'
import { toDate, toDayNumber, toLocalDate } from '../../kernel/working-days.ts'

export interface Decided {
  level: string
  months: number | null
  date_item: string | null
  basis: string | null
  version: number | null
}

/** How long records of an entry are kept: as decided for it, else as the profile says for its level; null: no limit is set. */
export function retentionOf(profile: Profile, { level, months, date_item, basis, version }: Decided): EntryStorage['retention'] {
  if (months !== null) return { months, dateItem: date_item, basis: basis!, isOwn: true, version: version! }
  const rule = profile.storage.levels[level as keyof Profile['storage']['levels']]
  const { retainMonths } = rule.value
  return retainMonths === null ? null : { months: retainMonths, dateItem: null, basis: toCitation(profile, rule), isOwn: false, version: 0 }
}

/** A local date moved by months; the end of a shorter month stands for days that it does not have. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(day, last))
  return first.toISOString().slice(0, 10)
}

/** With a date item: records dated before this day are past their retention. Otherwise: the last day on which the load is kept. */
export function limitOf(
  retention: NonNullable<EntryStorage['retention']>,
  loadedAt: Date,
  today: string,
): { keptUntil: string; isPast: boolean } {
  if (retention.dateItem !== null) return { keptUntil: addMonths(today, -retention.months), isPast: true }
  const keptUntil = addMonths(toLocalDate(loadedAt), retention.months)
  return { keptUntil, isPast: keptUntil < today }
}

/** The last local date on which rows that have waited in quarantine since an instant may wait on; null: no limit is set. */
export function quarantineKeptUntil({ storage }: Profile, since: Date): string | null {
  const days = storage.quarantineDays.value
  return days === null ? null : toDate(toDayNumber(toLocalDate(since)) + days)
}

/** Rows that came to quarantine before this instant are past that date; null: no limit is set. */
export function lateSince({ profile, now }: { profile: Profile; now: () => Date }): Date | null {
  const days = profile.storage.quarantineDays.value
  return days === null ? null : new Date(`${toDate(toDayNumber(toLocalDate(now())) - days)}T00:00:00+08:00`)
}
