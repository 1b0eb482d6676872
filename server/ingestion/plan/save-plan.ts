import { isDeepStrictEqual } from 'node:util'
import type { SourceStructure } from '#contract/ingestion/drift.ts'
import type { Plan, PlanInput } from '#contract/ingestion.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { findPublishedEntries, type PublishedEntry } from '../../catalog/index.ts'
import { type Ctx, type Db, emit, inTx, type Tx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { readStructure } from '../drift/read-structure.ts'
import { settleDrift } from '../drift/settle-drift.ts'
import type { Access } from '../load/load-full.ts'
import { connectorOf } from '../source/connector-of.ts'
import type { SourceRow } from '../source/source-store.ts'
import { getOwnSource, refuseForeign } from '../source/present-source.ts'
import { checkPlan } from './check-plan.ts'
import { insertPlan, type PlanRow, selectPlan, updatePlan } from './plan-store.ts'
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
export async function createPlan(ctx: Ctx, access: Access, input: PlanInput): Promise<Plan> {
  const entry = await getOwnEntry(ctx, input.entryId)
  const source = await getOwnSource(ctx, input.sourceId)
  checkPlan(input, entry.content.items, source.settings.kind)
  const id = newId(ctx.now().getTime())
  const structure = await structureOf(ctx, access, source, input)
  const row = await inTx(ctx, async (ctx) => {
    await insertPlan(ctx.db, { id, org_id: source.org_id, created_at: ctx.now(), structure }, input)
    emit(ctx, { action: 'ingestion.plan_created', object: { type: 'plan', id, name: entry.name }, detail: describe(input) })
    return (await selectPlan(ctx.db, visibleTo(ctx.actor), id))!
  })
  return (await presentPlans(ctx, [row]))[0]!
}

/** @throws conflict `value.stale`; invalid `http.invalid_input` */
export async function changePlan(
  ctx: Ctx,
  access: Access,
  id: string,
  { version, ...input }: PlanInput & { version: number },
): Promise<Plan> {
  const before = await getOwnPlan(ctx, id)
  const entry = await getOwnEntry(ctx, input.entryId)
  const source = await getOwnSource(ctx, input.sourceId)
  checkPlan(input, entry.content.items, source.settings.kind)
  // Who maps anew has seen what is there now; who changes a limit has not.
  const mapped = isMappedAnew(before, input) ? { structure: await structureOf(ctx, access, source, input) } : {}
  const row = await inTx(ctx, async (ctx) => {
    if (!(await updatePlan(ctx.db, { id, version }, { input, ...mapped }))) throw conflict('value.stale')
    if (mapped.structure !== undefined) await settleDrift(ctx, id, 'accepted')
    emit(ctx, { action: 'ingestion.plan_updated', object: { type: 'plan', id, name: entry.name }, detail: describe(input) })
    return (await selectPlan(ctx.db, visibleTo(ctx.actor), id))!
  })
  return (await presentPlans(ctx, [row]))[0]!
}

const isMappedAnew = (before: PlanRow, input: PlanInput) =>
  !isDeepStrictEqual(
    [before.source_id, before.object, before.dialect, before.mapping],
    [input.sourceId, input.object, input.dialect, input.mapping],
  )

/** The structure that the plan is made for. A source that is away tells it at the first load. */
async function structureOf(ctx: Ctx, access: Access, source: SourceRow, { object, dialect }: PlanInput): Promise<SourceStructure | null> {
  try {
    return await readStructure(connectorOf(ctx, access, source), object, dialect)
  } catch (error) {
    ctx.log.info({ err: error, source: source.id }, 'the structure will be taken from the first load')
    return null
  }
}

const describe = ({ entryId, sourceId, object, verify, mapping, mode }: PlanInput) => ({
  entryId,
  sourceId,
  object,
  verify,
  mode,
  columns: mapping.length,
})
