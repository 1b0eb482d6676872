import { type Destruction, destructionStates } from '#contract/ingestion/retention.ts'
import type { Actor } from '../../kernel/actor.ts'
import { notFound } from '../../kernel/errors.ts'
import { canStep } from '../../kernel/step.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { stepperOf } from '../load/present-load.ts'
import { type Decider, type DestructionRow, selectDestruction } from './retention-store.ts'

export function presentDestruction(actor: Actor, row: DestructionRow): Destruction {
  const can = (event: 'approve' | 'refuse' | 'withdraw') => canStep(destructionStates, row.state, event, stepperOf(actor, row.org_id))
  return {
    id: row.id,
    number: row.number,
    org: { id: row.org_id, name: row.org_name },
    entryId: row.entry_id,
    entryName: row.entry_name,
    kind: row.kind,
    state: row.state,
    reason: row.reason,
    citation: row.citation,
    cutoff: row.cutoff,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    opinion: row.opinion,
    evidence: row.evidence,
    destroyedAt: row.destroyed_at?.toISOString() ?? null,
    can: {
      approve: can('approve') && !isProposer(actor, row),
      refuse: can('refuse') && !isProposer(actor, row),
      withdraw: can('withdraw'),
    },
  }
}

export const isProposer = (actor: Actor, row: DestructionRow): boolean => actor.id === row.proposed_by_id

/** Null for whoever decides nothing. */
export const deciderOf = ({ id, org, scopes }: Actor): Decider | null =>
  org && scopes.has('ingestion:destroy') ? { id, orgId: org.id } : null

/** @throws value.not_found, also where it belongs to somebody else */
export async function getDestruction(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<DestructionRow> {
  const row = await selectDestruction(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}
