import { securityRoutes } from '#contract/security.ts'
import { bind } from '../http/index.ts'
import { exportAudit } from './audit/export-audit.ts'
import { listAudit } from './audit/list-audit.ts'
import { verifyAudit } from './audit/verify-audit.ts'
import { createOrganisation } from './organisations/create-organisation.ts'
import { listOrganisations } from './organisations/list-organisations.ts'
import { updateOrganisation } from './organisations/update-organisation.ts'
import { assignRoles } from './people/assign-roles.ts'
import { createPerson } from './people/create-person.ts'
import { listPeople } from './people/list-people.ts'
import { resetPassword } from './people/reset-password.ts'
import { unlockPerson } from './people/unlock-person.ts'
import { updatePerson } from './people/update-person.ts'
import { changePassword } from './sessions/change-password.ts'
import { createSession } from './sessions/create-session.ts'
import { presentSession } from './sessions/present-session.ts'
import { removeSession } from './sessions/remove-session.ts'
import { switchOrganisation } from './sessions/switch-organisation.ts'

/** Every act that changes the right to act answers with a session under a new token. */
const renew = async <S>(transport: { setSession(token: string): void }, acted: Promise<{ token: string; session: S }>): Promise<S> => {
  const { token, session } = await acted
  transport.setSession(token)
  return session
}

export const boundRoutes = bind(securityRoutes, {
  create_session: (ctx, { body }, transport) => renew(transport, createSession(ctx, body)),
  get_session: (ctx, _input, { sessionToken }) => presentSession(ctx, sessionToken!),
  remove_session: async (ctx, _input, transport) => {
    await removeSession(ctx, transport.sessionToken!)
    transport.setSession(null)
    return undefined
  },
  switch_organisation: (ctx, { body }, transport) => renew(transport, switchOrganisation(ctx, transport.sessionToken!, body.orgId)),
  change_password: (ctx, { body }, transport) => renew(transport, changePassword(ctx, body)),

  list_organisations: (ctx, { query }) => listOrganisations(ctx, query),
  create_organisation: (ctx, { body }) => createOrganisation(ctx, body),
  update_organisation: (ctx, { params, body }) => updateOrganisation(ctx, params.orgId, body),

  list_people: (ctx, { query }) => listPeople(ctx, query),
  list_people_for_authorisation: (ctx, { query }) => listPeople(ctx, query),
  create_person: (ctx, { body }) => createPerson(ctx, body),
  update_person: (ctx, { params, body }) => updatePerson(ctx, params.personId, body),
  reset_password: (ctx, { params }) => resetPassword(ctx, params.personId),
  unlock_person: (ctx, { params }) => unlockPerson(ctx, params.personId),
  assign_roles: (ctx, { params, body }) => assignRoles(ctx, params.personId, body),

  list_audit: (ctx, { query }) => listAudit(ctx, query),
  export_audit: (ctx, { query }) => exportAudit(ctx, query),
  verify_audit: (ctx) => verifyAudit(ctx),
})
