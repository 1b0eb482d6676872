import type { EntryContent, Revision } from '#contract/catalog.ts'
import { orgOf } from '../../kernel/actor.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { insertEntries, toProjection } from '../entry/entry-store.ts'
import { refuseTakenName } from '../refuse-taken-name.ts'
import { presentRevision } from './present-revision.ts'
import { insertRevisions } from './revision-store.ts'
import { refuseUnknownReferences } from '../content/refuse-unknown-references.ts'
import { getRevisionRow } from './step-revision.ts'

/** Starts a new entry of the caller's organisation with its first draft. @throws conflict `catalog.name_taken` */
export async function createEntry(ctx: Ctx, { content }: { content: EntryContent }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) => {
    const orgId = orgOf(ctx.actor).id
    await refuseUnknownReferences(ctx, orgId, content)
    const [draft] = await refuseTakenName('catalog.name_taken', content.name, () => insertDrafts(ctx, orgId, [content]))
    const { entryId, revisionId } = draft!
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
export async function insertDrafts(
  ctx: TxCtx,
  providerOrgId: string,
  contents: readonly EntryContent[],
): Promise<{ entryId: string; revisionId: string }[]> {
  const now = ctx.now().getTime()
  const drafts = contents.map((content) => ({ entryId: newId(now), revisionId: newId(now), content }))
  await insertEntries(
    ctx.db,
    drafts.map(({ entryId, revisionId, content }) => ({
      ...toProjection(content),
      id: entryId,
      provider_org_id: providerOrgId,
      open_revision_id: revisionId,
    })),
  )
  await insertRevisions(
    ctx,
    drafts.map(({ entryId, revisionId, content }) => ({ id: revisionId, entryId, number: 1, content, changeReason: '' })),
  )
  return drafts
}
