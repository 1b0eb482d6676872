import type { Entry, EntryState, EntrySummary } from '#contract/catalog.ts'
import { notFound } from '../../kernel/errors.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { selectEntries, selectEntry } from './entry-store.ts'
import { presentEntry, presentSummary } from './present-entry.ts'

interface ListInput {
  orgId?: string | undefined
  systemId?: string | undefined
  state?: EntryState | undefined
  inCatalog?: boolean | undefined
  hasData?: boolean | undefined
  problem?: 'without_data' | 'past_cycle' | undefined
  cursor?: string | undefined
  limit: number
}

/** The entries that the caller may know of, newest first. */
export async function listEntries(ctx: Ctx, input: ListInput): Promise<{ items: EntrySummary[]; next: string | null }> {
  const { cursor, limit, problem: kind, ...filter } = input
  const today = toLocalDate(ctx.now())
  const problem = kind === 'past_cycle' ? { kind, today } : kind && { kind }
  const page = { cursor: idCursor(cursor), limit: limit + 1 }
  const rows = await selectEntries(ctx.db, visibleTo(ctx.actor), { ...filter, problem }, page)
  return cutPage(rows, limit, ({ id }) => id, presentSummary)
}

/** @throws value.not_found also for a draft that the caller may not know of */
export async function getEntry(ctx: Ctx, { entryId }: { entryId: string }): Promise<Entry> {
  const row = await selectEntry(ctx.db, visibleTo(ctx.actor), entryId)
  if (!row) throw notFound('value.not_found')
  return presentEntry(ctx, row)
}
