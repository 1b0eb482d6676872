import type { Item } from '#contract/catalog.ts'
import type { LoadMode } from '#contract/ingestion.ts'
import type { Ctx } from '../../store/index.ts'
import { selectHistory } from '../history/history-store.ts'
import { type KeptHistory, keepHistory } from '../history/keep-history.ts'
import { keysOf, type LoadTables } from '../load/lake-tables.ts'
import type { LoadWork } from '../load/load-full.ts'
import type { Outcome } from '../load/load-object.ts'
import { quarantineLimitOf, refuseMuch } from '../quarantine/limit-quarantine.ts'
import { carryQuarantine, findOpenBefore } from '../version/carry-quarantine.ts'
import { lastRow } from '../version/find-base.ts'
import { makeVersion, type Scope } from '../version/make-version.ts'
import { quarantineDuplicates } from '../version/quarantine-duplicates.ts'

/** A load reads into these first; what comes of it are the others. */
export const stagedTables = (tables: LoadTables): LoadTables => ({ ...tables, target: tables.staged, quarantine: tables.stagedQuarantine })

export const isKeyedMode = ({ kind }: LoadMode): boolean => kind === 'incremental' || kind === 'compare'

/** Items that the mapping fills. */
export const mappedItems = ({ plan, entry }: Pick<LoadWork, 'plan' | 'entry'>): Item[] =>
  entry.content.items.filter(({ code }) => plan.mapping.some(({ item }) => item === code))

/**
 * From staged rows to the next version of the table, its quarantine and, where the plan keeps one, its history.
 */
export async function settleKeyed(ctx: Ctx, work: LoadWork, read: Outcome, live: string | null, scope: Scope): Promise<Outcome> {
  const { lake } = ctx
  const { plan, tables, signal } = work
  const items = mappedItems(work)
  const keys = keysOf(items)
  const outcome = await refuseDuplicates(ctx, work, read, items)
  const openBefore = scope !== 'own' || live === null ? null : await findOpenBefore(ctx, plan)
  const rowsBefore = await lastRow(lake, [...(live ? [live] : []), ...(openBefore ? [openBefore.table] : [])])
  const version = await makeVersion({ lake, tables, live, keys, scope, deletionLimit: plan.deletion_limit, rowsBefore, outcome, signal })
  const quarantine = await carryQuarantine(lake, tables, { before: openBefore, rowsBefore: openBefore ? rowsBefore : 0, isReread: true })
  return { ...outcome, next: { base: live, version, quarantine, history: await historyOf(ctx, work, outcome) } }
}

/** The entry's history with the version that has just been made; null where the plan keeps none. */
export async function historyOf(ctx: Ctx, { plan, entry, tables, signal }: LoadWork, outcome: Outcome): Promise<KeptHistory | null> {
  if (plan.mode.kind !== 'compare' || !plan.mode.keepHistory) return null
  const before = (await selectHistory(ctx.db, entry.id))?.lake_table ?? null
  const keys = keysOf(mappedItems({ plan, entry }))
  return keepHistory({ lake: ctx.lake, tables, before, keys, now: ctx.now(), outcome, signal })
}

export async function refuseDuplicates(
  { lake }: Ctx,
  { plan, tables, signal }: LoadWork,
  read: Outcome,
  items: readonly Item[],
): Promise<Outcome> {
  const count = await quarantineDuplicates(lake, tables, items, signal)
  if (count === 0) return read
  const outcome = {
    ...read,
    written: read.written - count,
    quarantined: read.quarantined + count,
    reasons: [...read.reasons, { column: keysOf(items)[0]!, reason: 'ingestion.key_twice', count }],
  }
  refuseMuch(quarantineLimitOf(plan), outcome, tables.stagedQuarantine)
  return outcome
}
