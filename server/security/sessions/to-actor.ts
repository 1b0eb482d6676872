import { type Role, roles } from '#contract/security.ts'
import type { Scope } from '#contract/scopes.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { SessionRow } from './session-store.ts'

/** A role that a newer program wrote is not a role here. */
export const knownRoles = (held: readonly string[]): Role[] => held.filter((role): role is Role => Object.hasOwn(roles, role))

/** The scopes of the roles that the person holds in the organisation acted for, and of no other. */
export function toActor(
  row: Pick<SessionRow, 'person_id' | 'display_name' | 'org_id' | 'org_name' | 'org_kind'> & { roles: readonly string[] },
): Actor {
  const held = knownRoles(row.roles)
  return {
    kind: 'person',
    id: row.person_id,
    name: row.display_name,
    org: { id: row.org_id, name: row.org_name, kind: row.org_kind },
    roles: held,
    scopes: new Set(held.flatMap((role) => roles[role].scopes as readonly Scope[])),
  }
}
