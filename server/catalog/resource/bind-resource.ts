import type { Resource } from '#contract/catalog.ts'
import { notFound } from '../../kernel/errors.ts'
import type { TxCtx } from '../../store/index.ts'
import { lockEntry, updateFacts } from '../entry/entry-store.ts'
import { pastCycleOn } from './past-cycle-on.ts'
import { upsertResource } from './resource-store.ts'

export interface Binding {
  entryId: string
  kind: Resource['kind']
  /** Table of the lake that now holds the data. */
  table: string
  rows: number
  loadedAt: Date
}

/**
 * 挂接: a load that succeeded makes its table the entry's data, in the load's own transaction. The caller emits the event,
 * with `entryId` in its detail, and drops the previous table when nobody reads it any more.
 * @throws value.not_found
 */
export async function bindResource(ctx: TxCtx, binding: Binding): Promise<{ resourceId: string; previousTable: string | null }> {
  const { entryId, rows, loadedAt } = binding
  const entry = await lockEntry(ctx.db, entryId)
  if (!entry) throw notFound('value.not_found')
  const past_cycle_on = pastCycleOn(ctx.profile, entry.update_cycle as never, loadedAt)
  const bound = await upsertResource(ctx, { ...binding, name: entry.name, pastCycleOn: past_cycle_on })
  await updateFacts(ctx.db, entryId, { rows, loaded_at: loadedAt, past_cycle_on })
  return bound
}
