import type { Turn } from '#contract/schedule/schedule.ts'
import type { Ctx } from '../../store/index.ts'
import { canWrite } from '../access.ts'
import { type LoadRow, selectLastSuccesses, selectLoadsById } from '../load/load-store.ts'
import { presentLoad } from '../load/present-load.ts'
import type { TurnRow } from './turn-store.ts'

/** Turns as they are shown, with the loads that they began and when those will have ended. */
export async function presentTurns(ctx: Pick<Ctx, 'db' | 'actor' | 'language' | 'now'>, rows: readonly TurnRow[]): Promise<Turn[]> {
  const now = ctx.now()
  const loads = await selectLoadsById(
    ctx.db,
    rows.flatMap(({ load_id }) => (load_id === null ? [] : [load_id])),
  )
  const running = rows.filter(({ state }) => state === 'running')
  const successes = await selectLastSuccesses(
    ctx.db,
    running.map(({ plan_id }) => plan_id),
  )
  return rows.map((row) => {
    const load = row.load_id === null ? undefined : loads.get(row.load_id)
    const last = successes.get(row.plan_id)
    return {
      id: row.id,
      planId: row.plan_id,
      entryId: row.entry_id,
      entryName: row.entry_name,
      sourceId: row.source_id,
      sourceName: row.source_name,
      org: { id: row.org_id, name: row.org_name },
      dueAt: row.due_at.toISOString(),
      origin: row.origin,
      overtaken: row.overtaken,
      state: row.state,
      waitReason: row.wait_reason,
      notBefore: row.not_before?.toISOString() ?? null,
      tries: row.tries,
      isLate: (row.ended_at ?? now) > row.late_at,
      startedAt: row.started_at?.toISOString() ?? null,
      endedAt: row.ended_at?.toISOString() ?? null,
      estimatedEnd: row.state === 'running' && load ? (estimateEnd(load, last, now)?.toISOString() ?? null) : null,
      load: load ? presentLoad(ctx, load) : null,
      code: row.error_code,
      can: { cancel: row.state === 'waiting' && canWrite(ctx.actor, row.org_id) },
    }
  })
}

/** By how far it has come, once that is worth counting with; else by how long the last one took. Null: nothing to go by. */
export function estimateEnd(
  { started_at, progress }: Pick<LoadRow, 'started_at' | 'progress'>,
  last: { started_at: Date; finished_at: Date } | undefined,
  now: Date,
): Date | null {
  if (!started_at) return null
  const spent = now.getTime() - started_at.getTime()
  const whole = progress !== null && progress >= 0.05 ? spent / progress : last && last.finished_at.getTime() - last.started_at.getTime()
  return whole === undefined ? null : new Date(Math.max(now.getTime(), started_at.getTime() + whole))
}
