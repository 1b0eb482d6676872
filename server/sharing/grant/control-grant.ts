import type { Grant } from '#contract/sharing.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { findTableItems, holdsAll } from './find-table-items.ts'
import { getGrantRow } from './list-grants.ts'
import { presentGrant } from './present-grant.ts'
import { type GrantEvent, stepGrant } from './step-grant.ts'

interface Control {
  grantId: string
  reason: string
}

/** Stops a grant until it is resumed: the next call under it is refused (Order 809 art. 27). By the provider or the authority. */
export const suspendGrant = (ctx: Ctx, input: Control): Promise<Grant> => control(ctx, input, 'suspend')

/** Ends a grant for good. By the provider or the authority. */
export const terminateGrant = (ctx: Ctx, input: Control): Promise<Grant> => control(ctx, input, 'terminate')

/** Puts a suspended grant back into effect; where its data are not there, it goes on waiting for them. */
export async function resumeGrant(ctx: Ctx, input: Control): Promise<Grant> {
  const row = await getGrantRow(ctx, input.grantId)
  const entry = (await findPublishedEntries(ctx.db, [row.entry_id])).get(row.entry_id)
  const held = entry ? await findTableItems(ctx, entry) : []
  const isSupplied = holdsAll(held, { shown: row.items.map(({ code }) => code), conditions: row.conditions })
  return control(ctx, input, isSupplied ? 'resume' : 'resume_waiting')
}

async function control(ctx: Ctx, { grantId, reason }: Control, event: GrantEvent): Promise<Grant> {
  const row = await inTx(ctx, async (ctx) => stepGrant(ctx, await getGrantRow(ctx, grantId), event, reason))
  return presentGrant(ctx, row)
}
