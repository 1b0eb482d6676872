import { type GrantState, grantStates } from '#contract/sharing.ts'
import { setUserCount } from '../../catalog/index.ts'
import { cancelClock, meetClock, pauseClock, resumeClock } from '../../duty/index.ts'
import { conflict } from '../../kernel/errors.ts'
import { step } from '../../kernel/step.ts'
import { emit, type TxCtx } from '../../store/index.ts'
import { stepperOf } from '../access.ts'
import { countUsers, type GrantRow, selectGrant, updateGrantRow } from './grant-store.ts'

export type GrantEvent = (typeof grantStates.steps)[number]['event']

/** Audit name of each event. */
const actions: Record<string, string> = {
  activate: 'sharing.grant_activated',
  suspend: 'sharing.grant_suspended',
  resume: 'sharing.grant_resumed',
  resume_waiting: 'sharing.grant_resumed',
  terminate: 'sharing.grant_terminated',
  expire: 'sharing.grant_expired',
}

/**
 * Takes one step of a grant: rights, compare-and-set, the supply clock, the entry's number of users, the event. Both
 * organisations stand in the event, so that each can be told.
 * @throws `state.wrong_side`, `security.missing_scope`, `state.refused`, `value.stale`
 */
export async function stepGrant(ctx: TxCtx, row: GrantRow, event: GrantEvent, reason: string): Promise<GrantRow> {
  const state = step(grantStates, row.state, event, stepperOf(ctx.actor, row))
  if (!(await updateGrantRow(ctx.db, row, { state, state_reason: reason }))) throw conflict('value.stale')
  await moveSupplyClock(ctx, row, state)
  await tellUserCount(ctx, row.entry_id)
  emit(ctx, {
    action: actions[event]!,
    object: { type: 'grant', id: row.id, name: `${row.number} ${row.entry_name}` },
    decisionId: row.id,
    detail: { ...parties(row), from: row.state, to: state, ...(reason && { reason }) },
  })
  return (await selectGrant(ctx.db, 'everything', row.id))!
}

export const parties = (row: Pick<GrantRow, 'consumer_org_id' | 'provider_org_id' | 'entry_id'>) => ({
  consumerOrgId: row.consumer_org_id,
  providerOrgId: row.provider_org_id,
  entryId: row.entry_id,
})

export const tellUserCount = async (ctx: TxCtx, entryId: string) => setUserCount(ctx, entryId, await countUsers(ctx.db, entryId))

/** Order 809 art. 22: the clock runs while the data are owed, and only then. */
async function moveSupplyClock(ctx: TxCtx, row: GrantRow, to: GrantState): Promise<void> {
  const key = { rule: 'supply' as const, objectId: row.id }
  if (to === 'active') await meetClock(ctx, key)
  else if (to === 'terminated' || to === 'expired') await cancelClock(ctx, key)
  else if (to === 'suspended' && row.state === 'pending') await pauseClock(ctx, key)
  else if (to === 'pending') await resumeClock(ctx, key)
}
