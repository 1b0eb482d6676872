import type { Ctx } from '../../store/index.ts'
import type { EntrySearch } from './open-entry-search.ts'

/** How many entries the index of this process missed, held too much or held in an older version; they are mended at once. */
export async function getSearchHealth(ctx: Ctx, search: EntrySearch) {
  const { stored, indexed, drift } = await search.reconcile(ctx.db)
  return { stored, indexed, drift, checkedAt: ctx.now().toISOString() }
}
