import type { Ctx } from '../../store/index.ts'
import { canWrite } from '../access.ts'
import { deciderOf } from './present-destruction.ts'
import { lateSince } from './retention-of.ts'
import { countQuarantinedBefore, countToDecide } from './retention-store.ts'

/** What waits for the caller: entries whose quarantined rows are past their time, and proposals that he may decide; null: nothing of it is his. */
export async function countRetentionWork(
  ctx: Pick<Ctx, 'db' | 'actor' | 'profile' | 'now'>,
): Promise<{ quarantines: number | null; destructions: number | null }> {
  const { db, actor } = ctx
  const before = lateSince(ctx)
  const decider = deciderOf(actor)
  return {
    quarantines: actor.org && before && canWrite(actor, actor.org.id) ? await countQuarantinedBefore(db, actor.org.id, before) : null,
    destructions: decider && (await countToDecide(db, decider)),
  }
}
