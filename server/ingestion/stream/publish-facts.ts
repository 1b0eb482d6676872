import { bindResource, findPublishedEntries } from '../../catalog/index.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { supersedeLoads } from '../load/load-store.ts'
import { updateQuarantine } from '../plan/plan-store.ts'
import { ClaimLost, type PreparedStream } from './prepare-stream.ts'
import { stepStream, touchStream } from './stream-store.ts'

/** The table is whole and where the source was when it had been copied: from now on it is the entry's data. */
export async function goLive(ctx: Ctx, { claim, row, tables }: PreparedStream, rows: number, quarantined: number): Promise<void> {
  await inTx(ctx, async (ctx) => {
    const now = ctx.now()
    const isFirst = row.live_at === null
    const isOurs = await touchStream(ctx.db, claim, { touched_at: now, rows, ...(isFirst && { live_at: now }) })
    if (!isOurs) throw new ClaimLost()
    await stepStream(ctx.db, claim, 'catch_up', { changed_at: now })
    // One that was taken up again is the entry's data already, unless a load has taken its place.
    if (!isFirst) return
    await bindResource(ctx, { entryId: row.entry_id, kind: 'table', table: tables.target, rows, loadedAt: now })
    await updateQuarantine(ctx.db, row.plan_id, { open_quarantine: quarantined, quarantine_load_id: row.id }, now)
    await supersedeLoads(ctx.db, row.entry_id, [row.id], now)
    emit(ctx, {
      action: 'ingestion.stream_live',
      object: { type: 'stream', id: row.id, name: row.entry_name },
      detail: { entryId: row.entry_id, planId: row.plan_id, copy: row.copy, rows },
    })
  })
}

/** Keeps the catalog's facts of the entry up to date while the pointer is still on our table. */
export async function showFacts(
  ctx: Ctx,
  { claim, row, tables }: PreparedStream,
  rows: number,
  quarantined: number,
  reasons: { column: string; reason: string; count: number }[],
): Promise<void> {
  const entry = (await findPublishedEntries(ctx.db, [row.entry_id])).get(row.entry_id)
  await inTx(ctx, async (ctx) => {
    if (!(await touchStream(ctx.db, claim, { reasons: JSON.stringify(reasons) }))) return
    await updateQuarantine(ctx.db, row.plan_id, { open_quarantine: quarantined }, ctx.now())
    if (entry?.table === tables.target)
      await bindResource(ctx, { entryId: row.entry_id, kind: 'table', table: tables.target, rows, loadedAt: ctx.now() })
  })
}
