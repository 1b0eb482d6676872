// Which documents have all terms of a query, and which of them are the best: by the sum of their terms' worths, then in rank
// order. Of one term, only as many are sorted as are asked for; of several, all, because sums mix the orders.
import { type Bitmap, type BitmapPool, intersect, lowestBit, subtract } from './segment/doc-sets.ts'
import { accumulate, increment } from './segment/lists.ts'
import { HIGHEST_WORTH, matchTerm, type Tier } from './match-term.ts'
import type { Segment } from './segment/segment.ts'
import type { TermView } from './term/term-view.ts'

export interface RankedDocument {
  doc: number
  score: number
}

export interface Ranking {
  /** The documents in scope that have all terms. */
  matched: Bitmap
  /** The best of these hits, which are the wanted ones that are matched. */
  takeTop(hits: Hits): RankedDocument[]
}

export interface Hits {
  docs: Bitmap
  count: number
  /** As an ascending list, written when first asked for, and valid until other hits are listed. */
  list(): Uint32Array
}

export interface RankScratch {
  pool: BitmapPool
  /** Document → score, of any content. */
  score: Uint32Array
}

interface Demand {
  scoped: Bitmap
  /** Of these the best are asked for. */
  wanted: Bitmap
  top: number
}

export function rankTerms(segment: Segment, terms: readonly (readonly TermView[])[], demand: Demand, scratch: RankScratch): Ranking {
  const { scoped, wanted, top } = demand
  const { pool, score } = scratch
  const [only, ...others] = terms.map((views) => matchTerm(segment, views, pool))
  if (only === undefined)
    return { matched: scoped, takeTop: ({ list }) => Array.from(list().subarray(0, top), (doc) => ({ doc, score: 0 })) }
  const matched = pool.takeEmpty()
  if (others.length === 0) {
    const best = takeFrom(only.walkTiers(pool.takeCopy(scoped)), wanted, top)
    only.uniteAll(matched, scoped)
    intersect(matched, scoped)
    return { matched, takeTop: () => best }
  }
  matched.set(scoped)
  const tiers = [only, ...others].map(({ walkTiers }) => {
    const open = pool.takeCopy(matched)
    const found = [...walkTiers(open)]
    subtract(matched, open)
    return found
  })
  return { matched, takeTop: (hits) => sortByScore(tiers, hits, score, top) }
}

/** The tiers of one term are the order. */
function takeFrom(tiers: Iterable<Tier>, docs: Bitmap, top: number): RankedDocument[] {
  const taken: RankedDocument[] = []
  if (top === 0) return taken
  for (const tier of tiers) {
    for (let word = 0; word < docs.length; word++) {
      for (let bits = tier.docs[word]! & docs[word]!; bits !== 0; bits &= bits - 1) {
        taken.push({ doc: lowestBit(word, bits), score: tier.worth })
        if (taken.length === top) return taken
      }
    }
  }
  return taken
}

/** Counting sort, of no more than `top` documents. */
function sortByScore(terms: readonly Tier[][], { docs, list }: Hits, score: Uint32Array, top: number): RankedDocument[] {
  const hits = list()
  for (let i = 0; i < hits.length; i++) score[hits[i]!] = 0
  for (const { worth, docs: found } of terms.flat()) addWorth(found, docs, worth, score)
  const highest = terms.length * HIGHEST_WORTH
  const places = new Uint32Array(highest + 2) // of the scores from the highest down, one to the right
  for (let i = 0; i < hits.length; i++) increment(places, highest - score[hits[i]!]! + 1)
  accumulate(places)
  const size = Math.min(top, hits.length)
  const sorted = new Array<RankedDocument>(size)
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
