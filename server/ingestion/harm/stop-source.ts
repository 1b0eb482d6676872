import type { Source } from '#contract/ingestion.ts'
import { conflict } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { recordRunEvent } from '../lineage/record-run-event.ts'
import { keepError, noError } from '../kept-error.ts'
import { cancelLoadRow, selectOpenLoads } from '../load/load-store.ts'
import { runLoadJob } from '../load/run-load-job.ts'
import { getOwnSource, presentSource } from '../source/present-source.ts'
import { markStopped, selectSource } from '../source/source-store.ts'
import { long, runningStates, selectStreamsOfSource, stepStream } from '../stream/stream-store.ts'

/**
 * Stops everything on a source, now: loads that run are cancelled, their statements ended at the source within seconds, streams pause,
 * and nothing begins until somebody releases it. @throws conflict `value.stale` where it is stopped already
 */
export async function stopSource(ctx: Ctx, id: string, reason: string): Promise<Source> {
  const source = await getOwnSource(ctx, id)
  const row = await inTx(ctx, async (ctx) => {
    const now = ctx.now()
    if (!(await markStopped(ctx.db, id, { stopped_at: now, stopped_by: ctx.actor.name, stop_reason: reason })))
      throw conflict('value.stale')
    const running = (await selectOpenLoads(ctx.db, id)).filter(({ state }) => state !== 'queued')
    const why = keepError('ingestion.source_stopped', { reason })
    for (const load of running) if (await cancelLoadRow(ctx.db, load.id, now, why)) await recordRunEvent(ctx, load, { type: 'ABORT' })
    const streams = await selectStreamsOfSource(ctx.db, id, runningStates)
    for (const stream of streams) await stepStream(ctx.db, stream, 'pause', { ...why, rate: 0, changed_at: now })
    emit(ctx, {
      action: 'ingestion.source_stopped',
      object: { type: 'source', id, name: source.name },
      detail: { reason, loads: running.map((load) => load.id), streams: streams.map((stream) => stream.id) },
    })
    return (await selectSource(ctx.db, visibleTo(ctx.actor), id))!
  })
  return presentSource(ctx, row)
}

/** Lets loads read again; those that waited begin, and streams that were paused by the stop go on. @throws conflict `value.stale` where it is not stopped */
export async function releaseSource(ctx: Ctx, id: string): Promise<Source> {
  const source = await getOwnSource(ctx, id)
  const row = await inTx(ctx, async (ctx) => {
    if (!(await markStopped(ctx.db, id, { stopped_at: null, stopped_by: null, stop_reason: null }))) throw conflict('value.stale')
    for (const load of await selectOpenLoads(ctx.db, id)) await ctx.enqueue(ctx, runLoadJob, { loadId: load.id })
    for (const stream of await selectStreamsOfSource(ctx.db, id, ['paused']))
      if (stream.error_code === 'ingestion.source_stopped')
        await stepStream(ctx.db, stream, 'resume', {
          attempt: stream.attempt + 1,
          ...noError,
          touched_at: long,
          changed_at: ctx.now(),
        })
    emit(ctx, { action: 'ingestion.source_released', object: { type: 'source', id, name: source.name }, detail: {} })
    return (await selectSource(ctx.db, visibleTo(ctx.actor), id))!
  })
  return presentSource(ctx, row)
}
