import type { Revision } from '#contract/catalog.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { presentRevision } from './present-revision.ts'
import { getRevisionRow, stepRevision } from './step-revision.ts'

/** The department sends a version back to its steward, with the reason. @throws forbidden `catalog.self_review` */
export async function returnDepartment(ctx: Ctx, { revisionId, opinion }: { revisionId: string; opinion: string }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) =>
    stepRevision(ctx, await getRevisionRow(ctx, revisionId), {
      event: 'return_department',
      action: 'catalog.department_returned',
      opinion,
    }),
  )
  return presentRevision(ctx, row)
}
