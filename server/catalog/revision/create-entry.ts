import type { EntryContent, Revision } from '#contract/catalog.ts'
import { orgOf } from '../../kernel/actor.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { insertEntries, toProjection } from '../entry/entry-store.ts'
import { refuseTakenName } from '../refuse-taken-name.ts'
import { presentRevision } from './present-revision.ts'
import { insertRevisions } from './revision-store.ts'
import { getRevisionRow } from './step-revision.ts'

/** Starts a new entry of the caller's organisation with its first draft. @throws conflict `catalog.name_taken` */
export async function createEntry(ctx: Ctx, { content }: { content: EntryContent }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) => {
    const { entryId, revisionId } = await insertDraft(ctx, orgOf(ctx.actor).id, content)
    emit(ctx, {
      action: 'catalog.entry_created',
      object: { type: 'entry', id: entryId, name: content.name },
      detail: { entryId, revisionId },
    })
    return getRevisionRow(ctx, revisionId)
  })
  return presentRevision(ctx, row)
}

/** Without an event: the caller says what happened, for one entry or for a whole import. */
export async function insertDraft(
  ctx: TxCtx,
  providerOrgId: string,
  content: EntryContent,
): Promise<{ entryId: string; revisionId: string }> {
  const now = ctx.now().getTime()
  const [entryId, revisionId] = [newId(now), newId(now)]
  await refuseTakenName('catalog.name_taken', content.name, () =>
    insertEntries(ctx.db, [{ ...toProjection(content), id: entryId, provider_org_id: providerOrgId, open_revision_id: revisionId }]),
  )
  await insertRevisions(ctx, [{ id: revisionId, entryId, number: 1, content, changeReason: '' }])
  return { entryId, revisionId }
}
