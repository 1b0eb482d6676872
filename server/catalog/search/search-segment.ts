// Answers a query within one segment: scores, scope, filters, facet counts, and the best documents in rank order.
import {
  type Bitmap,
  type BitmapPool,
  countBits,
  countCommon,
  createBitmapPool,
  intersect,
  listBits,
  lowestBit,
  unite,
  uniteSet,
} from './doc-sets.ts'
import { FACETS, type FacetName } from './document.ts'
import { accumulate, increment } from './lists.ts'
import { HIGHEST_WORTH, matchTerm, type Tier } from './match-term.ts'
import type { FacetColumn, Segment } from './segment.ts'
import type { TermView } from './term-view.ts'

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
  top: { doc: number; score: number }[]
}

/** Working memory of a segment. Queries are synchronous: one set serves them all. */
interface Scratch {
  pool: BitmapPool
  hits: Uint32Array
  score: Uint32Array
}
const scratches = new WeakMap<Segment, Scratch>()

export function searchSegment(segment: Segment, { terms, scope, filters, counts, top }: SegmentQuery): SegmentAnswer {
  const scratch = findScratch(segment)
  const { pool } = scratch
  const matched = pool.takeCopy(segment.live)
  if (scope !== null) intersect(matched, uniteClauses(segment, scope, pool))
  const tiers = terms.map((views) => matchTerm(segment, views, matched, pool))
  const filtered = filters.map((test) => ({ facet: test.facet, docs: uniteValues(segment, test, pool.takeEmpty()) }))
  const intersectAll = (except: FacetName | null) => {
    const docs = pool.takeCopy(matched)
    for (const filter of filtered) if (filter.facet !== except) intersect(docs, filter.docs)
    return docs
  }
  for (const { facet } of filtered) {
    // Without the facet's own filter, the counts say what choosing another of its values would give.
    if (counts[facet] !== undefined) countValues(segment.facets[facet], toHits(intersectAll(facet), scratch), counts[facet])
  }
  const passing = toHits(intersectAll(null), scratch)
  for (const facet of FACETS) {
    const isFiltered = filtered.some((filter) => filter.facet === facet)
    if (counts[facet] !== undefined && !isFiltered) countValues(segment.facets[facet], passing, counts[facet])
  }
  const answer = { total: passing.count, top: selectTop(tiers, passing, scratch.score, top) }
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
  const { docsOfValue } = segment.facets[facet]
  for (const value of values) if (value < docsOfValue.sizes.length) uniteSet(docsOfValue, value, docs)
  return docs
}

interface Hits {
  docs: Bitmap
  count: number
  /** As an ascending list, written when first asked for, and valid until the next hits are listed. */
  list(): Uint32Array
}

function toHits(docs: Bitmap, { hits }: Scratch): Hits {
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

/** Adds up by the sets of the values or document by document, whichever is faster: a word of a set costs about half a document. */
function countValues({ valueOfDoc, docsOfValue }: FacetColumn, { docs, count, list }: Hits, counts: Uint32Array): void {
  if (docsOfValue.pool.length < count * 2) {
    for (let value = 0; value < docsOfValue.sizes.length; value++) counts[value] = counts[value]! + countCommon(docsOfValue, value, docs)
  } else {
    const hits = list()
    for (let i = 0; i < count; i++) increment(counts, valueOfDoc[hits[i]!]!)
  }
}

/** The `top` best: by the sum of their terms' worths, then in rank order. */
function selectTop(terms: readonly Tier[][], { docs, list }: Hits, score: Uint32Array, top: number): SegmentAnswer['top'] {
  const [only, ...others] = terms
  if (only === undefined) return Array.from(list().subarray(0, top), (doc) => ({ doc, score: 0 }))
  return others.length === 0 ? takeFrom(only, docs, top) : sortByScore(terms, list(), { score, docs, top })
}

/** Of one term, the tiers are the order. */
function takeFrom(tiers: readonly Tier[], docs: Bitmap, top: number): SegmentAnswer['top'] {
  const taken: SegmentAnswer['top'] = []
  for (const tier of tiers) {
    for (let word = 0; word < docs.length && taken.length < top; word++) {
      for (let bits = tier.docs[word]! & docs[word]!; bits !== 0 && taken.length < top; bits &= bits - 1) {
        taken.push({ doc: lowestBit(word, bits), score: tier.worth })
      }
    }
  }
  return taken
}

/** Counting sort, of no more than `top` documents. */
function sortByScore(
  terms: readonly Tier[][],
  hits: Uint32Array,
  { score, docs, top }: { score: Uint32Array; docs: Bitmap; top: number },
): SegmentAnswer['top'] {
  for (let i = 0; i < hits.length; i++) score[hits[i]!] = 0
  for (const { worth, docs: found } of terms.flat()) addWorth(found, docs, worth, score)
  const highest = terms.length * HIGHEST_WORTH
  const places = new Uint32Array(highest + 2) // of the scores from the highest down, one to the right
  for (let i = 0; i < hits.length; i++) increment(places, highest - score[hits[i]!]! + 1)
  accumulate(places)
  const size = Math.min(top, hits.length)
  const sorted = new Array<{ doc: number; score: number }>(size)
  for (let i = 0, left = size; left > 0; i++) {
    const doc = hits[i]!
    const place = highest - score[doc]!
    if (places[place]! >= size) continue
    sorted[increment(places, place)] = { doc, score: score[doc]! }
    left--
  }
  return sorted
}

function addWorth(found: Bitmap, docs: Bitmap, worth: number, score: Uint32Array): void {
  for (let word = 0; word < docs.length; word++) {
    for (let bits = found[word]! & docs[word]!; bits !== 0; bits &= bits - 1) {
      const doc = lowestBit(word, bits)
      score[doc] = score[doc]! + worth
    }
  }
}
