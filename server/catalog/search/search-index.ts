// The catalog's search index: in memory, synchronous, without input or output. Whoever owns the store feeds it.
// Documents live in segments of falling size; a change adds a small segment, and segments that have become many are merged.
// A reader sees all of a change or nothing of it.
import { createAlphabet } from './reading/alphabet.ts'
import { buildSegment, mergeSegments } from './segment/build-segment.ts'
import { hasBit } from './segment/doc-sets.ts'
import { FACETS, type FacetName, type SearchDocument } from './document.ts'
import { toTerms } from './reading/fold.ts'
import { createHighlighter, type Highlight } from './highlight.ts'
import { type FacetTest, type SegmentAnswer, type SegmentQuery, searchSegment } from './search-segment.ts'
import { compareRanks, createFacetValues, rankOf, removeFromSegment, type Segment, type Shared } from './segment/segment.ts'
import { viewTerm } from './term/term-view.ts'

export const MAX_LIMIT = 1000

/** For each facet the values that pass. */
export type FacetFilter = Partial<Record<FacetName, readonly string[]>>

export interface SearchQuery {
  text: string
  /**
   * What the searcher may know of: documents that pass at least one of these filters. Nothing else is found, counted or
   * ranked. `[]` is nothing; `'everything'` must be meant.
   */
  visible: 'everything' | readonly FacetFilter[]
  filters?: FacetFilter
  offset?: number
  /** At most MAX_LIMIT; 20 when absent. */
  limit?: number
  /** Facets to count. Each is counted as if it were not filtered itself. */
  facets?: readonly FacetName[]
}

export interface SearchResult {
  total: number
  hits: { id: string; score: number; highlights: Highlight[] }[]
  /** Most frequent first, then by value; values without a document are left out. */
  facets: Partial<Record<FacetName, { value: string; count: number }[]>>
}

export interface SearchIndex {
  readonly size: number
  /** Adds or replaces; a document older than the one known under its id is ignored. */
  upsert(document: SearchDocument): void
  upsertMany(documents: Iterable<SearchDocument>): void
  remove(id: string): void
  /** @throws RangeError for an offset or a limit that is not a whole number in range */
  search(query: SearchQuery): SearchResult
  /** What is indexed, in no particular order: compare with the store to measure the drift. */
  versions(): Iterable<[id: string, version: number]>
}

interface Place {
  segment: Segment
  doc: number
}

interface State {
  shared: Shared
  /** In descending levels of size. */
  segments: Segment[]
  places: Map<string, Place>
}

export function createSearchIndex(): SearchIndex {
  const state: State = {
    shared: { alphabet: createAlphabet(), facetValues: createFacetValues() },
    segments: [],
    places: new Map(),
  }
  return {
    get size() {
      return state.places.size
    },
    upsert: (document) => upsert(state, [document]),
    upsertMany: (documents) => upsert(state, documents),
    remove: (id) => {
      forget(state, id)
      settle(state)
    },
    search: (query) => search(state, query),
    versions: () => listVersions(state),
  }
}

function upsert(state: State, documents: Iterable<SearchDocument>): void {
  const latest = new Map<string, SearchDocument>()
  for (const document of documents) {
    const known = latest.get(document.id)?.version ?? findVersion(state, document.id)
    if (known === undefined || document.version >= known) latest.set(document.id, document)
  }
  if (latest.size === 0) return
  const segment = buildSegment([...latest.values()], state.shared)
  for (const id of latest.keys()) forget(state, id)
  state.segments.push(segment)
  locate(state, segment)
  settle(state)
}

function findVersion({ places }: State, id: string): number | undefined {
  const place = places.get(id)
  return place?.segment.versions[place.doc]
}

function forget({ places }: State, id: string): void {
  const place = places.get(id)
  if (place === undefined) return
  removeFromSegment(place.segment, place.doc)
  places.delete(id)
}

function locate({ places }: State, segment: Segment): void {
  for (const [doc, id] of segment.ids.entries()) if (hasBit(segment.live, doc)) places.set(id, { segment, doc })
}

/** Segments of one level are merged when there are as many; those of the next level have as many times more documents. */
const FAN = 4

/** Restores what makes searching fast: few segments, in descending levels, with few removed documents in them. */
function settle(state: State): void {
  state.segments = state.segments.filter((segment) => segment.liveCount > 0)
  for (const [i, segment] of state.segments.entries()) if (segment.liveCount * 2 < segment.ids.length) merge(state, i, i + 1)
  for (;;) {
    const levels = state.segments.map((segment) => Math.floor(Math.log(segment.liveCount) / Math.log(FAN)))
    const last = levels.at(-1)
    const smaller = levels.findIndex((level, i) => level < levels[i + 1]!)
    if (smaller >= 0) merge(state, smaller, levels.length)
    else if (last !== undefined && levels.filter((level) => level === last).length >= FAN) merge(state, levels.indexOf(last), levels.length)
    else return
  }
}

function merge(state: State, from: number, to: number): void {
  const merged = mergeSegments(state.segments.slice(from, to), state.shared)
  state.segments.splice(from, to - from, merged)
  locate(state, merged)
}

function search(state: State, query: SearchQuery): SearchResult {
  const { offset = 0, limit = 20 } = query
  if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError(`offset must be a whole number from 0: ${offset}`)
  if (!Number.isInteger(limit) || limit < 0 || limit > MAX_LIMIT) throw new RangeError(`limit must be 0 to ${MAX_LIMIT}: ${limit}`)
  const terms = toTerms(query.text).map((term) => viewTerm(term, state.shared.alphabet))
  const counts: SegmentQuery['counts'] = {}
  for (const facet of query.facets ?? []) counts[facet] = new Uint32Array(state.shared.facetValues.list(facet).length)
  const segmentQuery: SegmentQuery = {
    terms,
    scope: query.visible === 'everything' ? null : query.visible.map((filter) => toTests(state, filter)),
    filters: toTests(state, query.filters ?? {}),
    counts,
    top: offset + limit,
  }
  const answers = state.segments.map((segment) => ({ segment, ...searchSegment(segment, segmentQuery) }))
  const highlight = createHighlighter(terms)
  const hits = mergeTops(answers, offset + limit).slice(offset)
  return {
    total: answers.reduce((sum, answer) => sum + answer.total, 0),
    hits: hits.map(({ segment, doc, score }) => ({ id: segment.ids[doc] as string, score, highlights: highlight(segment, doc) })),
    facets: toFacetCounts(state, counts),
  }
}

function toTests({ shared }: State, filter: FacetFilter): FacetTest[] {
  return FACETS.flatMap((facet) => {
    const values = filter[facet]?.map((value) => shared.facetValues.find(facet, value)).filter((number) => number !== undefined)
    return values === undefined ? [] : [{ facet, values }]
  })
}

interface Hit extends Place {
  score: number
}

/** Merges the ranked answers of the segments into the `wanted` best. */
function mergeTops(answers: readonly (SegmentAnswer & { segment: Segment })[], wanted: number): Hit[] {
  const [first, ...others] = answers.map(({ segment, top }) => top.map(({ doc, score }) => ({ segment, doc, score })))
  if (others.length === 0) return first ?? []
  return [first as Hit[], ...others].flat().sort(compareHits).slice(0, wanted)
}

function compareHits(a: Hit, b: Hit): number {
  return b.score - a.score || compareRanks(rankOf(a.segment, a.doc), rankOf(b.segment, b.doc))
}

function toFacetCounts({ shared }: State, counts: SegmentQuery['counts']): SearchResult['facets'] {
  const facets: SearchResult['facets'] = {}
  for (const facet of FACETS) {
    const numbers = counts[facet]
    if (numbers === undefined) continue
    const values = shared.facetValues.list(facet)
    const counted: { value: string; count: number }[] = []
    for (const [number, count] of numbers.entries()) if (count > 0) counted.push({ value: values[number]!, count })
    facets[facet] = counted.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
  return facets
}

function* listVersions({ places }: State): Iterable<[string, number]> {
  for (const [id, { segment, doc }] of places) yield [id, segment.versions[doc]!]
}
