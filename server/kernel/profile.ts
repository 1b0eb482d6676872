import { type Cited, citedValues, Profile, type ProfileClock } from '#contract/profile.ts'
import type { Mask } from '#contract/mask.ts'
import type { OrgKind } from '#contract/security.ts'
import type { MaskName } from '#contract/sharing.ts'
import type { z } from 'zod'
import type { ClockTerms } from './clock.ts'
import { daysBetween } from './working-days.ts'

/** Pure reading of policy profiles: inheritance, citations, and the few questions that rooms ask of a profile. */

const isObject = (node: unknown): node is Record<string, unknown> => typeof node === 'object' && node !== null && !Array.isArray(node)

/** A cited value, a list or a scalar replaces its parent's as a whole; everything above it is merged by key. */
function inherit(parent: unknown, child: unknown): unknown {
  if (!isObject(parent) || !isObject(child) || 'cite' in child) return child
  return Object.fromEntries(
    [...Object.keys(parent), ...Object.keys(child)].map((key) => [key, key in child ? inherit(parent[key], child[key]) : parent[key]]),
  )
}

/**
 * One profile with everything it inherits. `files` holds the parsed yaml of every profile by id; which of them are
 * needed is known only from their `extends`.
 * @throws with the path of every wrong value: a profile is checked at start, not at use.
 */
export function resolveProfile(files: ReadonlyMap<string, unknown>, id: string): Profile {
  const chain: unknown[] = []
  for (let next: unknown = id; typeof next === 'string'; ) {
    const file = files.get(next)
    if (!isObject(file) || file.id !== next) throw new Error(`profile ${id}: there is no profile ${next}`)
    if (chain.includes(file)) throw new Error(`profile ${id}: ${next} extends itself`)
    chain.unshift(file)
    next = file.extends
  }
  const result = Profile.safeParse(chain.reduce(inherit))
  if (result.success) return result.data
  throw new Error(`profile ${id}: ${result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`)
}

/** 政务数据共享条例（国务院令第809号）第二十一条 */
export function toCitation({ instruments }: Profile, { cite, at }: Cited<unknown>): string {
  const { title, number } = instruments[cite]!
  return `${title}${number ? `（${number}）` : ''}${at}`
}

/** Every value with its key, citation, doubts, and whether its source has expired on `today` (a local date). */
export const listProfileValues = (profile: Profile, today: string) =>
  citedValues(profile).map(({ path, source }) => ({
    key: path.join('.'),
    value: source.value,
    cite: toCitation(profile, source),
    note: source.note ?? null,
    isUnsure: source.unsure === true || profile.instruments[source.cite]!.unsure === true,
    isExpired: (profile.instruments[source.cite]!.until ?? '9999-12-31') < today,
  }))

/**
 * The terms with which a clock starts for a body of this kind, or null where the law sets no number of days or does not
 * bind this kind of body (Order 809 binds government departments; local rules add public-service organisations).
 */
export function clockTerms(
  profile: Profile,
  clock: ProfileClock,
  kind: z.infer<typeof OrgKind>,
): (ClockTerms & { citation: string }) | null {
  const { days, extension, binds } = profile.clocks[clock]
  if (days.value === null || !(binds ?? profile.scope.bodies).value.includes(kind)) return null
  return {
    days: days.value,
    maxExtensionDays: extension?.value.maxDays ?? 0,
    afterCompletion: profile.afterCompletion.value,
    dueSoonDays: profile.dueSoonDays.value,
    citation: toCitation(profile, days),
  }
}

/** Whether data last loaded on a local date are past their update cycle today. */
export function isPastCycle(profile: Profile, cycle: keyof Profile['catalog']['updateCycles'], loadedOn: string, today: string): boolean {
  const days = profile.catalog.updateCycles[cycle].staleAfterDays.value
  return days !== null && daysBetween(loadedOn, today) > days
}

/** What a mask that a grant names does under this profile; null for `none`. */
export const toMask = ({ masks }: Profile, name: MaskName): Mask | null => (name === 'none' ? null : masks[name].value)
