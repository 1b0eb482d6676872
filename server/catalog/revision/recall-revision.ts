import type { Revision } from '#contract/catalog.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { presentRevision } from './present-revision.ts'
import { getRevisionRow, stepRevision } from './step-revision.ts'

/** Takes a version back before the department has decided. */
export async function recallRevision(ctx: Ctx, { revisionId }: { revisionId: string }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) =>
    stepRevision(ctx, await getRevisionRow(ctx, revisionId), { event: 'recall', action: 'catalog.revision_recalled' }),
  )
  return presentRevision(ctx, row)
}
