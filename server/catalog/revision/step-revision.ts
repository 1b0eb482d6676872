import { revisionStates } from '#contract/catalog.ts'
import { conflict, forbidden, notFound } from '../../kernel/errors.ts'
import { step } from '../../kernel/step.ts'
import { type Db, emit, type Tx, type TxCtx } from '../../store/index.ts'
import { isBiased, stepperOf, visibleTo } from '../access.ts'
import { insertOpinion, type RevisionRow, selectRevision, updateRevisionRow } from './revision-store.ts'

export type RevisionEvent = (typeof revisionStates.steps)[number]['event']

/** @throws value.not_found for what does not exist and for what the caller may not know of */
export async function getRevisionRow(ctx: Pick<TxCtx, 'actor'> & { db: Db | Tx }, id: string): Promise<RevisionRow> {
  const row = await selectRevision(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}

export interface RevisionStep {
  event: RevisionEvent
  /** Audit name of what happened, `catalog.…`. */
  action: string
  opinion?: string
  change?: Partial<Pick<RevisionRow, 'contributor_ids' | 'department_reviewer_id' | 'reached_bureau'>>
}

/**
 * Takes one step of a revision: rights, no self-approval, compare-and-set, the opinion, the event. Everything else that
 * the step moves is the use case's. @returns the row as it is afterwards
 * @throws value.not_found, `state.wrong_side`, `security.missing_scope`, `catalog.self_review`, `state.refused`, `value.stale`
 */
export async function stepRevision(
  ctx: TxCtx,
  row: RevisionRow,
  { event, action, opinion = '', change = {} }: RevisionStep,
): Promise<RevisionRow> {
  const state = step(revisionStates, row.state, event, stepperOf(ctx.actor, row.provider_org_id))
  if (isBiased(ctx.actor, event, row)) throw forbidden('catalog.self_review')
  if (!(await updateRevisionRow(ctx.db, row, { ...change, state, updated_at: ctx.now() }))) throw conflict('value.stale')
  const after = { ...row, ...change, state, edit: row.edit + 1, updated_at: ctx.now() }
  await insertOpinion(ctx, after, event, opinion)
  emit(ctx, {
    action,
    object: { type: 'revision', id: row.id, name: row.content.name },
    detail: { entryId: row.entry_id, number: row.number, from: row.state, to: state, ...(opinion && { opinion }) },
  })
  return after
}

/** A person who works on a version is remembered: he cannot pass it later. */
export const withContributor = (row: Pick<RevisionRow, 'contributor_ids'>, actorId: string): string[] => [
  ...new Set([...row.contributor_ids, actorId]),
]
