import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { CalendarYear } from '#contract/duty.ts'

/** The only place that reads `profiles/*.yaml`: once, at start. What it returns is checked, and pure from then on. */

const read = (name: string): unknown => parse(readFileSync(new URL(`../../profiles/${name}.yaml`, import.meta.url), 'utf8'))

/** The working-day notices that come with the program; later years are imported by an administrator. */
export const loadCalendarYears = (): CalendarYear[] => [2025, 2026].map((year) => CalendarYear.parse(read(`calendar-${year}`)))
