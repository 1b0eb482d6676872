import {
  categories,
  type EntrySearchQuery,
  type EntrySummary,
  levels,
  openTypes,
  type searchFacets,
  sharingTypes,
  updateCycles,
} from '#contract/catalog.ts'
import type { z } from 'zod'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { presentSummary } from '../entry/present-entry.ts'
import type { FacetName } from '../search/document.ts'
import type { Highlight } from '../search/highlight.ts'
import type { SearchResult } from '../search/search-index.ts'
import type { EntrySearch } from './open-entry-search.ts'
import { type SearchRow, selectSearchRows } from './search-store.ts'
import { searchable } from './to-search-document.ts'

type Facet = (typeof searchFacets)[number]
type Shown = { field: string; text: string; ranges: [number, number][] }
export interface SearchAnswer {
  total: number
  items: (EntrySummary & { highlights: Shown[] })[]
  facets: Record<string, { value: string; label: string; count: number }[]>
}

/** Facets of the contract by their name in the index, with the words of their values; providers have names of their own. */
const facetNames: Record<Facet, FacetName> = {
  provider: 'provider',
  sharingType: 'sharingType',
  openType: 'openingType',
  updateCycle: 'updateCycle',
  category: 'classification',
  level: 'level',
  hasData: 'hasData',
}
const labels: Record<Exclude<Facet, 'provider'>, Record<string, string>> = {
  sharingType: sharingTypes,
  openType: openTypes,
  updateCycle: updateCycles,
  category: categories,
  level: levels,
  hasData: { yes: '已有数据', no: '暂无数据' },
}
const facets = Object.keys(facetNames) as Facet[]
const maxHighlights = 8

/** Finds entries that the caller may know of by name, pinyin, items, provider, system, code or abstract. */
export async function searchEntries(ctx: Ctx, search: EntrySearch, query: z.output<typeof EntrySearchQuery>): Promise<SearchAnswer> {
  const { q, offset, limit } = query
  const scope = visibleTo(ctx.actor)
  const chosen = facets.flatMap((facet) => (query[facet] === undefined ? [] : [[facetNames[facet], [query[facet]]] as const]))
  const result = await search.search({
    text: q,
    visible: searchable(scope),
    filters: Object.fromEntries(chosen),
    offset,
    limit,
    facets: Object.values(facetNames),
  })
  const ids = result.hits.map(({ id }) => id)
  // What is shown comes from the store, under its own scope: the index only says which and in what order.
  const rows = new Map(ids.length === 0 ? [] : (await selectSearchRows(ctx.db, scope, ids)).map((row) => [row.id, row]))
  const items = result.hits.flatMap(({ id, highlights }) => {
    const row = rows.get(id)
    return row ? [{ ...presentSummary(row), highlights: presentHighlights(row, highlights) }] : []
  })
  return { total: result.total, items, facets: presentFacets(search, result) }
}

function presentFacets(search: EntrySearch, result: SearchResult): SearchAnswer['facets'] {
  const labelOf = (facet: Facet, value: string) => (facet === 'provider' ? search.providerName(value) : (labels[facet][value] ?? value))
  const counts = (facet: Facet) =>
    (result.facets[facetNames[facet]] ?? []).map(({ value, count }) => ({ value, label: labelOf(facet, value), count }))
  return Object.fromEntries(facets.map((facet) => [facet, counts(facet)]))
}

function presentHighlights(row: SearchRow, highlights: readonly Highlight[]): Shown[] {
  const texts: Record<Highlight['field'], (item: number) => string | null | undefined> = {
    name: () => row.name,
    code: () => row.code,
    abstract: () => row.abstract,
    provider: () => row.provider_name,
    system: () => row.system_name,
    itemName: (item) => row.item_names[item],
    itemCode: (item) => row.item_codes[item],
  }
  return highlights.slice(0, maxHighlights).flatMap(({ field, item = 0, ranges }) => {
    const text = texts[field](item) ?? ''
    // Between the search and the reading somebody may have shortened the text.
    const inside = ranges.filter(([, to]) => to <= text.length)
    return inside.length > 0 ? [{ field, text, ranges: inside }] : []
  })
}
