import type { Revision } from '#contract/catalog.ts'
import { conflict } from '../../kernel/errors.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { updateEntry } from '../entry/entry-store.ts'
import { presentRevision } from './present-revision.ts'
import { handedToBureau } from './revision-clocks.ts'
import { getRevisionRow, stepRevision } from './step-revision.ts'

/**
 * The head of the provider's sharing body passes a version on to the data authority (Order 809 art. 16), which has two
 * working days for a changed one (art. 17). @throws forbidden `catalog.self_review`
 */
export async function passDepartment(ctx: Ctx, { revisionId, opinion }: { revisionId: string; opinion: string }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRevisionRow(ctx, revisionId)
    const after = await stepRevision(ctx, before, {
      event: 'pass_department',
      action: 'catalog.department_passed',
      opinion,
      change: { department_reviewer_id: ctx.actor.id, reached_bureau: true },
    })
    if (!(await updateEntry(ctx.db, before.entry_id, before.entry_state, { reached_bureau: true }))) throw conflict('value.stale')
    await handedToBureau(ctx, after, after.content.name)
    return after
  })
  return presentRevision(ctx, row)
}
