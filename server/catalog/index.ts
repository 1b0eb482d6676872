import type { Room } from '../jobs/index.ts'
import { openEntrySearch } from './entry-search/open-entry-search.ts'
import { bindRoutes } from './routes.ts'

export { bindResource } from './resource/bind-resource.ts'
export { replaceTable } from './resource/replace-table.ts'
export { unbindResource } from './resource/unbind-resource.ts'
export { unbindLogical } from './resource/unbind-logical.ts'
export { setUserCount } from './entry/set-user-count.ts'
export { countCatalog } from './entry/count-catalog.ts'
export { draftEntries } from './revision/draft-entries.ts'
export { proposeItems } from './revision/propose-items.ts'
export { adoptEntries } from './exchange/adopt-entries.ts'
export { countRevisionWork } from './revision/list-revisions.ts'
export { findPublishedEntries, listPublishedItems, type PublishedEntry } from './entry/published-entries.ts'

export function openCatalog(): Room {
  const search = openEntrySearch()
  return {
    routes: bindRoutes(search),
    jobs: [],
    start: async (ctx, feed) => search.start(ctx, feed),
    close: () => search.close(),
  }
}
