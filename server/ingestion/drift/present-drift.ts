import { type Drift, type DriftState, driftStates } from '#contract/ingestion/drift.ts'
import type { Actor } from '../../kernel/actor.ts'
import { notFound } from '../../kernel/errors.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import { canStep } from '../../kernel/step.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { stepperOf } from '../load/present-load.ts'
import { type DriftRow, selectDrift, selectDrifts } from './drift-store.ts'

export function presentDrift(actor: Actor, row: DriftRow): Drift {
  const by = stepperOf(actor, row.org_id)
  return {
    id: row.id,
    planId: row.plan_id,
    entryId: row.entry_id,
    entryName: row.entry_name,
    entryVersion: row.entry_version,
    loadId: row.load_id,
    object: row.object,
    policy: row.policy,
    state: row.state,
    foundAt: row.found_at.toISOString(),
    changes: row.changes,
    before: row.before.columns,
    after: row.after.columns,
    revisionId: row.revision_id,
    decided:
      row.decided_by !== null && row.decided_at ? { by: row.decided_by, at: row.decided_at.toISOString(), reason: row.reason } : null,
    can: { accept: canStep(driftStates, row.state, 'accept', by), refuse: canStep(driftStates, row.state, 'refuse', by) },
  }
}

/** @throws value.not_found, also where it belongs to somebody else */
export async function getDriftRow(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<DriftRow> {
  const row = await selectDrift(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}

export async function listDrifts(
  ctx: Ctx,
  { cursor, limit, ...filter }: { planId?: string | undefined; state?: DriftState | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: Drift[]; next: string | null }> {
  const rows = await selectDrifts(ctx.db, visibleTo(ctx.actor), filter, { cursor: idCursor(cursor), limit: limit + 1 })
  return cutPage(
    rows,
    limit,
    ({ id }) => id,
    (row) => presentDrift(ctx.actor, row),
  )
}
