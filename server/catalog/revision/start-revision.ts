import { type EntryState, entryStates, type Revision } from '#contract/catalog.ts'
import { sides } from '#contract/states.ts'
import { conflict, forbidden, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { type EntryRow, selectEntry, updateEntry } from '../entry/entry-store.ts'
import { canStartRevision } from '../entry/present-entry.ts'
import { presentRevision } from './present-revision.ts'
import { changeStarted } from './revision-clocks.ts'
import { insertRevisions, type RevisionRow, selectRevisionsOf } from './revision-store.ts'
import { getRevisionRow } from './step-revision.ts'

/**
 * Starts a change of an entry: a new draft with the content of the last version. From here the provider's clock runs
 * (Order 809 art. 17: 10 working days, local rules 7 or 20).
 * @throws conflict `catalog.revision_open`, `state.refused` while a withdrawal is announced
 */
export async function startRevision(ctx: Ctx, { entryId, changeReason }: { entryId: string; changeReason: string }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) => {
    const entry = await selectEntry(ctx.db, visibleTo(ctx.actor), entryId)
    if (!entry) throw notFound('value.not_found')
    const id = await insertNextDraft(ctx, entry, changeReason)
    emit(ctx, {
      action: 'catalog.revision_started',
      object: { type: 'revision', id, name: entry.name },
      detail: { entryId, changeReason },
    })
    return getRevisionRow(ctx, id)
  })
  return presentRevision(ctx, row)
}

/** Without an event. @returns the id of the draft */
export async function insertNextDraft(
  ctx: TxCtx,
  entry: EntryRow,
  changeReason: string,
  content?: RevisionRow['content'],
): Promise<string> {
  if (ctx.actor.org?.id !== entry.provider_org_id) throw forbidden('state.wrong_side', { side: sides.provider.zh })
  const earlier = await selectRevisionsOf(ctx.db, 'everything', entry.id)
  const open = earlier.find((revision) => revision.id === entry.open_revision_id)
  if (open) throw conflict('catalog.revision_open', { number: open.number })
  if (!canStartRevision(ctx.actor, entry)) throw conflict('state.refused', { state: entryStates.states[entry.state as EntryState].zh })
  const base = earlier.find((revision) => revision.id === entry.published_revision_id) ?? earlier[0]!
  const id = newId(ctx.now().getTime())
  const isFree = await updateEntry(ctx.db, entry.id, entry.state, { open_revision_id: id, reached_bureau: false })
  if (!isFree) throw conflict('value.stale')
  await insertRevisions(ctx, [{ id, entryId: entry.id, number: earlier[0]!.number + 1, content: content ?? base.content, changeReason }])
  const owner = { id: entry.provider_org_id, kind: entry.provider_kind }
  if (entry.version > 0) await changeStarted(ctx, { id, name: entry.name }, owner)
  return id
}
