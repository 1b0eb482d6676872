import { type OrgKind, type Person, type Role, roleOrgKinds, roles } from '#contract/security.ts'
import { conflict, forbidden, invalid } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { selectOrg } from '../organisations/org-store.ts'
import { deleteSessionsOf } from '../sessions/session-store.ts'
import { lockPerson, presentPerson, putMembership, selectRolesElsewhere } from './person-store.ts'

/**
 * Sets the roles that a person holds for one organisation; none: the person no longer acts for it. The person's sessions end,
 * since rights changed (V17). Nobody does this for himself, and nobody holds two of the three administrators 三员 in all his
 * organisations together (GB/T 22239 8.1.5, DJ-08).
 * @throws not_found; forbidden `security.own_roles`; conflict `security.admins_separated`; invalid `security.role_wrong_org` `security.org_inactive`
 */
export async function assignRoles(ctx: Ctx, personId: string, input: { orgId: string; roles: readonly Role[] }): Promise<Person> {
  if (personId === ctx.actor.id) throw forbidden('security.own_roles')
  return inTx(ctx, async (ctx) => {
    const person = await lockPerson(ctx.db, personId)
    const org = await selectOrg(ctx.db, input.orgId)
    const wanted = [...new Set(input.roles)]
    if (!org || (!org.active && wanted.length > 0)) throw invalid('security.org_inactive')
    const misplaced = wanted.find((role) => !(roleOrgKinds[role] ?? [org.kind]).includes(org.kind as OrgKind))
    if (misplaced) throw invalid('security.role_wrong_org', { role: roles[misplaced].zh, org: org.name })
    const administrators = new Set([...wanted, ...(await selectRolesElsewhere(ctx.db, personId, org.id))].filter(isExclusive))
    if (administrators.size > 1)
      throw conflict('security.admins_separated', { roles: [...administrators].map((role) => roles[role].zh).join('、') })
    await putMembership(ctx.db, personId, org.id, wanted)
    await deleteSessionsOf(ctx.db, { personId })
    emit(ctx, {
      action: 'security.roles_assigned',
      object: { type: 'person', id: personId, name: person.display_name },
      detail: { orgId: org.id, orgName: org.name, roles: wanted },
    })
    return presentPerson(ctx, personId)
  })
}

const isExclusive = (role: string): role is Role => Object.hasOwn(roles, role) && roles[role as Role].exclusive
