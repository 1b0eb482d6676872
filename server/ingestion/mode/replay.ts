import { conflict } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { dropTable, keysOf } from '../load/lake-tables.ts'
import type { Access, LoadWork } from '../load/load-full.ts'
import { LoadFailure } from '../load/load-failure.ts'
import { countTable, type Outcome } from '../load/load-object.ts'
import { fillCorrected, findRefused, loadReplay, replayedOf } from '../load/load-replay.ts'
import type { Replayed } from '../quarantine/settle-quarantine.ts'
import { lastRow } from '../version/find-base.ts'
import { makeVersion } from '../version/make-version.ts'
import { quarantineDuplicates } from '../version/quarantine-duplicates.ts'
import { historyOf, isKeyedMode, mappedItems, stagedTables } from './load-keyed.ts'

/** Corrected rows take the place of those with their key, where the plan finds rows by key; else they are added. */
export const replay = (ctx: Ctx, access: Access, work: LoadWork): Promise<Outcome & { replayed: Replayed }> =>
  isKeyedMode(work.plan.mode) ? replayKeyed(ctx, work) : loadReplay(ctx, access, work)

async function replayKeyed(ctx: Ctx, work: LoadWork): Promise<Outcome & { replayed: Replayed }> {
  const { lake } = ctx
  const { entry, tables, plan, signal } = work
  if (!entry.table) throw conflict('ingestion.nothing_corrected')
  const { acts, loadId } = await fillCorrected(ctx, { ...work, tables: stagedTables(tables) }, true)
  work.onCounted(acts.length)
  await work.onReconcile()
  const items = mappedItems(work)
  await quarantineDuplicates(lake, tables, items, signal)
  const { refused, reasons } = await findRefused(lake, tables.stagedQuarantine)
  await dropTable(lake, tables.stagedQuarantine)
  const written = await countTable(lake, tables.staged)
  const read = acts.length
  const outcome = { read, sent: read, written, quarantined: refused.length, agrees: null, reasons }
  if (written + refused.length !== read)
    throw new LoadFailure('ingestion.counts_differ', { read, sent: read, written, quarantined: refused.length }, outcome)
  const live = entry.table
  const rowsBefore = await lastRow(lake, [live])
  const version = await makeVersion({
    lake,
    tables,
    live,
    keys: keysOf(items),
    scope: 'own',
    deletionLimit: plan.deletion_limit,
    rowsBefore,
    outcome,
    signal,
  })
  const next = { base: live, version, quarantine: { rows: 0, from: null }, history: await historyOf(ctx, work, outcome) }
  return { ...outcome, next, replayed: replayedOf(loadId, acts, refused) }
}
