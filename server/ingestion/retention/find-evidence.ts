import type { DestructionEvidence } from '#contract/ingestion/retention.ts'
import { type Ctx, quoteIdentifier } from '../../store/index.ts'
import { selectHistory } from '../history/history-store.ts'
import { loadOfTable } from '../load/lake-tables.ts'
import type { DestructionRow } from './retention-store.ts'

/** Every table of the lake that holds rows of an entry: live, superseded, slices, quarantine, and what a broken load left. */
export async function tablesOfEntry(ctx: Ctx, entryId: string): Promise<string[]> {
  const { db, lake } = ctx
  const loads = await db.selectFrom('ingestion.load').select('id').where('entry_id', '=', entryId).execute()
  const ids = new Set(loads.map(({ id }) => id))
  const live = await liveTable(ctx, entryId)
  const names = (await lake.tables()).map(({ name }) => name)
  return names.filter((name) => name === live || ids.has(loadOfTable(name) ?? '')).sort(viewsFirst)
}

const viewsFirst = (one: string, other: string) => Number(/^[vws]_/.test(other)) - Number(/^[vws]_/.test(one)) || one.localeCompare(other)

export async function liveTable({ db }: Pick<Ctx, 'db'>, entryId: string): Promise<string | null> {
  const row = await db.selectFrom('catalog.resource').select('lake_table').where('entry_id', '=', entryId).executeTakeFirst()
  return row?.lake_table ?? null
}

/** Uploads that only this entry's plans read. */
export const uploadsOfEntry = ({ db }: Pick<Ctx, 'db'>, entryId: string) =>
  db
    .selectFrom('ingestion.upload as u')
    .select(['u.id', 'u.object', 'u.size_bytes', 'u.sha256'])
    .where((eb) => eb.exists(plansOf(eb).where('p.entry_id', '=', entryId)))
    .where((eb) => eb.not(eb.exists(plansOf(eb).where('p.entry_id', '<>', entryId))))
    .execute()

// biome-ignore lint/suspicious/noExplicitAny: the builder of either `where`.
const plansOf = (eb: any) =>
  eb.selectFrom('ingestion.plan as p').select('p.id').whereRef('p.source_id', '=', 'u.source_id').whereRef('p.object', '=', 'u.object')

/** Records dated before the cutoff; one without a date has no age and stays. */
export const expiredSql = (dateItem: string) => `ifNull(toDate32(${quoteIdentifier(dateItem)}) < toDate32({cutoff:String}), false)`

/** Of past records only the live table and the history, in this order, are written anew: the others go as a whole. */
async function namesToDestroy(ctx: Ctx, { kind, entry_id }: DestructionRow): Promise<string[]> {
  const names = await tablesOfEntry(ctx, entry_id)
  if (kind === 'entry') return names
  if (kind === 'quarantine') return names.filter((name) => name.startsWith('q_'))
  const history = await selectHistory(ctx.db, entry_id)
  return [await liveTable(ctx, entry_id), history?.lake_table].filter((name) => name != null)
}

/** What is to be destroyed, counted and digested: an order-independent sum of row hashes, as anybody can compute it again from a backup. */
export async function findEvidence(ctx: Ctx, row: DestructionRow, dateItem: string | null): Promise<DestructionEvidence> {
  const names = await namesToDestroy(ctx, row)
  const sizes = new Map((await ctx.lake.tables(names)).map((table) => [table.name, table]))
  const tables: DestructionEvidence['tables'] = []
  for (const name of names) {
    const { rows, bytes } = sizes.get(name)!
    // Null tables and views keep nothing.
    if (rows === 0 && bytes === 0) continue
    const where = dateItem ? expiredSql(dateItem) : 'true'
    const [fact] = await ctx.lake.measure<{ n: string; digest: string }>(
      `SELECT count() AS n, toString(sum(cityHash64(tuple(*)))) AS digest FROM lake.${quoteIdentifier(name)} WHERE ${where}`,
      dateItem ? { cutoff: row.cutoff! } : {},
      { priority: 'bulk' },
    )
    tables.push({ name, rows: Number(fact!.n), bytes: dateItem ? null : bytes, digest: fact!.digest })
  }
  const uploads = row.kind === 'entry' ? await uploadsOfEntry(ctx, row.entry_id) : []
  const files = uploads.map(({ object, size_bytes, sha256 }) => ({ name: object, bytes: Number(size_bytes), sha256 }))
  return { measuredAt: ctx.now().toISOString(), tables, files }
}
