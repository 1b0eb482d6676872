import { type Ctx, inTx } from '../../store/index.ts'
import { dropOldStatements } from '../harm/statement-store.ts'
import { goodForMs } from '../slice/find-slices.ts'
import { selectSliceTables } from '../slice/slice-store.ts'
import { selectKeptHistories } from '../history/history-store.ts'
import { selectRunningStreams } from '../stream/stream-store.ts'
import { dropTable, loadOfTable, tablesOf } from './lake-tables.ts'
import { selectAbandoned, selectDueLoads, selectKept, supersedeFailedBefore, touchAbandoned } from './load-store.ts'
import { runLoadJob, silenceMs } from './run-load-job.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Reads that began before a switch finish on the old table. */
const graceMs = 60 * minuteMs

/** Every minute: loads whose worker vanished run again, and tables that nothing refers to any more are dropped. */
export async function sweepLoads(ctx: Ctx): Promise<void> {
  await resumeLoads(ctx)
  await beginDueLoads(ctx)
  await dropOldStatements(ctx.db, ctx.now())
  await giveUpRefused(ctx)
  await dropOrphans(ctx, new Date(ctx.now().getTime() - graceMs))
}

/** Loads that waited for the hours of their source. */
async function beginDueLoads(ctx: Ctx): Promise<void> {
  for (const { id } of await selectDueLoads(ctx.db, ctx.now())) await inTx(ctx, (ctx) => ctx.enqueue(ctx, runLoadJob, { loadId: id }))
}

/** Loads that nobody has given a sign of for so long that their worker must be gone. */
export async function resumeLoads(ctx: Ctx): Promise<void> {
  const now = ctx.now()
  for (const { id } of await selectAbandoned(ctx.db, new Date(now.getTime() - silenceMs)))
    await inTx(ctx, async (ctx) => {
      if (await touchAbandoned(ctx.db, id, now)) await ctx.enqueue(ctx, runLoadJob, { loadId: id })
    })
}

/** Wrong rows of a load that failed were never the city's data: they go by age alone. */
async function giveUpRefused({ db, profile, now }: Ctx): Promise<void> {
  const days = profile.storage.quarantineDays.value
  if (days !== null) await supersedeFailedBefore(db, new Date(now().getTime() - days * dayMs), now())
}

async function dropOrphans(ctx: Ctx, graceStart: Date): Promise<void> {
  const found = (await ctx.lake.tables()).filter(({ name }) => loadOfTable(name) !== null)
  const byLoad = Map.groupBy(found, ({ name }) => loadOfTable(name)!)
  const kept = await selectKept(ctx.db, [...byLoad.keys()], graceStart)
  const sliceTables = await selectSliceTables(ctx.db, new Date(ctx.now().getTime() - goodForMs))
  for (const { id, attempt } of await selectRunningStreams(ctx.db))
    for (const table of Object.values(tablesOf(id, attempt))) kept.tables.add(table)
  for (const table of [...sliceTables, ...(await selectKeptHistories(ctx.db, graceStart))]) kept.tables.add(table)
  for (const [load, tables] of byLoad) {
    // Views before the tables that they write to.
    const names = tables.map(({ name }) => name).sort((one, other) => Number(/^[vwy]_/.test(other)) - Number(/^[vwy]_/.test(one)))
    for (const name of names) if (!isKept(kept, load, name)) await dropTable(ctx.lake, name)
  }
}

const isKept = (kept: Awaited<ReturnType<typeof selectKept>>, load: string, name: string) =>
  kept.unfinished.has(load) || kept.tables.has(name)
