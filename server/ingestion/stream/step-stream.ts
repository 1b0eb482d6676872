import { type Stream, streamStates } from '#contract/stream/stream.ts'
import { conflict } from '../../kernel/errors.ts'
import { step } from '../../kernel/step.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import type { Access } from '../load/load-full.ts'
import { noError } from '../kept-error.ts'
import { stepperOf } from '../load/present-load.ts'
import { refuseForeign } from '../source/present-source.ts'
import { refuseStopped } from './open-log.ts'
import { getStream, presentStream } from './present-stream.ts'
import { long, selectStream, stepStream } from './stream-store.ts'

const acts = {
  pause: { action: 'ingestion.stream_paused', change: {} },
  // Whoever looks next takes it up.
  resume: { action: 'ingestion.stream_resumed', change: { touched_at: long, ...noError } },
  stop: { action: 'ingestion.stream_stopped', change: { ...noError } },
} as const

/**
 * What a person does with a stream. Its worker sees it within a second; what the source holds for a stopped one is released by the
 * supervisor, as often as it takes. @throws conflict `state.refused` `ingestion.source_stopped`
 */
export async function stepStreamByHand(ctx: Ctx, access: Access, id: string, event: keyof typeof acts): Promise<Stream> {
  const before = await getStream(ctx, id)
  refuseForeign(ctx.actor, before.org_id)
  step(streamStates, before.state, event, stepperOf(ctx.actor, before.org_id))
  if (event === 'resume') await refuseStopped(ctx, before)
  const { action, change } = acts[event]
  const row = await inTx(ctx, async (ctx) => {
    const now = ctx.now()
    // A worker that has not yet seen the pause is no longer the one that has it.
    const fence = event === 'resume' ? { attempt: before.attempt + 1 } : {}
    const isDone = await stepStream(ctx.db, before, event, { ...change, ...fence, changed_at: now, rate: 0 })
    if (!isDone) throw conflict('value.stale')
    emit(ctx, {
      action,
      object: { type: 'stream', id, name: before.entry_name },
      detail: { entryId: before.entry_id, planId: before.plan_id },
    })
    return (await selectStream(ctx.db, 'everything', id))!
  })
  return presentStream(ctx, row, access)
}
