import type { EntryContent, Revision } from '#contract/catalog.ts'
import { revisionStates } from '#contract/catalog.ts'
import { conflict } from '../../kernel/errors.ts'
import { step } from '../../kernel/step.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { stepperOf } from '../access.ts'
import { toProjection, updateEntry } from '../entry/entry-store.ts'
import { refuseTakenName } from '../refuse-taken-name.ts'
import { presentRevision } from './present-revision.ts'
import { refuseUnknownReferences } from '../content/refuse-unknown-references.ts'
import { type RevisionRow, updateRevisionRow } from './revision-store.ts'
import { getRevisionRow, withContributor } from './step-revision.ts'

/** Saves a draft, from the edit that the caller saw. @throws conflict `value.stale`, `state.refused`, `catalog.name_taken` */
export async function updateRevision(
  ctx: Ctx,
  { revisionId, content, edit }: { revisionId: string; content: EntryContent; edit: number },
): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getRevisionRow(ctx, revisionId)
    await refuseUnknownReferences(ctx, before.provider_org_id, content)
    await saveDraft(ctx, { ...before, edit }, content)
    emit(ctx, {
      action: 'catalog.revision_saved',
      object: { type: 'revision', id: revisionId, name: content.name },
      detail: { entryId: before.entry_id, edit: edit + 1 },
    })
    return getRevisionRow(ctx, revisionId)
  })
  return presentRevision(ctx, row)
}

/** Without an event. An unpublished entry is listed as its draft reads. */
export async function saveDraft(ctx: TxCtx, row: RevisionRow, content: EntryContent): Promise<void> {
  // Whoever may submit a version may edit it: the same rights and states.
  step(revisionStates, row.state, 'submit', stepperOf(ctx.actor, row.provider_org_id))
  const change = {
    content: JSON.stringify(content),
    contributor_ids: withContributor(row, ctx.actor.id),
    updated_at: ctx.now(),
  }
  if (!(await updateRevisionRow(ctx.db, row, change))) throw conflict('value.stale')
  if (row.entry_state !== 'unpublished') return
  await refuseTakenName('catalog.name_taken', content.name, () =>
    updateEntry(ctx.db, row.entry_id, 'unpublished', { ...toProjection(content) }),
  )
}
