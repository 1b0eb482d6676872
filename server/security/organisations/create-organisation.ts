import type { Org, OrgInput } from '#contract/security.ts'
import { conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { checkOrg } from './check-org.ts'
import { presentOrg, toOrgColumns } from './org-store.ts'

/** @throws conflict `security.org_taken`: name and USCC are each given once; invalid `http.invalid_input` */
export const createOrganisation = (ctx: Ctx, input: OrgInput): Promise<Org> =>
  inTx(ctx, async (ctx) => {
    await checkOrg(ctx, null, input)
    const row = await ctx.db
      .insertInto('security.org')
      .values({ ...toOrgColumns(input), id: newId() } as never)
      // Somebody else may have taken the name since it was checked.
      .onConflict((taken) => taken.doNothing())
      .returningAll()
      .executeTakeFirst()
    if (!row) throw conflict('security.org_taken', { name: input.name })
    emit(ctx, { action: 'security.organisation_created', object: { type: 'org', id: row.id, name: row.name }, detail: { ...input } })
    return presentOrg(row)
  })
