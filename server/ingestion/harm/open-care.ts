import type { SourceCare } from '#contract/source-settings.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Ctx } from '../../store/index.ts'
import { makePace, openRelay, type Pace, type Relay, type Target } from './open-relay.ts'
import { insertStatement } from './statement-store.ts'
import { makeTurns, type Turns } from './turns.ts'
import { withoutValues } from './without-values.ts'

/** What stands between the program and one source: its limits, and the book of what was run there. */
export interface Care {
  statementSeconds: number
  /** The way for the engine, which connects by itself. */
  openRelay(target: Target): Promise<Relay>
  /** Enters a statement in the book once it has run. `run` says how many rows came. */
  note<T>(statement: string, run: () => Promise<{ result: T; rows: number | null }>): Promise<T>
  /**
   * Runs a statement that reads rows: when it has its turn, no longer than it may, and on no account after `signal`.
   * `stop` ends it at the source and cuts the line. @throws conflict `ingestion.statement_too_long`
   */
  read(statement: string, signal: AbortSignal, stop: () => Promise<void>, run: () => Promise<number>): Promise<void>
}

/** Lines and turns are shared by everything in this process that reads from the source. */
interface Shared {
  turns: Turns
  pace: Pace | null
  bytesPerSecond: number | null
}
const shared = new Map<string, Shared>()

function shareOf(sourceId: string, { parallelReads, bytesPerSecond }: SourceCare): Shared {
  const found = shared.get(sourceId) ?? { turns: makeTurns(parallelReads), pace: null, bytesPerSecond: null }
  found.turns.allow(parallelReads)
  if (found.bytesPerSecond !== bytesPerSecond) Object.assign(found, { bytesPerSecond, pace: bytesPerSecond && makePace(bytesPerSecond) })
  shared.set(sourceId, found)
  return found
}

/** Care for one source, on behalf of a load or of a person. */
export function openCare(ctx: Ctx, source: { id: string; care: SourceCare }, loadId: string | null): Care {
  const { turns, pace } = shareOf(source.id, source.care)
  const { statementSeconds } = source.care
  const note: Care['note'] = async (statement, run) => {
    const [startedAt, started] = [ctx.now(), performance.now()]
    const enter = (rows: number | null, error: string | null) =>
      insertStatement(ctx.db, {
        id: newId(startedAt.getTime()),
        source_id: source.id,
        load_id: loadId,
        statement: withoutValues(statement),
        started_at: startedAt,
        milliseconds: Math.round(performance.now() - started),
        rows,
        error,
        run_by: ctx.actor.name,
      }).catch((problem) => ctx.log.warn({ err: problem }, 'a statement could not be entered in the book'))
    try {
      const { result, rows } = await run()
      await enter(rows, null)
      return result
    } catch (error) {
      await enter(null, error instanceof Error && 'code' in error ? String(error.code) : 'error')
      throw error
    }
  }
  return {
    statementSeconds,
    note,
    openRelay: (target) => openRelay(target, pace),
    async read(statement, signal, stop, run) {
      const leave = await turns.enter(signal)
      let stopping: Promise<void> | null = null
      let isLate = false
      const end = () => {
        stopping ??= stop()
      }
      const timer = setTimeout(() => {
        isLate = true
        end()
      }, statementSeconds * 1000)
      signal.addEventListener('abort', end, { once: true })
      try {
        await note(statement, async () => ({ result: null, rows: await run() }))
      } catch (error) {
        if (isLate) throw new AppError('conflict', 'ingestion.statement_too_long', { params: { seconds: statementSeconds }, cause: error })
        throw error
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        await stopping
        leave()
      }
    },
  }
}
