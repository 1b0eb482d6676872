import { AppError } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { keepError } from '../kept-error.ts'
import type { Access } from '../load/load-full.ts'
import { silenceMs } from '../load/run-load-job.ts'
import type { LogHealth } from './change-log.ts'
import { logEnding, refuseDanger } from './follow-log.ts'
import { openLogOfPlan } from './open-log.ts'
import { runStream } from './run-stream.ts'
import { claimStream, runningStates, type StreamRow, selectAllStreams, stepStream } from './stream-store.ts'
import { dropStreamTable, streamOfTable } from './stream-tables.ts'

const lookMs = 1000
const careMs = 10_000
/** Reads that began before a switch finish on the old table. */
const graceMs = 3600_000

export interface Supervisor {
  close(): Promise<void>
}

/** Takes up the streams that nobody has, and looks after what paused and ended ones leave at their sources and in the lake. */
export function superviseStreams(ctx: Ctx, access: Access): Supervisor {
  const running = new Map<string, Promise<void>>()
  let caredAt = -careMs
  let isClosed = false
  const look = async () => {
    const rows = await selectAllStreams(ctx.db)
    for (const row of rows) await takeUp(row)
    if (performance.now() - caredAt < careMs) return
    caredAt = performance.now()
    for (const row of rows) if (!running.has(row.id)) await careFor(ctx, access, row)
    await sweepTables(ctx, rows)
  }
  const takeUp = async (row: StreamRow) => {
    const isTaken = ctx.now().getTime() - row.touched_at.getTime() < silenceMs
    if (isClosed || isTaken || running.has(row.id) || !runningStates.includes(row.state)) return
    const claim = await claimStream(ctx.db, row, ctx.now())
    if (!claim) return
    const work = runStream(ctx, access, claim)
      .catch((error) => ctx.log.error({ err: error, stream: row.id }, 'a stream broke'))
      .finally(() => running.delete(row.id))
    running.set(row.id, work)
  }
  let looking: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout
  const next = () => {
    looking = look().catch((error) => ctx.log.error({ err: error }, 'streams could not be looked after'))
    void looking.then(() => {
      if (!isClosed) timer = setTimeout(next, lookMs)
    })
  }
  timer = setTimeout(next, lookMs)
  return {
    async close() {
      isClosed = true
      clearTimeout(timer)
      await looking
      await Promise.all(running.values())
    },
  }
}

/** A paused stream's source still keeps its log; that of an ended one is to forget it, as soon as it can be reached. */
async function careFor(ctx: Ctx, access: Access, row: StreamRow): Promise<void> {
  if (!row.hold || (row.state !== 'paused' && row.state !== 'failed' && row.state !== 'stopped')) return
  try {
    const log = await openLogOfPlan(ctx, access, row)
    try {
      if (row.state === 'paused') return await watchPaused(ctx, access, row, () => log.measure(row.hold!, row.position))
      await log.release(row.hold)
      await ctx.db
        .updateTable('ingestion.stream')
        .set({ hold: null, retained_bytes: null })
        .where('id', '=', row.id)
        .where('hold', '=', row.hold)
        .execute()
    } finally {
      await log.close()
    }
  } catch (error) {
    ctx.log.warn({ err: error, stream: row.id }, 'what a source keeps for a stream could not be looked after')
  }
}

async function watchPaused(ctx: Ctx, { streamLimitBytes }: Access, row: StreamRow, measure: () => Promise<LogHealth>): Promise<void> {
  try {
    const health = await measure()
    const warning = health.isEnding ? logEnding : {}
    await ctx.db
      .updateTable('ingestion.stream')
      .set({ retained_bytes: health.retainedBytes, ...warning })
      .where('id', '=', row.id)
      .where('state', '=', 'paused')
      .execute()
    refuseDanger(health, streamLimitBytes)
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
    const { code } = error
    await inTx(ctx, async (ctx) => {
      const words = { ...keepError(code, error.details.params), changed_at: ctx.now() }
      if (!(await stepStream(ctx.db, row, 'fail', words))) return
      emit(ctx, {
        action: 'ingestion.stream_failed',
        result: 'failed',
        object: { type: 'stream', id: row.id, name: row.entry_name },
        detail: { entryId: row.entry_id, planId: row.plan_id, code },
      })
    })
  }
}

/** Tables of copies that are no longer made, read or anybody's data. */
async function sweepTables(ctx: Ctx, rows: readonly StreamRow[]): Promise<void> {
  const found = (await ctx.lake.tables()).filter(({ name }) => streamOfTable(name) !== null)
  if (found.length === 0) return
  const live = new Set(
    (await ctx.db.selectFrom('catalog.resource').select('lake_table').execute()).map(({ lake_table }) => lake_table?.replace(/^m_/, '')),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  const now = ctx.now().getTime()
  for (const { name } of found) {
    const { id, copy } = streamOfTable(name)!
    const row = byId.get(id)
    const isLive = live.has(name.replace(/^mq?_/, ''))
    const isCurrent = row?.copy === copy && row.state !== 'stopped' && row.state !== 'failed'
    const isFresh = row !== undefined && now - (row.live_at ?? row.changed_at).getTime() < graceMs
    if (!isLive && !isCurrent && !isFresh) await dropStreamTable(ctx.lake, name)
  }
}
