import type { PortalRoom } from '../shell/index.ts'
import { wordsOf } from '../ui/index.ts'
import { auditText } from './audit/text.ts'
import { securityText } from './text.ts'

export const securityRoom: PortalRoom = {
  name: 'security',
  title: wordsOf(securityText, (t) => t.room),
  pages: [
    {
      page: 'organisations',
      title: wordsOf(securityText, (t) => t.organisation.title),
      needs: 'security:organisations',
      menu: 'room',
      load: () => import('./organisation/organisation-list-page.tsx').then((module) => module.OrganisationListPage),
    },
    {
      page: 'people',
      title: wordsOf(securityText, (t) => t.people.title),
      needs: 'security:organisations',
      menu: 'room',
      load: () => import('./people/people-page.tsx').then((module) => module.PeoplePage),
    },
    {
      page: 'authorisations',
      title: wordsOf(securityText, (t) => t.authorisation.title),
      needs: 'security:authorise',
      menu: 'room',
      load: () => import('./people/authorisations-page.tsx').then((module) => module.AuthorisationsPage),
    },
    {
      page: 'audit',
      title: wordsOf(auditText, (t) => t.title),
      needs: 'audit:read',
      menu: 'room',
      load: () => import('./audit/audit-page.tsx').then((module) => module.AuditPage),
    },
  ],
}
