import type { Turn } from '#contract/schedule/schedule.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { refuseForeign } from '../source/present-source.ts'
import { presentTurns } from './present-turn.ts'
import { moveTurn, selectTurn } from './turn-store.ts'

/** Gives up a turn that has not begun; one that runs is stopped by cancelling its load. @throws conflict `value.stale` */
export async function cancelTurn(ctx: Ctx, id: string): Promise<Turn> {
  const turn = await selectTurn(ctx.db, visibleTo(ctx.actor), id)
  if (!turn) throw notFound('value.not_found')
  refuseForeign(ctx.actor, turn.org_id)
  const change = { state: 'cancelled' as const, error_code: 'ingestion.turn_cancelled', wait_reason: null, ended_at: ctx.now() }
  await inTx(ctx, async (ctx) => {
    if (turn.state !== 'waiting' || !(await moveTurn(ctx.db, turn, change))) throw conflict('value.stale')
    emit(ctx, {
      action: 'ingestion.turn_cancelled',
      object: { type: 'turn', id, name: turn.entry_name },
      detail: { planId: turn.plan_id, dueAt: turn.due_at.toISOString() },
    })
  })
  return (await presentTurns(ctx, [{ ...turn, ...change }]))[0]!
}
