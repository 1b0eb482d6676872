// Answers a query within one segment: scores, scope, filters, facet counts, and the best documents in rank order.
import { type Bitmap, countBits, createBitmap, intersect, listBits, uniteSet } from './doc-sets.ts'
import { EXACT, FACETS, type FacetName, FIELDS, type FieldName, mapFields, mapViews, PART, PREFIX, type ViewName, VIEWS, WEIGHTS } from './document.ts'
import { clearFinds, createFinds, type Finds, matchField } from './match-field.ts'
import { accumulate, increment } from './lists.ts'
import type { Segment } from './segment.ts'
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

/** A term is worth the best of these that finds it, so they are tried in this order. */
const TIERS = FIELDS.flatMap((field) =>
  VIEWS.flatMap((view) => [EXACT, PREFIX, PART].map((extent) => ({ field, view, extent, worth: WEIGHTS[field][view][extent] as number }))),
).sort((a, b) => b.worth - a.worth)

const HIGHEST_WORTH = TIERS[0]?.worth as number

/** Working memory of a segment. Queries are synchronous: one set serves them all. */
interface Scratch {
  score: Uint32Array
  hits: Uint32Array
  finds: Record<FieldName, Record<ViewName, Finds>>
}
const scratches = new WeakMap<Segment, Scratch>()

export function searchSegment(segment: Segment, { terms, scope, filters, counts, top }: SegmentQuery): SegmentAnswer {
  const scratch = findScratch(segment)
  const matched = segment.live.slice()
  if (scope !== null) intersect(matched, uniteClauses(segment, scope))
  if (terms.length === 0) scratch.score.fill(0)
  for (const [i, views] of terms.entries()) matchTerm(segment, { views, isFirst: i === 0 }, matched, scratch)
  const passing = filters.map((test) => ({ facet: test.facet, docs: uniteValues(segment, test) }))
  const intersectAll = (except: FacetName | null) => {
    const docs = matched.slice()
    for (const filter of passing) if (filter.facet !== except) intersect(docs, filter.docs)
    return docs
  }
  for (const facet of FACETS) {
    const numbers = counts[facet]
    // A facet is counted without its own filter: the counts say what choosing another of its values would give.
    if (numbers !== undefined && passing.some((filter) => filter.facet === facet)) {
      countValues(segment, facet, scratch.hits.subarray(0, listBits(intersectAll(facet), scratch.hits)), numbers)
    }
  }
  const hits = scratch.hits.subarray(0, listBits(intersectAll(null), scratch.hits))
  for (const facet of FACETS) {
    const numbers = counts[facet]
    if (numbers !== undefined && !passing.some((filter) => filter.facet === facet)) countValues(segment, facet, hits, numbers)
  }
  return { total: hits.length, top: selectTop({ score: scratch.score, hits, top }, terms.length * HIGHEST_WORTH) }
}

function findScratch(segment: Segment): Scratch {
  const known = scratches.get(segment)
  if (known !== undefined) return known
  const size = segment.ids.length
  const scratch = { score: new Uint32Array(size), hits: new Uint32Array(size), finds: mapFields(() => mapViews(() => createFinds(size))) }
  scratches.set(segment, scratch)
  return scratch
}

function uniteClauses(segment: Segment, clauses: readonly (readonly FacetTest[])[]): Bitmap {
  const united = createBitmap(segment.ids.length)
  for (const clause of clauses) {
    const docs = segment.live.slice()
    for (const test of clause) intersect(docs, uniteValues(segment, test))
    for (let word = 0; word < united.length; word++) united[word] = (united[word] as number) | (docs[word] as number)
  }
  return united
}

function uniteValues(segment: Segment, { facet, values }: FacetTest): Bitmap {
  const docs = createBitmap(segment.ids.length)
  const { docsOfValue } = segment.facets[facet]
  for (const value of values) if (value < docsOfValue.sizes.length) uniteSet(docsOfValue, value, docs)
  return docs
}

/** Keeps in `matched` the documents that have the term, and adds its worth to their scores. */
function matchTerm(segment: Segment, { views, isFirst }: { views: readonly TermView[]; isFirst: boolean }, matched: Bitmap, { score, finds }: Scratch): void {
  const open = matched.slice() // not found yet
  let left = countBits(open)
  const seen = new Set<Finds>()
  for (const { field, view: name, extent, worth } of TIERS) {
    if (left === 0) break
    const view = views.find((one) => one.name === name)
    if (view === undefined) continue
    const found = finds[field][name]
    if (!seen.has(found)) matchField(segment.fields[field], field, view, found)
    seen.add(found)
    if (found.any[extent] === true) left -= award(found.docs[extent] as Bitmap, open, { worth, isFirst }, score)
  }
  for (const found of seen) clearFinds(found)
  for (let word = 0; word < matched.length; word++) matched[word] = (matched[word] as number) & ~(open[word] as number)
}

/** Gives each document that is both found and open its worth, and closes it; returns their number. */
function award(found: Bitmap, open: Bitmap, { worth, isFirst }: { worth: number; isFirst: boolean }, score: Uint32Array): number {
  let count = 0
  for (let word = 0; word < open.length; word++) {
    let bits = (found[word] as number) & (open[word] as number)
    if (bits === 0) continue
    open[word] = (open[word] as number) & ~bits
    for (; bits !== 0; bits &= bits - 1, count++) {
      const doc = (word << 5) + 31 - Math.clz32(bits & -bits)
      score[doc] = isFirst ? worth : (score[doc] as number) + worth
    }
  }
  return count
}

function countValues(segment: Segment, facet: FacetName, hits: Uint32Array, counts: Uint32Array): void {
  const { valueOfDoc } = segment.facets[facet]
  for (let i = 0; i < hits.length; i++) increment(counts, valueOfDoc[hits[i] as number] as number)
}

/** Counting sort by score, of no more than `top` documents: those of equal score stay in rank order. */
function selectTop({ score, hits, top }: { score: Uint32Array; hits: Uint32Array; top: number }, highest: number): SegmentAnswer['top'] {
  const size = Math.min(top, hits.length)
  const places = new Uint32Array(highest + 2) // highest − score, + 1 → documents; then where the next of that score goes
  for (let i = 0; i < hits.length; i++) increment(places, highest - (score[hits[i] as number] as number) + 1)
  accumulate(places)
  const answer = new Array<{ doc: number; score: number }>(size)
  for (let i = 0, left = size; left > 0; i++) {
    const doc = hits[i] as number
    const bucket = highest - (score[doc] as number)
    if ((places[bucket] as number) >= size) continue
    answer[increment(places, bucket)] = { doc, score: score[doc] as number }
    left--
  }
  return answer
}
