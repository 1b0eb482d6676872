import { EntryContent, type Revision, revisionStates } from '#contract/catalog.ts'
import type { Actor } from '../../kernel/actor.ts'
import { canStep } from '../../kernel/step.ts'
import { clocksOf } from '../../duty/index.ts'
import type { Ctx } from '../../store/index.ts'
import { isBiased, stepperOf } from '../access.ts'
import { type RevisionRow, selectOpinions } from './revision-store.ts'

const events = [...new Set(revisionStates.steps.filter(({ side }) => side !== 'system').map(({ event }) => event))]

/** What the caller may do with a revision now: the events of its state table, and `update`. */
export function revisionCan(actor: Actor, row: RevisionRow): Record<string, boolean> {
  const by = stepperOf(actor, row.provider_org_id)
  const steps = events.map((event) => [event, canStep(revisionStates, row.state, event, by) && !isBiased(actor, event, row)] as const)
  return { ...Object.fromEntries(steps), update: canUpdate(actor, row) }
}

/** Whoever may submit a version may edit it. */
export const canUpdate = (actor: Actor, row: Pick<RevisionRow, 'state' | 'provider_org_id'>): boolean =>
  canStep(revisionStates, row.state, 'submit', stepperOf(actor, row.provider_org_id))

export async function presentRevisions(ctx: Ctx, rows: readonly RevisionRow[]): Promise<Revision[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const opinions = Map.groupBy(await selectOpinions(ctx.db, ids), (opinion) => opinion.revision_id)
  const clocks = await clocksOf(ctx, ids)
  return rows.map((row) => ({
    id: row.id,
    entryId: row.entry_id,
    number: row.number,
    state: row.state,
    // Content of an older program gets the defaults of fields that came later.
    content: EntryContent.strip().parse(row.content),
    changeReason: row.change_reason,
    author: row.author_name,
    updatedAt: row.updated_at.toISOString(),
    opinions: (opinions.get(row.id) ?? []).map(({ at, person_name, org_name, event, opinion }) => ({
      at: at.toISOString(),
      by: person_name,
      org: org_name,
      event,
      opinion,
    })),
    // The running clock is the one that somebody must keep now.
    dueOn: clocks.get(row.id)?.find(({ state }) => state === 'running')?.dueOn ?? null,
    edit: row.edit,
    can: revisionCan(ctx.actor, row),
  }))
}

export async function presentRevision(ctx: Ctx, row: RevisionRow): Promise<Revision> {
  const [revision] = await presentRevisions(ctx, [row])
  return revision!
}
