import type { DestructionEvidence } from '#contract/ingestion/retention.ts'
import { replaceTable } from '../../catalog/index.ts'
import { conflict } from '../../kernel/errors.ts'
import { type Ctx, inTx, quoteIdentifier } from '../../store/index.ts'
import { dropTable } from '../load/lake-tables.ts'
import { countTable } from '../load/load-object.ts'
import { expiredSql, liveTable, tablesOfEntry } from './find-evidence.ts'
import { refuseBusy } from './refuse-busy.ts'
import { type DestructionRow, updateDestruction } from './retention-store.ts'

/** The same load's table without the rows that were destroyed: a name of its own, since copies and caches are kept by name. */
export const editionOf = (table: string) => table.replace(/_(\d+)$/, (_, attempt: string) => `_${Number(attempt) + 1000}`)

/**
 * Records past their retention: what is kept is written into a new table, the pointer moves, and every older table of the entry goes, as
 * each may hold them. DELETE would only hide them until a merge.
 */
export async function destroyRows(ctx: Ctx, row: DestructionRow, dateItem: string, evidence: DestructionEvidence): Promise<void> {
  const [expired] = evidence.tables
  if (!expired) return
  const next = editionOf(expired.name)
  if ((await liveTable(ctx, row.entry_id)) === expired.name)
    await writeKept(ctx, row, dateItem, { from: expired.name, to: next, expired: expired.rows })
  for (const name of await tablesOfEntry(ctx, row.entry_id)) if (name !== next && !name.startsWith('q_')) await dropTable(ctx.lake, name)
}

async function writeKept(
  ctx: Ctx,
  row: DestructionRow,
  dateItem: string,
  { from, to, expired }: { from: string; to: string; expired: number },
): Promise<void> {
  const q = quoteIdentifier
  const before = await countTable(ctx.lake, from)
  await dropTable(ctx.lake, to)
  await ctx.lake.define(`CREATE TABLE lake.${q(to)} AS lake.${q(from)}`)
  await ctx.lake.command(`INSERT INTO lake.${q(to)} SELECT * FROM lake.${q(from)} WHERE NOT ${expiredSql(dateItem)}`, {
    cutoff: row.cutoff!,
  })
  const rows = await countTable(ctx.lake, to)
  if (rows !== before - expired) {
    // Somebody changed the rule or the rows meanwhile: measured anew by the next try.
    await updateDestruction(ctx.db, row.id, ['approved'], { evidence: null })
    throw conflict('value.stale')
  }
  await inTx(ctx, async (ctx) => {
    await refuseBusy(ctx, row.entry_id)
    if (!(await replaceTable(ctx, row.entry_id, { from, to, rows }))) throw conflict('value.stale')
    await ctx.db.updateTable('ingestion.load').set({ lake_table: to }).where('lake_table', '=', from).execute()
  })
}
