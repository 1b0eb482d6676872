import type { Load, Plan } from '#contract/ingestion.ts'
import type { Actor } from '../../kernel/actor.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { canWrite, isFinished, visibleTo } from '../access.ts'
import { selectLastLoads } from '../load/load-store.ts'
import { presentLoad } from '../load/present-load.ts'
import { refuseForeign } from '../source/present-source.ts'
import { type PlanRow, selectPlan } from './plan-store.ts'

export function presentPlan(actor: Actor, row: PlanRow, lastLoad: Load | null): Plan {
  const canChange = canWrite(actor, row.org_id)
  return {
    id: row.id,
    org: { id: row.org_id, name: row.org_name },
    entryId: row.entry_id,
    entryName: row.entry_name,
    sourceId: row.source_id,
    sourceName: row.source_name,
    object: row.object,
    dialect: row.dialect,
    mapping: row.mapping,
    verify: row.verify,
    quarantineLimit: row.quarantine_limit,
    quarantineRowLimit: row.quarantine_row_limit,
    driftPolicy: row.drift_policy,
    mode: row.mode,
    deletionLimit: row.deletion_limit,
    version: row.version,
    lastLoad,
    openQuarantine: row.open_quarantine,
    can: {
      update: canChange,
      load: canChange && (lastLoad === null || isFinished(lastLoad.state)),
      replay: canChange && row.open_quarantine > 0,
      readQuarantine: canChange,
    },
  }
}

export async function presentPlans(ctx: Pick<Ctx, 'db' | 'actor' | 'language'>, rows: readonly PlanRow[]): Promise<Plan[]> {
  const loads = await selectLastLoads(
    ctx.db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => {
    const load = loads.get(row.id)
    return presentPlan(ctx.actor, row, load ? presentLoad(ctx, load) : null)
  })
}

/** @throws value.not_found, also where it belongs to somebody else */
export async function getPlan(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<PlanRow> {
  const row = await selectPlan(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}

/** A plan that the caller may run and correct. @throws value.not_found; forbidden `ingestion.not_owner` */
export async function getOwnPlan(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<PlanRow> {
  const row = await getPlan(ctx, id)
  refuseForeign(ctx.actor, row.org_id)
  return row
}
