import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { CalendarYear } from '#contract/duty.ts'
import type { Profile } from '#contract/profile.ts'
import { resolveProfile } from './profile.ts'

/** The only place that reads `profiles/*.yaml`: at start, once. What it returns is checked, and pure from then on. */

const folder = new URL('../../profiles/', import.meta.url)
const isCalendar = (name: string) => name.startsWith('calendar-')

function readAll(wanted: (name: string) => boolean): Map<string, unknown> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') && wanted(name))
  return new Map(names.sort().map((name) => [name.replace('.yaml', ''), parse(readFileSync(new URL(name, folder), 'utf8'))]))
}

export const profileIds = (): string[] => [...readAll((name) => !isCalendar(name)).keys()]

export const loadProfile = (id: string): Profile =>
  resolveProfile(
    readAll((name) => !isCalendar(name)),
    id,
  )

/** The working-day notices that come with the program; later years are imported by an administrator. */
export const loadCalendarYears = (): CalendarYear[] => [...readAll(isCalendar).values()].map((year) => CalendarYear.parse(year))
