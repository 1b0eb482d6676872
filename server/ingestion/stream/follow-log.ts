import { setTimeout as sleep } from 'node:timers/promises'
import { conflict } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { countReasons } from '../load/load-object.ts'
import { type Applier, openApplier } from './apply-batch.ts'
import type { Following, LogHealth } from './change-log.ts'
import { type Batch, type Collector, collectChanges } from './collect-changes.ts'
import { watchLag } from './measure-lag.ts'
import { type PreparedStream, touchOrLeave } from './prepare-stream.ts'
import { goLive, showFacts } from './publish-facts.ts'
import { stepStream } from './stream-store.ts'
import { countLast, createArrivals, dropStreamTable, findPlace } from './stream-tables.ts'

/** Changes wait so long for others that are applied with them. */
const gatherMs = 500
const lookMs = 1000
/** More is not the pause between two looks any more. */
const lag = { warnSeconds: 60, calmSeconds: 10 }
const factsMs = 10_000

interface Work {
  ctx: Ctx
  stream: PreparedStream
  applier: Applier
  collector: Collector
  following: Following
  /** Position of the source that the table has to reach before it may be the entry's data; null once it is. */
  goal: number | null
  /** Rows of the source's table, good and quarantined, once they have been counted. */
  rows: number | null
  changes: number
  applied: number
}

/** Follows the source's log until the signal aborts; everything else that ends it is an error. */
export async function followLog(ctx: Ctx, stream: PreparedStream, limitBytes: number, signal: AbortSignal): Promise<void> {
  const { lake } = ctx
  const { row, log, object, columns, tables, hold, origin } = stream
  const place = await findPlace(lake, tables.target)
  if (place.position < row.applied) throw conflict('ingestion.stream_lake_behind')
  const from = Math.max(place.position, row.position)
  await createArrivals(lake, tables, columns, object.keys.length)
  const applier = await openApplier({ lake, tables, columns, keys: object.keys.length, row: place.row })
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {})
  const work = { ctx, stream, applier, goal: null, rows: null, changes: row.changes, applied: place.position } as unknown as Work
  work.collector = collectChanges(from, (batch) => applyBatch(work, batch), fail)
  const timer = setInterval(() => void work.collector.flush().catch(fail), gatherMs)
  try {
    work.following = await log.follow(hold, origin.log, { position: from, told: row.position }, object, work.collector)
    work.goal = (await log.measure(hold)).position
    await Promise.race([look(work, limitBytes, signal), failed, work.following.done])
  } finally {
    clearInterval(timer)
    await work.following?.stop()
    await work.collector.whileStill(async () => {})
    await log.close()
    await dropStreamTable(lake, tables.arrivals).catch(() => {})
  }
}

/** The claim is checked before each batch. A worker that lost it meanwhile writes the same versions as the new one. */
async function applyBatch(work: Work, batch: Batch): Promise<void> {
  await touchOrLeave(work.ctx, work.stream.claim)
  await work.applier.apply(batch)
  work.changes += batch.count
  if (batch.changes.size > 0) work.applied = batch.position
  if (work.rows !== null) work.rows = (batch.emptiedAt === null ? work.rows : 0) + batch.growth
}

async function look(work: Work, limitBytes: number, signal: AbortSignal): Promise<void> {
  const { ctx, stream, collector, following } = work
  const lagOf = watchLag()
  let state = stream.row.state
  let before = { changes: work.changes, at: performance.now(), factsAt: 0 }
  while (!signal.aborted) {
    const health = await stream.log.measure(stream.hold)
    refuseDanger(health, limitBytes)
    const reached = collector.reached()
    const lagSeconds = lagOf(health.position, reached)
    const now = performance.now()
    const rate = ((work.changes - before.changes) * 1000) / Math.max(1, now - before.at)
    before = { ...before, changes: work.changes, at: now }
    // Written down before the source is told: it never knows of more than what stands here.
    await touchOrLeave(ctx, stream.claim, { ...factsOf(work, health, reached), lag_seconds: lagSeconds, rate: Math.round(rate * 10) / 10 })
    await following.confirm(reached)
    if (work.goal !== null && reached >= work.goal) {
      if (work.rows === null) await collector.whileStill(() => recount(work))
      await goLive(ctx, stream, goodRows(work)!, work.applier.quarantined())
      work.goal = null
      state = 'streaming'
    }
    if (work.goal === null) state = await judge(work, state, lagSeconds)
    if (work.goal === null && now - before.factsAt > factsMs) {
      before.factsAt = now
      await showFacts(ctx, stream, goodRows(work)!, work.applier.quarantined(), await reasonsOf(work))
    }
    await sleep(lookMs, undefined, { signal }).catch(() => {})
  }
}

const factsOf = ({ stream, changes, applied, collector, applier, rows }: Work, health: LogHealth, reached: number) => ({
  position: reached,
  position_text: stream.log.describe(reached),
  applied,
  changes,
  lag_rows: collector.waiting(),
  retained_bytes: health.retainedBytes,
  source_limit: health.sourceLimit,
  quarantined: applier.quarantined(),
  ...(rows !== null && { rows: rows - applier.quarantined() }),
  error_code: null,
  error_detail: null,
})

const goodRows = ({ rows, applier }: Work) => (rows === null ? null : rows - applier.quarantined())

/** @throws conflict `ingestion.stream_released` before the log that is kept for us fills the source's disk; `ingestion.stream_slot_lost` */
export function refuseDanger({ retainedBytes, isLost }: LogHealth, limitBytes: number): void {
  if (isLost) throw conflict('ingestion.stream_slot_lost')
  if (retainedBytes > limitBytes) throw conflict('ingestion.stream_released', { mebibytes: Math.round(retainedBytes / 2 ** 20) })
}

async function recount(work: Work): Promise<void> {
  const { ctx, stream, applier } = work
  work.rows = (await countLast(ctx.lake, stream.tables.target)) + applier.quarantined()
}

async function reasonsOf({ ctx, stream, applier }: Work) {
  return applier.quarantined() > 0 ? countReasons(ctx.lake, stream.tables.quarantine) : []
}

async function judge({ ctx, stream }: Work, state: string, lagSeconds: number) {
  const event =
    state !== 'lagging' && lagSeconds > lag.warnSeconds
      ? 'fall_behind'
      : state !== 'streaming' && lagSeconds < lag.calmSeconds
        ? 'catch_up'
        : null
  if (!event || !(await stepStream(ctx.db, stream.claim, event, { changed_at: ctx.now() }))) return state as never
  return event === 'catch_up' ? 'streaming' : 'lagging'
}
