import type { UpdateCycle } from '#contract/catalog.ts'
import type { Profile } from '#contract/profile.ts'
import type { z } from 'zod'
import { toLocalDate } from '../../kernel/working-days.ts'

const dayMs = 86_400_000

/**
 * The first local date on which data loaded at `loadedAt` are past their update cycle; null for a cycle without days.
 * Kept with the data, so that "past its cycle" is an indexed comparison; `isPastCycle` of the kernel is the same rule.
 */
export function pastCycleOn(profile: Profile, cycle: z.infer<typeof UpdateCycle>, loadedAt: Date): string | null {
  const days = profile.catalog.updateCycles[cycle].staleAfterDays.value
  if (days === null) return null
  return new Date(Date.parse(toLocalDate(loadedAt)) + (days + 1) * dayMs).toISOString().slice(0, 10)
}
