import type { PublishedEntry } from '../../../catalog/index.ts'
import { conflict } from '../../../kernel/errors.ts'
import type { Ctx } from '../../../store/index.ts'
import { checkDrift } from '../../drift/check-drift.ts'
import { readStructure } from '../../drift/read-structure.ts'
import type { Access } from '../../load/load-full.ts'
import { selectPlan } from '../../plan/plan-store.ts'
import { connectorOf } from '../../source/connector-of.ts'
import { selectSource } from '../../source/source-store.ts'

/** The structure of a plan's object now. @throws conflict `ingestion.source_gone` */
export async function structureOfPlan(ctx: Ctx, access: Access, plan: Parameters<typeof checkDrift>[1]['plan']) {
  const source = await selectSource(ctx.db, 'everything', plan.source_id)
  if (!source) throw conflict('ingestion.source_gone')
  return readStructure(connectorOf(ctx, access, source), plan.object, plan.dialect)
}

/** What a load does before it reads, for a stream: the plan's policy decides. @throws conflict `ingestion.structure_drifted` */
export async function checkStructure(ctx: Ctx, access: Access, planId: string, entry: PublishedEntry): Promise<void> {
  const plan = await selectPlan(ctx.db, 'everything', planId)
  if (plan) await checkDrift(ctx, { plan, entry, load: null }, await structureOfPlan(ctx, access, plan))
}
