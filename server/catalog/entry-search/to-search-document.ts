import type { CatalogScope } from '../access.ts'
import type { SearchDocument } from '../search/document.ts'
import type { FacetFilter } from '../search/search-index.ts'
import type { SearchRow } from './search-store.ts'

/** An unpublished entry that has been handed to the bureau is a state of its own here: the bureau finds it, nobody else. */
const handedOver = 'bureau_review'

const stateOf = (row: Pick<SearchRow, 'state' | 'reached_bureau'>): string =>
  row.state === 'unpublished' && row.reached_bureau ? handedOver : row.state

/** The rule of `entryIsVisible`, as filters of the index; a withdrawn entry is found by its provider and the bureau only. */
export function searchable(scope: CatalogScope): 'everything' | FacetFilter[] {
  if (scope === 'everything') return 'everything'
  const states = ['published', 'withdrawing', ...(scope.isBureau ? ['withdrawn', handedOver] : [])]
  return [{ state: states }, ...(scope.orgId === null ? [] : [{ provider: [scope.orgId] }])]
}

export const toSearchDocument = (row: SearchRow): SearchDocument => ({
  id: row.id,
  version: row.row_version,
  name: row.name,
  code: row.code ?? '',
  abstract: row.abstract,
  provider: row.provider_name,
  system: row.system_name ?? '',
  items: row.item_names.map((name, i) => ({ name, code: row.item_codes[i]! })),
  facets: {
    provider: row.provider_org_id,
    sharingType: row.sharing_type,
    openingType: row.open_type,
    updateCycle: row.update_cycle,
    classification: row.category,
    level: row.level,
    state: stateOf(row),
    hasData: row.loaded_at === null ? 'no' : 'yes',
  },
  // Of equals, what many use and what holds data comes first.
  boost: Math.min(row.user_count, 100) + (row.loaded_at === null ? 0 : 1),
})
