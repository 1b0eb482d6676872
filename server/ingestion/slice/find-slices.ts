import { createHash } from 'node:crypto'
import { type Ctx, inTx } from '../../store/index.ts'
import type { Reading } from '../connectors/connector.ts'
import { dropTable } from '../load/lake-tables.ts'
import type { LoadWork, WholeObject } from '../load/load-full.ts'
import { findLoadToTakeOver, releaseSlices, replaceSlices, type SliceRow, selectSlices } from './slice-store.ts'

/** A slice that was read longer ago is read again: no row of a load is older than this at its start. */
export const goodForMs = 6 * 3600_000

/**
 * The slices of a load, those that are done among them: its own, where it was interrupted; those of an earlier load of the plan that
 * was cancelled or lost its source, where nothing has changed since; else new ones. None where the object is better read in one go.
 */
export async function findSlices(
  ctx: Ctx,
  { load, plan, isKeyed }: LoadWork,
  { reading, columns, verify, rowHash }: WholeObject,
  // One that changed: columns may have swapped their names since a slice was read.
  stamp: string | null,
): Promise<SliceRow[]> {
  if (!reading.split) return []
  const { object, mapping } = plan
  const fingerprint = createHash('sha256')
    .update(
      JSON.stringify([
        plan.source_id,
        object,
        verify,
        mapping,
        isKeyed ?? false,
        rowHash,
        stamp,
        columns.map(({ type, arrival, item }) => [type.column, arrival, item.isRequired]),
      ]),
    )
    .digest('hex')
  const planned = await selectSlices(ctx.db, load.id)
  const own = await usable(ctx, planned, fingerprint)
  if (own.length > 0) return own
  // They were read another way, or too long ago; the new ones will have their names.
  for (const { lake_table, quarantine_table } of planned)
    for (const table of [lake_table, quarantine_table]) if (table) await dropTable(ctx.lake, table)
  const earlierId = await findLoadToTakeOver(ctx.db, plan.id, fingerprint)
  const earlier = earlierId ? await usable(ctx, await selectSlices(ctx.db, earlierId), fingerprint) : []
  const rows = earlier.length > 0 ? earlier.map((row) => takeOver(row, load.id)) : await planSlices(reading, load.id, fingerprint)
  if (rows.length === 0) return []
  await inTx(ctx, async (ctx) => {
    await replaceSlices(ctx.db, load.id, rows)
    if (earlier.length > 0) await releaseSlices(ctx.db, earlierId!)
  })
  return rows
}

const takeOver = (row: SliceRow, loadId: string): SliceRow => ({
  ...row,
  load_id: loadId,
  taken_from: row.state === 'done' ? (row.taken_from ?? row.load_id) : null,
})

const notRead = {
  state: 'planned',
  read_rows: null,
  written_rows: null,
  quarantined_rows: null,
  checksum: null,
  lake_table: null,
  quarantine_table: null,
  finished_at: null,
  taken_from: null,
} as const

/** Of slices of the same make: those that are too old or whose tables are gone are to be read again. None is done: better plan anew. */
async function usable({ lake, now }: Ctx, rows: SliceRow[], fingerprint: string): Promise<SliceRow[]> {
  const done = rows.filter(
    (row) => row.fingerprint === fingerprint && row.lake_table && now().getTime() - row.finished_at!.getTime() < goodForMs,
  )
  if (done.length === 0) return []
  const names = done.flatMap(({ lake_table, quarantine_table }) => [lake_table!, ...(quarantine_table ? [quarantine_table] : [])])
  const found = await lake.measure<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'lake' AND name IN {names:Array(String)}",
    { names },
  )
  const there = new Set(found.map(({ name }) => name))
  const isThere = (row: SliceRow) =>
    done.includes(row) && there.has(row.lake_table!) && (row.quarantine_table === null || there.has(row.quarantine_table))
  return rows.map((row) => (isThere(row) ? row : { ...row, ...notRead }))
}

async function planSlices(reading: Reading, loadId: string, fingerprint: string): Promise<SliceRow[]> {
  const { slices, estimatedRows } = await reading.split!()
  if (slices.length < 2) return []
  const expected = Math.round(estimatedRows / slices.length)
  return slices.map((bounds, i) => ({ ...notRead, load_id: loadId, number: i + 1, fingerprint, bounds, expected_rows: expected }))
}
