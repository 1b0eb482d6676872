import { systemActor } from '../kernel/actor.ts'
import type { AppError } from '../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../store/index.ts'

/** A refusal leaves its one audit entry too (DJ-12); nothing else of the refused request was done. */
export async function recordRefusal(
  base: Ctx,
  refused: Partial<Ctx> & Pick<Ctx, 'requestId' | 'address'>,
  route: string,
  error: AppError,
): Promise<void> {
  const ctx: Ctx = {
    ...base,
    requestId: refused.requestId,
    address: refused.address,
    actor: refused.actor ?? error.details.caller ?? systemActor('visitor'),
    recorded: { count: 0 },
  }
  const { object } = error.details
  await inTx(ctx, async (ctx) =>
    emit(ctx, { action: 'security.refused', result: 'denied', ...(object && { object }), detail: { route, code: error.code } }),
  )
}
