import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx, LakeError } from '../../store/index.ts'
import { explainFailure } from '../load/explain-failure.ts'
import { keepError } from '../kept-error.ts'
import type { Access } from '../load/load-full.ts'
import { followLog } from './follow-log.ts'
import { ClaimLost, prepareStream, touchOrLeave } from './prepare-stream.ts'
import { long, type StreamClaim, selectStream, stepStream, touchStream } from './stream-store.ts'

/** A person has to look: the source, its table or the plan is no longer what it was. The position is kept. */
const drifts = new Set([
  'ingestion.structure_drifted',
  'ingestion.stream_drift',
  'ingestion.stream_plan_changed',
  'ingestion.stream_value_missing',
  'ingestion.stream_wal_level',
  'ingestion.stream_role',
  'ingestion.stream_object_kind',
  'ingestion.stream_identity',
  'ingestion.stream_full_identity',
  'ingestion.stream_publication',
  'ingestion.stream_altered',
  'ingestion.stream_binlog',
  'ingestion.stream_cascade',
  'ingestion.stream_commit_order',
  'ingestion.stream_key_text',
  'ingestion.stream_key_type',
  'ingestion.stream_no_key',
  'ingestion.stream_replication_right',
  'ingestion.column_gone',
  'ingestion.object_unknown',
  'ingestion.entry_not_published',
  'ingestion.item_unmapped',
  'ingestion.source_password',
  'ingestion.source_refused',
  'ingestion.source_forbidden',
])
const longestPauseMs = 30_000

/**
 * One worker's life with a stream: copies where there is no copy, follows the log, and tries again for ever where the source or the
 * engine was away. Ends when the stream is paused, stopped or given to another, when the program ends, or when a person has to act.
 */
export async function runStream(ctx: Ctx, access: Access, claim: StreamClaim): Promise<void> {
  const lost = new AbortController()
  const signal = AbortSignal.any([lost.signal, access.stopping])
  const alive = setInterval(() => {
    touchOrLeave(ctx, claim).catch((error) => error instanceof ClaimLost && lost.abort())
  }, 2000)
  try {
    for (let pauseMs = 1000; !signal.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      const startedAt = performance.now()
      const error = await attempt(ctx, access, claim, signal)
      if (signal.aborted || error instanceof ClaimLost) break
      if (!(await isWorthAnother(ctx, claim, error))) return
      if (performance.now() - startedAt > 2 * longestPauseMs) pauseMs = 1000
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
    }
    // The next program need not wait until this one is believed dead.
    if (access.stopping.aborted) await touchStream(ctx.db, claim, { touched_at: long })
  } finally {
    clearInterval(alive)
  }
}

/** @returns what ended it */
async function attempt(ctx: Ctx, access: Access, claim: StreamClaim, signal: AbortSignal): Promise<unknown> {
  try {
    const stream = await prepareStream(ctx, access, claim, signal)
    await followLog(ctx, access, stream, signal)
    return null
  } catch (error) {
    return error
  }
}

async function isWorthAnother(ctx: Ctx, claim: StreamClaim, error: unknown): Promise<boolean> {
  const row = await selectStream(ctx.db, 'everything', claim.id)
  if (!row || row.attempt !== claim.attempt) return false
  ctx.log.warn({ err: error, stream: claim.id }, 'a stream did not go on')
  const { code, params, isPassing } = explainFailure(error)
  const words = { ...keepError(code, params), rate: 0 }
  // The engine may be full or away for hours: what the source keeps meanwhile has a limit of its own.
  if (isPassing || error instanceof LakeError) return touchStream(ctx.db, claim, { ...words, touched_at: ctx.now() })
  const event = error instanceof AppError && drifts.has(code) ? 'drift' : 'fail'
  await inTx(ctx, async (ctx) => {
    if (!(await stepStream(ctx.db, claim, event, { ...words, changed_at: ctx.now() }))) return
    emit(ctx, {
      action: event === 'drift' ? 'ingestion.stream_drifted' : 'ingestion.stream_failed',
      result: 'failed',
      object: { type: 'stream', id: row.id, name: row.entry_name },
      detail: { entryId: row.entry_id, planId: row.plan_id, code },
    })
  })
  return false
}
