// Answers a query within one segment: scores, scope, filters, facet counts, and the best documents in rank order.
import {
  type Bitmap,
  type BitmapPool,
  countBits,
  countCommon,
  createBitmapPool,
  type DocSets,
  intersect,
  listBits,
  unite,
  uniteSet,
} from './segment/doc-sets.ts'
import { FACETS, type FacetName } from './document.ts'
import { increment } from './segment/lists.ts'
import { type Hits, type RankedDocument, type RankScratch, rankTerms } from './rank-hits.ts'
import type { Segment } from './segment/segment.ts'
import type { TermView } from './term/term-view.ts'

export interface SegmentQuery {
  /** For each term the ways to find it. All terms must be found. */
  terms: readonly (readonly TermView[])[]
  /** Documents outside every clause do not exist for this query; null: all exist. */
  scope: readonly (readonly FacetTest[])[] | null
  /** All must hold; at most one per facet. */
  filters: readonly FacetTest[]
  /** Facet → value number → documents counted so far, over segments. */
  counts: Partial<Record<FacetName, Uint32Array>>
  /** How many of the best documents are wanted. */
  top: number
}

/** The numbers of the facet's values that pass. */
export interface FacetTest {
  facet: FacetName
  values: readonly number[]
}

export interface SegmentAnswer {
  total: number
  /** Best first. */
  top: RankedDocument[]
}

/** Working memory of a segment. Queries are synchronous: one set serves them all. */
interface Scratch extends RankScratch {
  hits: Uint32Array
}
const scratches = new WeakMap<Segment, Scratch>()

export function searchSegment(segment: Segment, { terms, scope, filters, counts, top }: SegmentQuery): SegmentAnswer {
  const scratch = findScratch(segment)
  const { pool } = scratch
  const scoped = pool.takeCopy(segment.live)
  if (scope !== null) intersect(scoped, uniteClauses(segment, scope, pool))
  const filtered = filters.map((test) => ({ facet: test.facet, docs: uniteValues(segment, test, pool.takeEmpty()) }))
  const applyFilters = (docs: Bitmap, except: FacetName | null) => {
    const left = pool.takeCopy(docs)
    for (const filter of filtered) if (filter.facet !== except) intersect(left, filter.docs)
    return left
  }
  const ranked = rankTerms(segment, terms, { scoped, wanted: applyFilters(scoped, null), top }, scratch)
  // A filtered facet is counted without its own filter: the counts say what choosing another of its values would give.
  const own = filtered.map(({ facet }) => facet)
  for (const facet of own) countFacets(segment, [facet], listHits(applyFilters(ranked.matched, facet), scratch), counts)
  const hits = listHits(applyFilters(ranked.matched, null), scratch)
  countFacets(
    segment,
    FACETS.filter((facet) => !own.includes(facet)),
    hits,
    counts,
  )
  const answer = { total: hits.count, top: ranked.takeTop(hits) }
  pool.releaseAll()
  return answer
}

function findScratch(segment: Segment): Scratch {
  const known = scratches.get(segment)
  if (known !== undefined) return known
  const size = segment.ids.length
  const scratch = { pool: createBitmapPool(size), hits: new Uint32Array(size), score: new Uint32Array(size) }
  scratches.set(segment, scratch)
  return scratch
}

function uniteClauses(segment: Segment, clauses: readonly (readonly FacetTest[])[], pool: BitmapPool): Bitmap {
  const united = pool.takeEmpty()
  for (const [first, ...others] of clauses) {
    if (first === undefined) return segment.live // a clause without tests lets all pass
    if (others.length === 0) uniteValues(segment, first, united)
    else {
      const docs = uniteValues(segment, first, pool.takeEmpty())
      for (const test of others) intersect(docs, uniteValues(segment, test, pool.takeEmpty()))
      unite(united, docs)
    }
  }
  return united
}

/** Adds the documents that pass a test. */
function uniteValues(segment: Segment, { facet, values }: FacetTest, docs: Bitmap): Bitmap {
  const sets = segment.facets.docsOfValue[facet]
  for (const value of values) if (value < sets.sizes.length) uniteSet(sets, value, docs)
  return docs
}

function listHits(docs: Bitmap, { hits }: Scratch): Hits {
  const count = countBits(docs)
  let list: Uint32Array | undefined
  return {
    docs,
    count,
    list: () => {
      list ??= hits.subarray(0, listBits(docs, hits))
      return list
    },
  }
}

/** Adds up, of these facets, those that are to be counted. */
function countFacets(segment: Segment, facets: readonly FacetName[], hits: Hits, counts: SegmentQuery['counts']): void {
  const { rows, docsOfValue } = segment.facets
  const columns: { at: number; numbers: Uint32Array }[] = []
  for (const facet of facets) {
    const numbers = counts[facet]
    if (numbers === undefined) continue
    // By the sets of the values or document by document, whichever is less to look at.
    if (docsOfValue[facet].pool.length >= hits.count) columns.push({ at: FACETS.indexOf(facet), numbers })
    else countSets(docsOfValue[facet], hits.docs, numbers)
  }
  if (columns.length === 0) return
  const list = hits.list()
  for (let i = 0; i < list.length; i++) {
    const row = list[i]! * FACETS.length
    for (let column = 0; column < columns.length; column++) {
      const { at, numbers } = columns[column]!
      increment(numbers, rows[row + at]!)
    }
  }
}

function countSets(sets: DocSets, docs: Bitmap, numbers: Uint32Array): void {
  for (let value = 0; value < sets.sizes.length; value++) numbers[value] = numbers[value]! + countCommon(sets, value, docs)
}
