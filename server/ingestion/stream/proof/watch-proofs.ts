import type { StreamProof } from '#contract/stream/stream.ts'
import { type Ctx, emit, inTx } from '../../../store/index.ts'
import { explainFailure } from '../../load/explain-failure.ts'
import type { PreparedStream } from '../prepare-stream.ts'
import { type KeptProof, touchStream } from '../stream-store.ts'

const dayMs = 86_400_000

/**
 * Proves a stream's contents when somebody asked, and of plans that verify contents once a day; one at a time, beside the following.
 * `prove` throws where the proof could not be made.
 */
export function watchProofs(
  ctx: Ctx,
  { claim, row, plan }: PreparedStream,
  signal: AbortSignal,
  prove: () => Promise<Omit<StreamProof, 'at' | 'error'>>,
) {
  let running: Promise<void> | null = null
  const run = async () => {
    let proof: KeptProof
    try {
      proof = { ...(await prove()), at: ctx.now().toISOString(), error: null }
    } catch (error) {
      // Whoever takes the stream up next makes it.
      if (signal.aborted) return
      ctx.log.warn({ err: error, stream: row.id }, 'contents of a stream could not be proved')
      const { code, params } = explainFailure(error)
      const nothing = { rows: 0, moving: 0, lacking: 0, extra: 0, changed: 0, keys: [] }
      proof = { ...nothing, agrees: null, at: ctx.now().toISOString(), error: { code, params } }
    }
    await inTx(ctx, async (ctx) => {
      if (!(await touchStream(ctx.db, claim, { proof: JSON.stringify(proof), proof_asked_at: null }))) return
      const { keys: _, ...detail } = proof
      emit(ctx, {
        action: 'ingestion.stream_proved',
        result: proof.agrees ? 'ok' : 'failed',
        object: { type: 'stream', id: row.id, name: row.entry_name },
        detail: { entryId: row.entry_id, planId: row.plan_id, ...detail },
      })
    })
  }
  return {
    /** Begins one where it is due. @returns the last one */
    async look(): Promise<KeptProof | null> {
      const found = await ctx.db
        .selectFrom('ingestion.stream')
        .select(['proof', 'proof_asked_at'])
        .where('id', '=', row.id)
        .executeTakeFirstOrThrow()
      const proof = found.proof as unknown as KeptProof | null
      const isDue = plan.verify === 'content' && (!proof || ctx.now().getTime() - Date.parse(proof.at) > dayMs)
      if (!running && (found.proof_asked_at || isDue))
        running = run()
          .catch((error) => ctx.log.warn({ err: error, stream: row.id }, 'a proof could not be written down'))
          .finally(() => {
            running = null
          })
      return proof
    },
    end: async () => void (await running),
  }
}
