import type { Revision } from '#contract/catalog.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { findContentProblems } from '../content/find-content-problems.ts'
import { presentRevision } from './present-revision.ts'
import { getRevisionRow, stepRevision, withContributor } from './step-revision.ts'

/** Hands a complete draft to the department's reviewer. @throws invalid `catalog.incomplete` with every problem at once */
export async function submitRevision(ctx: Ctx, { revisionId }: { revisionId: string }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRevisionRow(ctx, revisionId)
    const after = await stepRevision(ctx, before, {
      event: 'submit',
      action: 'catalog.revision_submitted',
      change: { contributor_ids: withContributor(before, ctx.actor.id), department_reviewer_id: null },
    })
    const problems = await findContentProblems(ctx, before)
    if (problems.length > 0) throw new AppError('invalid', 'catalog.incomplete', { params: { count: problems.length }, problems })
    return after
  })
  return presentRevision(ctx, row)
}
