import { type Drift, driftStates, type StructureChange } from '#contract/ingestion/drift.ts'
import type { MappingColumn } from '#contract/ingestion.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { conflict } from '../../kernel/errors.ts'
import { statesBefore, step } from '../../kernel/step.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { stepperOf } from '../load/present-load.ts'
import { updatePlan } from '../plan/plan-store.ts'
import { getPlan } from '../plan/present-plan.ts'
import { updateDrift } from './drift-store.ts'
import { getDriftRow, presentDrift } from './present-drift.ts'

/**
 * Takes the new structure as the known one and maps anew: items follow their renamed columns, those of dropped ones lose theirs.
 * @throws conflict `ingestion.drift_unmapped` where a required item would have no column; `state.refused`, `value.stale`
 */
export async function acceptDrift(ctx: Ctx, id: string, reason: string): Promise<Drift> {
  const drift = await getDriftRow(ctx, id)
  step(driftStates, drift.state, 'accept', stepperOf(ctx.actor, drift.org_id))
  const plan = await getPlan(ctx, drift.plan_id)
  const mapping = followChanges(plan.mapping, drift.changes)
  const items = (await findPublishedEntries(ctx.db, [plan.entry_id])).get(plan.entry_id)?.content.items ?? []
  const unmapped = items.find(({ code, isRequired }) => isRequired && !mapping.some((line) => line.item === code))
  if (unmapped || mapping.length === 0) throw conflict('ingestion.drift_unmapped', { item: unmapped?.name ?? '' })
  await inTx(ctx, async (ctx) => {
    const decision = { state: 'accepted', decided_by: ctx.actor.name, decided_at: ctx.now(), reason } as const
    const isTaken =
      (await updateDrift(ctx.db, { id, states: statesBefore(driftStates, 'accept') }, decision)) &&
      (await updatePlan(ctx.db, plan, { mapping, structure: drift.after }))
    if (!isTaken) throw conflict('value.stale')
    emit(ctx, {
      action: 'ingestion.drift_accepted',
      object: { type: 'plan', id: plan.id, name: drift.entry_name },
      detail: { driftId: id, entryId: drift.entry_id, entryVersion: drift.entry_version, changes: drift.changes.length, reason },
    })
  })
  return presentDrift(ctx.actor, await getDriftRow(ctx, id))
}

/** All at once: two columns that swapped their names swap their items. */
export function followChanges(mapping: readonly MappingColumn[], changes: readonly StructureChange[]): MappingColumn[] {
  const renamed = new Map(changes.flatMap(({ kind, column, after }) => (kind === 'renamed' && after !== null ? [[column, after]] : [])))
  const dropped = new Set(changes.flatMap(({ kind, column }) => (kind === 'dropped' ? [column] : [])))
  return mapping.filter(({ column }) => !dropped.has(column)).map((line) => ({ ...line, column: renamed.get(line.column) ?? line.column }))
}
