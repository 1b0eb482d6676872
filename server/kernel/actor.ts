import type { Role } from '#contract/security.ts'
import type { Scope } from '#contract/scopes.ts'

/** Who acts, and for which organisation. There is no anonymous and no default actor (reliability V14). */
export interface Actor {
  kind: 'person' | 'key' | 'system'
  id: string
  name: string
  org: { id: string; name: string; kind: string } | null
  roles: readonly Role[]
  scopes: ReadonlySet<Scope>
}

/** A named job of the program itself. */
export const systemActor = (job: string): Actor => ({ kind: 'system', id: job, name: job, org: null, roles: [], scopes: new Set() })

/** The organisation the actor acts for. @throws Error for system actors: a job never acts for an organisation silently. */
export function orgOf(actor: Actor): { id: string; name: string; kind: string } {
  if (!actor.org) throw new Error(`actor ${actor.id} acts for no organisation`)
  return actor.org
}
