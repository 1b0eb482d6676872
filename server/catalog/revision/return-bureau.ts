import type { Revision } from '#contract/catalog.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { presentRevision } from './present-revision.ts'
import { returnedByBureau } from './revision-clocks.ts'
import { getRevisionRow, stepRevision } from './step-revision.ts'

/** The data authority sends a version back to the provider, with the reason; the provider's own limit runs on. */
export async function returnBureau(ctx: Ctx, { revisionId, opinion }: { revisionId: string; opinion: string }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRevisionRow(ctx, revisionId)
    const after = await stepRevision(ctx, before, { event: 'return_bureau', action: 'catalog.bureau_returned', opinion })
    await returnedByBureau(ctx, after)
    return after
  })
  return presentRevision(ctx, row)
}
