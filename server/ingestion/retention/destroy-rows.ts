import type { DestructionEvidence } from '#contract/ingestion/retention.ts'
import { replaceTable } from '../../catalog/index.ts'
import { conflict } from '../../kernel/errors.ts'
import { type Ctx, inTx, quoteIdentifier } from '../../store/index.ts'
import { dropTable } from '../load/lake-tables.ts'
import { countTable } from '../load/load-object.ts'
import { expiredSql, liveTable, tablesOfEntry } from './find-evidence.ts'
import { refuseBusy } from './refuse-busy.ts'
import { type DestructionRow, updateDestruction } from './retention-store.ts'

type Table = DestructionEvidence['tables'][number]

/** The same load's table without the rows that were destroyed: a name of its own, since copies and caches are kept by name. */
export const editionOf = (table: string) => table.replace(/_(\d+)$/, (_, attempt: string) => `_${Number(attempt) + 1000}`)

/**
 * Records past their retention, in the live table and in the history: what is kept is written into new tables, the pointers move, and every
 * older table of the entry goes, as each may hold them. DELETE would only hide them until a merge.
 */
export async function destroyRows(ctx: Ctx, row: DestructionRow, dateItem: string, { tables }: DestructionEvidence): Promise<void> {
  const [live] = tables
  if (!live) return
  if ((await liveTable(ctx, row.entry_id)) === live.name) {
    const rows: number[] = []
    for (const table of tables) rows.push(await writeKept(ctx, row, dateItem, table))
    await movePointers(ctx, row.entry_id, tables, rows[0]!)
  }
  const kept = new Set(tables.map(({ name }) => editionOf(name)))
  for (const name of await tablesOfEntry(ctx, row.entry_id)) if (!kept.has(name) && !name.startsWith('q_')) await dropTable(ctx.lake, name)
}

/** @returns rows that are kept */
async function writeKept(ctx: Ctx, row: DestructionRow, dateItem: string, { name, rows: expired }: Table): Promise<number> {
  const [from, to] = [name, editionOf(name)].map((table) => `lake.${quoteIdentifier(table)}`)
  const before = await countTable(ctx.lake, name)
  await dropTable(ctx.lake, editionOf(name))
  await ctx.lake.define(`CREATE TABLE ${to} AS ${from}`)
  await ctx.lake.command(`INSERT INTO ${to} SELECT * FROM ${from} WHERE NOT ${expiredSql(dateItem)}`, { cutoff: row.cutoff! })
  const rows = await countTable(ctx.lake, editionOf(name))
  if (rows === before - expired) return rows
  // Somebody changed the rule or the rows meanwhile: measured anew by the next try.
  await updateDestruction(ctx.db, row.id, ['approved'], { evidence: null })
  throw conflict('value.stale')
}

async function movePointers(ctx: Ctx, entryId: string, tables: readonly Table[], rows: number): Promise<void> {
  await inTx(ctx, async (ctx) => {
    await refuseBusy(ctx, entryId)
    for (const [i, { name: from }] of tables.entries()) {
      const to = editionOf(from)
      if (i === 0 && !(await replaceTable(ctx, entryId, { from, to, rows }))) throw conflict('value.stale')
      await ctx.db.updateTable('ingestion.load').set({ lake_table: to }).where('lake_table', '=', from).execute()
      await ctx.db
        .updateTable('ingestion.history')
        .set({ lake_table: to, previous_table: null })
        .where('entry_id', '=', entryId)
        .where('lake_table', '=', from)
        .execute()
    }
  })
}
