import type { Revision } from '#contract/catalog.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import { updateEntry } from '../entry/entry-store.ts'
import { presentRevision } from './present-revision.ts'
import { changeDiscarded } from './revision-clocks.ts'
import { getRevisionRow, stepRevision } from './step-revision.ts'

/** Gives a draft up. It stays on record; an entry that was never published leaves the lists and frees its name. */
export async function discardRevision(ctx: Ctx, { revisionId }: { revisionId: string }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRevisionRow(ctx, revisionId)
    const after = await stepRevision(ctx, before, { event: 'discard', action: 'catalog.revision_discarded' })
    await updateEntry(ctx.db, before.entry_id, before.entry_state, { open_revision_id: null, reached_bureau: false })
    await changeDiscarded(ctx, after)
    return after
  })
  return presentRevision(ctx, row)
}
