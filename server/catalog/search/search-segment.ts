// Answers a query within one segment: scores, scope, filters, facet counts, and the best documents in rank order.
import { FACETS, FIELDS, type FacetName } from './document.ts'
import { clearMarks, createMarks, type Marks, matchField } from './match-field.ts'
import type { Segment } from './segment.ts'
import type { TermView } from './term-view.ts'

export interface SegmentQuery {
  /** For each term the ways to find it. All terms must be found. */
  terms: readonly (readonly TermView[])[]
  /** Documents outside every clause do not exist for this query; null: all exist. */
  scope: readonly FacetTest[][] | null
  /** All must hold; at most one per facet. */
  filters: readonly FacetTest[]
  /** Facet → value number → documents counted so far, over segments. */
  counts: Partial<Record<FacetName, Uint32Array>>
  /** How many of the best documents are wanted. */
  top: number
}

export interface FacetTest {
  facet: FacetName
  /** Value number → 1 when it passes. */
  passes: Uint8Array
}

export interface SegmentAnswer {
  total: number
  /** Best first. */
  top: { doc: number; score: number }[]
}

/** Working memory by segment: queries are synchronous, so one set serves them all. */
interface Scratch {
  best: Uint8Array
  score: Uint16Array
  hits: Uint32Array
  marks: Marks[]
}
const scratches = new WeakMap<Segment, Scratch>()

export function searchSegment(segment: Segment, query: SegmentQuery): SegmentAnswer {
  const scratch = findScratch(segment)
  const matched = matchTerms(segment, query.terms, scratch)
  const total = admit(segment, query, scratch.hits, matched)
  for (const facet of FACETS) {
    const counts = query.counts[facet]
    if (counts !== undefined) countValues(segment.facets[facet], scratch.hits, total, counts)
  }
  return { total, top: selectTop(scratch, total, query.top) }
}

function findScratch(segment: Segment): Scratch {
  const known = scratches.get(segment)
  if (known !== undefined) return known
  const size = segment.ids.length
  const scratch = {
    // Read four at a time, hence the round length.
    best: new Uint8Array(Math.ceil(size / 4) * 4),
    score: new Uint16Array(size),
    hits: new Uint32Array(size),
    marks: FIELDS.map((field) => createMarks(segment.fields[field])),
  }
  scratches.set(segment, scratch)
  return scratch
}

/** Fills `hits`, ascending, and `score`; returns the number of hits. */
function matchTerms(segment: Segment, terms: readonly (readonly TermView[])[], scratch: Scratch): number {
  const { best, score, hits } = scratch
  const [first, ...others] = terms
  let count = 0
  if (first === undefined) {
    score.fill(0)
    for (let doc = 0; doc < hits.length; doc++) hits[doc] = doc
    return hits.length
  }
  matchTerm(segment, first, scratch)
  const words = new Uint32Array(best.buffer)
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue
    for (let doc = word * 4; doc < word * 4 + 4; doc++) {
      const worth = best[doc] as number
      if (worth === 0) continue
      score[doc] = worth
      hits[count++] = doc
    }
  }
  for (const term of others) {
    if (count === 0) return 0
    matchTerm(segment, term, scratch)
    const before = count
    count = 0
    for (let i = 0; i < before; i++) {
      const doc = hits[i] as number
      const worth = best[doc] as number
      if (worth === 0) continue
      score[doc] = (score[doc] as number) + worth
      hits[count++] = doc
    }
  }
  return count
}

/** Fills `best`: document → worth of the term's best occurrence in any field. */
function matchTerm(segment: Segment, views: readonly TermView[], { best, marks }: Scratch): void {
  best.fill(0)
  for (const [i, name] of FIELDS.entries()) {
    const field = segment.fields[name]
    const { docs } = field
    const mark = marks[i] as Marks
    for (const view of views) matchField(field, name, view, mark)
    for (let j = 0; j < mark.count; j++) {
      const value = mark.found[j] as number
      const worth = mark.worth[value] as number
      const end = docs.offsets[value + 1] as number
      for (let at = docs.offsets[value] as number; at < end; at++) {
        const doc = docs.members[at] as number
        if ((best[doc] as number) < worth) best[doc] = worth
      }
    }
    clearMarks(mark)
  }
}

/**
 * Keeps the live hits in scope that pass all filters and returns their number. A hit that fails one filter only is counted
 * for that filter's facet: the counts of a facet say what choosing another of its values would give.
 */
function admit(segment: Segment, { scope, filters, counts }: SegmentQuery, hits: Uint32Array, matched: number): number {
  const toColumns = (tests: readonly FacetTest[]) => tests.map(({ facet, passes }) => ({ facet, passes, numbers: segment.facets[facet] }))
  const clauses = scope?.map(toColumns)
  const columns = toColumns(filters)
  let total = 0
  for (let i = 0; i < matched; i++) {
    const doc = hits[i] as number
    if (segment.removed[doc] === 1) continue
    if (clauses !== undefined && !clauses.some((clause) => clause.every(({ passes, numbers }) => passes[numbers[doc] as number] === 1))) continue
    let failed = 0
    let facet: FacetName | null = null
    let number = 0
    for (const column of columns) {
      number = column.numbers[doc] as number
      if (column.passes[number] === 1) continue
      failed++
      facet = column.facet
    }
    if (failed === 0) hits[total++] = doc
    else if (failed === 1 && facet !== null) increment(counts[facet], segment.facets[facet][doc] as number)
  }
  return total
}

function increment(counts: Uint32Array | undefined, number: number): void {
  if (counts !== undefined) counts[number] = (counts[number] as number) + 1
}

function countValues(numbers: Uint32Array, hits: Uint32Array, total: number, counts: Uint32Array): void {
  for (let i = 0; i < total; i++) {
    const number = numbers[hits[i] as number] as number
    counts[number] = (counts[number] as number) + 1
  }
}

/** Counting sort by score, cut off at `top`: documents of equal score stay in rank order. */
function selectTop({ score, hits }: Scratch, total: number, top: number): SegmentAnswer['top'] {
  let highest = 0
  for (let i = 0; i < total; i++) highest = Math.max(highest, score[hits[i] as number] as number)
  const next = new Uint32Array(highest + 2)
  for (let i = 0; i < total; i++) increment(next, highest - (score[hits[i] as number] as number) + 1)
  for (let i = 1; i < next.length; i++) next[i] = (next[i] as number) + (next[i - 1] as number)
  const size = Math.min(top, total)
  const answer = new Array<{ doc: number; score: number }>(size)
  for (let i = 0; i < total; i++) {
    const doc = hits[i] as number
    const bucket = highest - (score[doc] as number)
    const at = next[bucket] as number
    if (at >= size) continue
    next[bucket] = at + 1
    answer[at] = { doc, score: score[doc] as number }
  }
  return answer
}

