import type { Plan, PlanInput } from '#contract/ingestion.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { findPublishedEntries, type PublishedEntry } from '../../catalog/index.ts'
import { type Ctx, type Db, emit, inTx, type Tx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { getOwnSource, refuseForeign } from '../source/present-source.ts'
import { checkPlan } from './check-plan.ts'
import { insertPlan, selectPlan, updatePlan } from './plan-store.ts'
import { getOwnPlan, presentPlans } from './present-plan.ts'

/** The entry in force, of the caller's own organisation. @throws value.not_found; conflict `ingestion.entry_not_published` */
export async function getOwnEntry(ctx: Pick<Ctx, 'actor'> & { db: Db | Tx }, entryId: string): Promise<PublishedEntry> {
  const entry = (await findPublishedEntries(ctx.db, [entryId])).get(entryId)
  if (!entry) throw conflict('ingestion.entry_not_published')
  if (entry.provider.id !== ctx.actor.org?.id) throw notFound('value.not_found')
  refuseForeign(ctx.actor, entry.provider.id)
  return entry
}

/** How one entry is filled from one object of a source of the same organisation. @throws invalid `http.invalid_input` */
export async function createPlan(ctx: Ctx, input: PlanInput): Promise<Plan> {
  const entry = await getOwnEntry(ctx, input.entryId)
  const source = await getOwnSource(ctx, input.sourceId)
  checkPlan(input, entry.content.items, source.settings.kind)
  const id = newId(ctx.now().getTime())
  const row = await inTx(ctx, async (ctx) => {
    await insertPlan(ctx.db, { id, org_id: source.org_id, created_at: ctx.now() }, input)
    emit(ctx, { action: 'ingestion.plan_created', object: { type: 'plan', id, name: entry.name }, detail: describe(input) })
    return (await selectPlan(ctx.db, visibleTo(ctx.actor), id))!
  })
  return (await presentPlans(ctx, [row]))[0]!
}

/** @throws conflict `value.stale`; invalid `http.invalid_input` */
export async function changePlan(ctx: Ctx, id: string, { version, ...input }: PlanInput & { version: number }): Promise<Plan> {
  await getOwnPlan(ctx, id)
  const entry = await getOwnEntry(ctx, input.entryId)
  const source = await getOwnSource(ctx, input.sourceId)
  checkPlan(input, entry.content.items, source.settings.kind)
  const row = await inTx(ctx, async (ctx) => {
    if (!(await updatePlan(ctx.db, id, version, input))) throw conflict('value.stale')
    emit(ctx, { action: 'ingestion.plan_updated', object: { type: 'plan', id, name: entry.name }, detail: describe(input) })
    return (await selectPlan(ctx.db, visibleTo(ctx.actor), id))!
  })
  return (await presentPlans(ctx, [row]))[0]!
}

const describe = ({ entryId, sourceId, object, verify, mapping, mode }: PlanInput) => ({
  entryId,
  sourceId,
  object,
  verify,
  mode,
  columns: mapping.length,
})
