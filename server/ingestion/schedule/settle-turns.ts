import { causeOf } from '#contract/schedule/causes.ts'
import type { TxCtx } from '../../store/index.ts'
import { keepError, noError } from '../kept-error.ts'
import { selectLoadEnds, type LoadEnd } from '../load/load-store.ts'
import { moveTurn, selectOpenTurns, type TurnRow } from './turn-store.ts'

/** Minutes to wait before a load that failed for a passing reason is tried again. */
const retryAfterMinutes = [5, 15, 30]

/** Turns whose load has ended take its outcome. */
export async function settleTurns(ctx: TxCtx): Promise<void> {
  const running = await selectOpenTurns(ctx.db, 'running')
  const ends = await selectLoadEnds(
    ctx.db,
    running.map(({ load_id }) => load_id!),
  )
  for (const turn of running) {
    const end = ends.get(turn.load_id!)
    if (end) await moveTurn(ctx.db, turn, settled(turn, end))
  }
}

/** What becomes of a turn: another try while there is one and the window is open, else the load's own outcome. */
export function settled(turn: Pick<TurnRow, 'tries' | 'begin_until'>, end: LoadEnd): Parameters<typeof moveTurn>[2] {
  const { state, finished_at } = end
  if (state === 'succeeded') return { state: 'succeeded', ended_at: finished_at, ...noError }
  if (state === 'cancelled') return { state: 'cancelled', ended_at: finished_at, ...keepError('ingestion.turn_cancelled') }
  const error = keepError(end.error_code ?? 'ingestion.internal', end.error_params ?? {})
  const wait = retryAfterMinutes[turn.tries - 1]
  const again = wait === undefined ? null : new Date(finished_at.getTime() + wait * 60_000)
  if (causeOf(error.error_code).isPassing && again && again <= turn.begin_until)
    return { ...error, state: 'waiting', wait_reason: 'retry', not_before: again }
  return { ...error, state: 'failed', ended_at: finished_at }
}
