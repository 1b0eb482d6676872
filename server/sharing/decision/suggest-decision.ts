import type { Item } from '#contract/catalog.ts'
import type { Profile } from '#contract/profile.ts'
import type { Decision, RequestContent } from '#contract/sharing.ts'

const defaultRowsPerCall = 1000

/** What was asked, under the city's mask for every sensitive item: where a decider starts. Null until the period is filled in. */
export function suggestDecision(profile: Profile, published: readonly Item[], asked: RequestContent): Decision | null {
  if (!asked.from || !asked.to) return null
  const kinds = new Map(published.map(({ code, sensitiveKind }) => [code, sensitiveKind]))
  return {
    opinion: '',
    items: asked.items.flatMap((item) => {
      const kind = kinds.get(item)
      return kind ? [{ item, mask: profile.sensitiveMasks[kind].value }] : []
    }),
    rows: asked.rows,
    from: asked.from,
    to: asked.to,
    callsPerDay: asked.callsPerDay,
    maxRowsPerCall: defaultRowsPerCall,
  }
}
