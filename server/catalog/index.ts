import type { Room } from '../jobs/index.ts'
import { boundRoutes } from './routes.ts'

export { bindResource } from './resource/bind-resource.ts'
export { entryOwner, findEntry, getPublishedContent, getResourceForGrant, setUserCount } from './entry/entry-facts.ts'
export { findPublishedEntries, listPublishedItems, type PublishedEntry } from './entry/published-entries.ts'

export const openCatalog = (): Room => ({ routes: boundRoutes, jobs: [] })
