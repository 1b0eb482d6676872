import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamState } from '#contract/stream/stream.ts'
import { conflict } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { keepError, noError } from '../kept-error.ts'
import type { Access } from '../load/load-full.ts'
import { countReasons } from '../load/load-object.ts'
import { type Applier, openApplier } from './apply-batch.ts'
import { readAgain } from './arrivals/read-again.ts'
import { type Arrive, writeTexts } from './arrivals/write-texts.ts'
import type { Following, LogHealth } from './change-log.ts'
import { type Batch, type Collector, collectChanges } from './collect-changes.ts'
import { openWithKeys } from './copy-object.ts'
import { watchLag } from './measure-lag.ts'
import { refuseClosed } from './open-log.ts'
import { checkStructure } from './proof/check-structure.ts'
import { proveContents } from './proof/prove-contents.ts'
import { watchProofs } from './proof/watch-proofs.ts'
import { type PreparedStream, touchOrLeave } from './prepare-stream.ts'
import { goLive, showFacts } from './publish-facts.ts'
import { stepStream } from './stream-store.ts'
import { countLast, createArrivals, dropArrivals, findPlace } from './stream-tables.ts'

/** Changes wait so long for others that are applied with them. */
const gatherMs = 500
const lookMs = 1000
/** More is not the pause between two looks any more. */
const lag = { warnSeconds: 60, calmSeconds: 10 }
const factsMs = 10_000
const structureMs = 60_000

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
  /** The count was made while nothing was on its way: from then on the changes of the log keep it. */
  isExact: boolean
  /** How often the source has emptied its table. */
  emptied: number
  proofs: ReturnType<typeof watchProofs>
  changes: number
  applied: number
}

/** Follows the source's log until the signal aborts; everything else that ends it is an error. */
export async function followLog(ctx: Ctx, access: Access, stream: PreparedStream, signal: AbortSignal): Promise<void> {
  const { lake } = ctx
  const { row, log, object, columns, tables, hold, origin } = stream
  const place = await findPlace(lake, tables.target)
  if (place.position < row.applied) throw conflict('ingestion.stream_lake_behind')
  const from = Math.max(place.position, row.position)
  await createArrivals(lake, tables, columns, object.keys.length)
  const arriving = await openArrival(ctx, access, stream, place.row, signal)
  const applier = await openApplier({ lake, tables, columns, keys: object.keys.length, arrive: arriving.arrive })
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {})
  const work = {
    ctx,
    stream,
    applier,
    goal: null,
    rows: null,
    isExact: false,
    emptied: 0,
    changes: row.changes,
    applied: place.position,
  } as unknown as Work
  work.collector = collectChanges(from, (batch) => applyBatch(work, batch), fail)
  const ending = new AbortController()
  const proving = AbortSignal.any([signal, ending.signal])
  work.proofs = watchProofs(ctx, stream, proving, () => prove(work, access, proving))
  const timer = setInterval(() => void work.collector.flush().catch(fail), gatherMs)
  try {
    work.following = await log.follow(hold, origin.log, { position: from, told: row.position }, object, work.collector)
    work.goal = (await log.measure(hold, from)).position
    await Promise.race([look(work, access, signal), failed, work.following.done])
  } finally {
    clearInterval(timer)
    ending.abort()
    await work.following?.stop()
    await work.proofs.end()
    await work.collector.whileStill(async () => {})
    await log.close()
    await arriving.close()
    await dropArrivals(lake, tables).catch(() => {})
  }
}

/** How changes get their values: from the log, or, where it names the rows only, from the source's table as it is now. */
async function openArrival(
  ctx: Ctx,
  access: Access,
  { log, plan, asked, object, columns, tables }: PreparedStream,
  row: number,
  signal: AbortSignal,
): Promise<{ arrive: Arrive; close: () => Promise<void> }> {
  const { lake } = ctx
  const { visible } = log
  if (!visible) return { arrive: writeTexts(lake, tables.arrivals, row, columns.length), close: async () => {} }
  const { reading, keyPlans } = await openWithKeys(ctx, access, { plan, asked, keys: object.keys, signal })
  return { arrive: readAgain({ lake, tables, reading, columns, keys: keyPlans, row, visible, signal }), close: reading.close }
}

/** The claim is checked before each batch. A worker that lost it meanwhile writes the same versions as the new one. */
async function applyBatch(work: Work, batch: Batch): Promise<void> {
  await touchOrLeave(work.ctx, work.stream.claim)
  if (batch.emptiedAt !== null) work.emptied++
  await work.applier.apply(batch)
  work.changes += batch.count
  if (batch.changes.size > 0) work.applied = batch.position
  if (work.rows !== null) work.rows = (batch.emptiedAt === null ? work.rows : 0) + batch.growth
}

async function look(work: Work, access: Access, signal: AbortSignal): Promise<void> {
  const { ctx, stream, collector, following } = work
  const lagOf = watchLag()
  let state = stream.row.state
  let before = { changes: work.changes, at: performance.now(), factsAt: 0 }
  let structureAt = performance.now()
  while (!signal.aborted) {
    if (stream.log.visible) await refuseClosed(ctx, stream.plan)
    if (performance.now() - structureAt > structureMs) {
      structureAt = performance.now()
      await checkStructure(ctx, access, stream.plan.id, stream.entry)
    }
    const health = await stream.log.measure(stream.hold, collector.reached())
    refuseDanger(health, access.streamLimitBytes)
    const reached = collector.reached()
    const lagSeconds = lagOf(health.position, reached)
    const now = performance.now()
    const rate = ((work.changes - before.changes) * 1000) / Math.max(1, now - before.at)
    before = { ...before, changes: work.changes, at: now }
    // Written down before the source is told: it never knows of more than what stands here.
    const proof = work.goal === null ? await work.proofs.look() : null
    const warning = health.isEnding && lagSeconds > lag.warnSeconds ? logEnding : proof?.agrees === false ? differs : null
    await touchOrLeave(ctx, stream.claim, {
      ...factsOf(work, health, reached),
      lag_seconds: lagSeconds,
      rate: Math.round(rate * 10) / 10,
      ...(warning ?? noError),
    })
    await following.confirm(reached)
    if (work.goal !== null && reached >= work.goal) {
      if (work.rows === null) await collector.whileStill(() => recount(work))
      await goLive(ctx, stream, goodRows(work)!, work.applier.quarantined())
      work.goal = null
      state = 'streaming'
    }
    if (work.goal === null) state = await judge(work, state, lagSeconds)
    if (work.rows !== null && !work.isExact && reached === health.position && collector.waiting() === 0)
      await collector.whileStill(() => recount(work))
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
})

/** What has come by now has lower row numbers than whatever comes while the proof is made. */
async function prove(work: Work, access: Access, signal: AbortSignal) {
  const { ctx, stream, collector } = work
  await refuseClosed(ctx, stream.plan)
  const before = work.emptied
  const { row } = await collector.whileStill(() => findPlace(ctx.lake, stream.tables.target))
  return proveContents(ctx, access, { stream, row, reached: collector.reached, hasEmptied: () => work.emptied !== before, signal })
}

const goodRows = ({ rows, applier }: Work) => (rows === null ? null : rows - applier.quarantined())

const differs = keepError('ingestion.stream_differs')

/** Said while the stream goes on, or is paused: there is still time. */
export const logEnding = keepError('ingestion.stream_log_ending')

/** @throws conflict `ingestion.stream_released` before the log that is kept for us fills the source's disk; `ingestion.stream_slot_lost` */
export function refuseDanger({ retainedBytes, isLost }: LogHealth, limitBytes: number): void {
  if (isLost) throw conflict('ingestion.stream_slot_lost')
  if (retainedBytes !== null && retainedBytes > limitBytes)
    throw conflict('ingestion.stream_released', { mebibytes: Math.round(retainedBytes / 2 ** 20) })
}

/**
 * Rows that are read again may be newer than the place that has been reached: then the count is near, and is made once more when the
 * source is quiet.
 */
async function recount(work: Work): Promise<void> {
  const { ctx, stream, applier, collector } = work
  work.rows = (await countLast(ctx.lake, stream.tables.target)) + applier.quarantined()
  work.isExact = !stream.log.visible || (await stream.log.measure(stream.hold, collector.reached())).position === collector.reached()
}

async function reasonsOf({ ctx, stream, applier }: Work) {
  return applier.quarantined() > 0 ? countReasons(ctx.lake, stream.tables.quarantine) : []
}

/** Says it once when a stream falls behind, and once when it has caught up. */
async function judge({ ctx, stream }: Work, state: StreamState, lagSeconds: number): Promise<StreamState> {
  const event =
    state !== 'lagging' && lagSeconds > lag.warnSeconds
      ? 'fall_behind'
      : state !== 'streaming' && lagSeconds < lag.calmSeconds
        ? 'catch_up'
        : null
  if (!event) return state
  return inTx(ctx, async (ctx) => {
    if (!(await stepStream(ctx.db, stream.claim, event, { changed_at: ctx.now() }))) return state
    const { id, entry_id: entryId, plan_id: planId, entry_name: name } = stream.row
    const [action, next] =
      event === 'catch_up' ? (['ingestion.stream_caught_up', 'streaming'] as const) : (['ingestion.stream_lagging', 'lagging'] as const)
    emit(ctx, { action, object: { type: 'stream', id, name }, detail: { entryId, planId, lagSeconds: Math.round(lagSeconds) } })
    return next
  })
}
