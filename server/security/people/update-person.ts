import type { Person } from '#contract/security.ts'
import { conflict } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { deleteSessionsOf } from '../sessions/session-store.ts'
import { lockPerson, presentPerson } from './person-store.ts'

/**
 * Changes a person, or takes the account out of use: every session of it ends with the commit.
 * @throws not_found; conflict `security.own_account`
 */
export const updatePerson = (
  ctx: Ctx,
  personId: string,
  input: { displayName?: string | undefined; active?: boolean | undefined },
): Promise<Person> =>
  inTx(ctx, async (ctx) => {
    const before = await lockPerson(ctx.db, personId)
    if (input.active === false && personId === ctx.actor.id) throw conflict('security.own_account')
    const display_name = input.displayName ?? before.display_name
    const active = input.active ?? before.active
    await ctx.db.updateTable('security.person').set({ display_name, active }).where('id', '=', personId).execute()
    if (!active) await deleteSessionsOf(ctx.db, { personId })
    const action = before.active && !active ? 'security.person_deactivated' : 'security.person_updated'
    emit(ctx, { action, object: { type: 'person', id: personId, name: display_name }, detail: { ...input } })
    return presentPerson(ctx, personId)
  })
