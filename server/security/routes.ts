import { securityRoutes } from '#contract/security.ts'
import { bind, type Handlers } from '../http/index.ts'
import { createSession } from './create-session.ts'
import { presentSession } from './present-session.ts'
import { removeSession } from './remove-session.ts'
import { selectSession } from './session-store.ts'

const handlers: Pick<Handlers<typeof securityRoutes>, 'create_session' | 'get_session' | 'remove_session'> = {
  create_session: async (ctx, { body }, transport) => {
    const { token, session } = await createSession(ctx, body)
    transport.setSession(token)
    return session
  },
  get_session: async (ctx, _input, transport) => presentSession(ctx, (await selectSession(ctx.db, transport.sessionToken!))!),
  remove_session: async (ctx, _input, transport) => {
    await removeSession(ctx, transport.sessionToken!)
    transport.setSession(null)
    return undefined
  },
}

const { create_session, get_session, remove_session } = securityRoutes
export const boundRoutes = bind({ create_session, get_session, remove_session }, handlers)
