import type { Item } from '#contract/catalog.ts'
import { newId } from '../../kernel/ids.ts'
import type { TxCtx } from '../../store/index.ts'
import { selectEntry, updateEntry } from '../entry/entry-store.ts'
import { changeStarted } from './revision-clocks.ts'
import { insertRevisions, selectRevisionsOf } from './revision-store.ts'

/**
 * A draft of the next version with further items, proposed by the program where a source has grown: a person submits it or not.
 * Without an event; the caller says what happened. @returns null where somebody is at work on the entry already
 */
export async function proposeItems(
  ctx: TxCtx,
  { entryId, items, changeReason }: { entryId: string; items: readonly Item[]; changeReason: string },
): Promise<string | null> {
  const entry = await selectEntry(ctx.db, 'everything', entryId)
  if (entry?.state !== 'published' || entry.open_revision_id) return null
  const earlier = await selectRevisionsOf(ctx.db, 'everything', entryId)
  const base = earlier.find(({ id }) => id === entry.published_revision_id)
  if (!base) return null
  const taken = new Set(base.content.items.map(({ code }) => code))
  const added = items.filter(({ code }) => !taken.has(code))
  if (added.length === 0) return null
  const id = newId(ctx.now().getTime())
  if (!(await updateEntry(ctx.db, entryId, entry.state, { open_revision_id: id, reached_bureau: false }))) return null
  const content = { ...base.content, items: [...base.content.items, ...added] }
  await insertRevisions(ctx, [{ id, entryId, number: earlier[0]!.number + 1, content, changeReason }])
  await changeStarted(ctx, { id, name: entry.name }, { id: entry.provider_org_id, kind: entry.provider_kind })
  return id
}
