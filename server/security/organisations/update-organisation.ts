import type { Org, OrgChange } from '#contract/security.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { deleteSessionsOf } from '../sessions/session-store.ts'
import { checkOrg } from './check-org.ts'
import { presentOrg, selectOrg, toOrgColumns } from './org-store.ts'

/**
 * Changes an organisation, or dissolves it: every session for it ends with the commit (DJ-07).
 * @throws not_found; conflict `security.own_organisation` `security.org_taken`; invalid `http.invalid_input`
 */
export const updateOrganisation = (ctx: Ctx, orgId: string, input: OrgChange): Promise<Org> =>
  inTx(ctx, async (ctx) => {
    const before = await selectOrg(ctx.db, orgId)
    if (!before) throw notFound('value.not_found')
    if (input.active === false && ctx.actor.org?.id === orgId) throw conflict('security.own_organisation')
    await checkOrg(ctx, orgId, input)
    const columns = toOrgColumns(input)
    const row = await ctx.db
      .updateTable('security.org')
      .set({ ...columns, id: orgId })
      .where('id', '=', orgId)
      .returningAll()
      .executeTakeFirstOrThrow()
    if (!row.active) await deleteSessionsOf(ctx.db, { orgId })
    const action = before.active && !row.active ? 'security.organisation_deactivated' : 'security.organisation_updated'
    emit(ctx, { action, object: { type: 'org', id: row.id, name: row.name }, detail: { ...input } })
    return presentOrg(row)
  })
