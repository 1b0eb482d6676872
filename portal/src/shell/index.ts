export { OrganisationSelect } from './organisation-select.tsx'
export { Portal } from './portal.tsx'
export type { PortalPage, PortalRoom } from './room.ts'
export { useHasScope, useSession } from './session.tsx'
