import type { Person } from '#contract/security.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { forgetAttempts } from '../sessions/login-attempts.ts'
import { lockPerson, presentPerson } from './person-store.ts'

/** Ends a lock-out before its time. @throws not_found */
export const unlockPerson = (ctx: Ctx, personId: string): Promise<Person> =>
  inTx(ctx, async (ctx) => {
    const person = await lockPerson(ctx.db, personId)
    await forgetAttempts(ctx.db, person.login_key)
    emit(ctx, { action: 'security.person_unlocked', object: { type: 'person', id: personId, name: person.display_name } })
    return presentPerson(ctx, personId)
  })
