import { conflict } from '../../kernel/errors.ts'
import { lakeTypeOf, renderSql } from '../../kernel/lake-types.ts'
import { type Ctx, type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { type Access, type LoadWork, loadFull } from '../load/load-full.ts'
import { LoadFailure } from '../load/load-failure.ts'
import type { Outcome } from '../load/load-object.ts'
import { findBase } from '../version/find-base.ts'
import { mappedItems, settleKeyed, stagedTables } from './load-keyed.ts'

const q = quoteIdentifier

/**
 * 增量: reads the rows whose watermark is not older than the newest one that was loaded, less a window for those that arrive late,
 * and those that have none. Ties are read again: by their key they replace themselves. The first load reads everything.
 * Rows that are deleted at the source stay: `sourceRows` shows how many.
 * @throws LoadFailure `ingestion.source_behind`
 */
export async function loadIncremental(ctx: Ctx, access: Access, work: LoadWork): Promise<Outcome> {
  const { plan, tables } = work
  if (plan.mode.kind !== 'incremental') throw conflict('ingestion.plan_changed')
  const { column, windowSeconds } = plan.mode
  const line = plan.mapping.find((each) => each.column === column)
  const item = mappedItems(work).find(({ code }) => code === line?.item)
  if (!item) throw conflict('ingestion.watermark_unmapped', { column })
  const base = await findBase(ctx.lake, work)
  const watermark = base?.column === column ? (base.watermark ?? null) : null
  const type = lakeTypeOf(item)
  let sourceRows: number | null = null
  const read = await loadFull(ctx, access, {
    ...work,
    tables: stagedTables(tables),
    isKeyed: true,
    ...(watermark !== null && { since: { column, from: await earlier(ctx.lake, type, watermark, windowSeconds) } }),
    onRead: async (reading) => {
      if (watermark === null) return
      const whole = await reading.compareWhole!(watermark)
      // A replica that lags, or a backup that was put back (reliability F20): rows that were loaded are not there.
      if (whole.isOlder) throw new LoadFailure('ingestion.source_behind', { newest: whole.newest ?? '–', watermark }, {})
      sourceRows = whole.rows
    },
  })
  const newest = await newestOf(ctx.lake, tables.staged, `${renderSql(type, `max(${q(item.code)})`)}`)
  const outcome = await settleKeyed(ctx, work, read, watermark === null ? null : base!.table, 'own')
  return {
    ...outcome,
    watermark: { column, value: newest ?? watermark },
    sourceRows: sourceRows ?? outcome.read,
  }
}

/** The watermark less the window, in the lake's own arithmetic. */
async function earlier(lake: LakeEngine, type: ReturnType<typeof lakeTypeOf>, watermark: string, seconds: number): Promise<string> {
  if (seconds === 0 || (type.kind !== 'time' && type.kind !== 'date')) return watermark
  const less =
    type.kind === 'date' ? `subtractDays({at:${type.value}}, {days:UInt32})` : `subtractSeconds({at:${type.value}}, {seconds:UInt32})`
  const [found] = await lake.measure<{ at: string }>(`SELECT ${renderSql(type, less)} AS at`, {
    at: watermark,
    ...(type.kind === 'date' ? { days: Math.ceil(seconds / 86_400) } : { seconds }),
  })
  return found!.at
}

async function newestOf(lake: LakeEngine, table: string, sql: string): Promise<string | null> {
  const [found] = await lake.measure<{ newest: string | null }>(`SELECT ${sql} AS newest FROM lake.${q(table)}`, {}, { priority: 'bulk' })
  return found!.newest
}
