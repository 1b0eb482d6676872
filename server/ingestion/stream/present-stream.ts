import { type Stream, type StreamProof, streamStates } from '#contract/stream/stream.ts'
import { type Language, messageOf } from '#contract/messages/index.ts'
import { notFound } from '../../kernel/errors.ts'
import { canStep } from '../../kernel/step.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import type { Access } from '../load/load-full.ts'
import { presentError } from '../kept-error.ts'
import { stepperOf } from '../load/present-load.ts'
import { type KeptProof, type StreamRow, selectStream } from './stream-store.ts'

export function presentStream(
  { actor, language }: Pick<Ctx, 'actor' | 'language'>,
  row: StreamRow,
  { streamLimitBytes }: Pick<Access, 'streamLimitBytes'>,
): Stream {
  const stepper = stepperOf(actor, row.org_id)
  const can = (event: (typeof streamStates.steps)[number]['event']) => canStep(streamStates, row.state, event, stepper)
  return {
    id: row.id,
    planId: row.plan_id,
    entryId: row.entry_id,
    entryName: row.entry_name,
    sourceName: row.source_name,
    object: row.object,
    org: { id: row.org_id, name: row.org_name },
    state: row.state,
    position: row.position_text,
    lagSeconds: Math.round(row.lag_seconds),
    lagRows: row.lag_rows,
    retainedBytes: row.retained_bytes,
    retainedLimitBytes: streamLimitBytes,
    sourceLimit: row.source_limit,
    rate: row.rate,
    changes: row.changes,
    rows: row.rows,
    quarantined: row.quarantined,
    reasons: row.reasons.map(({ column, reason, count }) => ({ column, reason, detail: messageOf(reason, language), count })),
    startedBy: row.started_by,
    startedAt: row.started_at.toISOString(),
    liveAt: row.live_at?.toISOString() ?? null,
    proof: row.proof && presentProof(row.proof, language),
    isProving: isFollowing(row) && row.proof_asked_at !== null,
    error: presentError(row, language),
    can: {
      pause: can('pause'),
      resume: can('resume'),
      stop: can('stop'),
      copyAnew: can('copy_anew'),
      prove: can('pause') && isFollowing(row),
    },
  }
}

const presentProof = ({ error, ...proof }: KeptProof, language: Language): StreamProof => ({
  ...proof,
  error: error && typeof error === 'object' ? messageOf(error.code, language, error.params) : error,
})

const isFollowing = ({ state }: StreamRow): boolean => state === 'streaming' || state === 'lagging'

/** @throws value.not_found, also where it belongs to somebody else */
export async function getStream(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<StreamRow> {
  const row = await selectStream(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}
