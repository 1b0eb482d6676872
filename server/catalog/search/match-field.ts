// Finds the documents that contain a term in one field.
import { SEPARATOR } from './alphabet.ts'
import { EXACT, type Extent, type FieldName, PART, PREFIX, WEIGHTS } from './document.ts'
import { type Bitmap, createBitmap, uniteSet } from './doc-sets.ts'
import { type FieldIndex, findValue } from './field-index.ts'
import type { TermView } from './term-view.ts'

/** By extent, the documents found. The lesser extents may or may not repeat the documents of the greater. */
export interface Finds {
  docs: readonly [exact: Bitmap, prefix: Bitmap, part: Bitmap]
  /** Whether anything was found to that extent. */
  any: [exact: boolean, prefix: boolean, part: boolean]
}

export function createFinds(documents: number): Finds {
  return { docs: [createBitmap(documents), createBitmap(documents), createBitmap(documents)], any: [false, false, false] }
}

/** Fills `finds`, which must be clear, and returns it. */
export function matchField(field: FieldIndex, name: FieldName, view: TermView, finds: Finds): Finds {
  const weights = WEIGHTS[name][view.name]
  const search: Search = { field, view, finds, areExtentsEqual: weights[EXACT] === weights[PART] }
  if (view.whole !== null) matchSymbols(search, view.whole)
  for (const crossing of findCheapestCut(field, view)) matchCrossing(search, crossing)
  return finds
}

interface Search {
  field: FieldIndex
  view: TermView
  finds: Finds
  /** Then all is found as a part. */
  areExtentsEqual: boolean
}

function matchSymbols({ field, finds, areExtentsEqual }: Search, { list }: NonNullable<TermView['whole']>): void {
  const { docsOfSymbol, docsOfValue, firsts, starts } = field
  for (const symbol of list) {
    if (symbol >= docsOfSymbol.sizes.length || docsOfSymbol.sizes[symbol] === 0) continue // the former: younger than the segment
    uniteSet(docsOfSymbol, symbol, finds.docs[PART])
    finds.any[PART] = true
    if (areExtentsEqual) continue
    for (let i = firsts.offsets[symbol]!; i < firsts.offsets[symbol + 1]!; i++) {
      const value = firsts.members[i]!
      const extent = starts[value + 1] === starts[value]! + 2 ? EXACT : PREFIX
      uniteSet(docsOfValue, value, finds.docs[extent])
      finds.any[extent] = true
    }
  }
}

/** A node with the pairs of the field that can stand around it. */
interface Crossing {
  node: number
  pairs: readonly number[]
  /** Their number of positions. */
  cost: number
}

function findCheapestCut(field: FieldIndex, view: TermView): Crossing[] {
  const crossings = new Map<number, Crossing>()
  let cheapest: Crossing[] = []
  let lowest = Number.POSITIVE_INFINITY
  for (const cut of view.cuts) {
    const found = cut.map((node) => {
      const crossing = crossings.get(node) ?? findCrossing(field, view, node)
      crossings.set(node, crossing)
      return crossing
    })
    const cost = found.reduce((sum, crossing) => sum + crossing.cost, 0)
    if (cost < lowest) [cheapest, lowest] = [found, cost]
    if (lowest === 0) break
  }
  return cheapest
}

function findCrossing({ pairs }: FieldIndex, view: TermView, node: number): Crossing {
  const after = view.after(node)
  const starts = pairs.positions.offsets
  const found: number[] = []
  let cost = 0
  const add = (pair: number) => {
    found.push(pair)
    cost += starts[pair + 1]! - starts[pair]!
  }
  for (const first of view.before(node).list) {
    if (first + 1 >= pairs.offsets.length) continue // younger than the segment
    const [start, end] = [pairs.offsets[first]!, pairs.offsets[first + 1]!]
    if (after.list.length * 8 < end - start) {
      for (const second of after.list) {
        const pair = findPair(pairs.seconds, { start, end }, second)
        if (pair >= 0) add(pair)
      }
    } else {
      for (let pair = start; pair < end; pair++) if (after.has[pairs.seconds[pair]!] === 1) add(pair)
    }
  }
  return { node, pairs: found, cost }
}

function findPair(seconds: Uint16Array, { start, end }: { start: number; end: number }, second: number): number {
  let [low, high] = [start, end]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (seconds[middle]! < second) low = middle + 1
    else high = middle
  }
  return low < end && seconds[low] === second ? low : -1
}

function matchCrossing(search: Search, { node, pairs }: Crossing): void {
  const {
    text,
    pairs: { positions, seconds },
  } = search.field
  for (const pair of pairs) {
    const first = text[positions.members[positions.offsets[pair]!]!]!
    const second = seconds[pair]!
    if (search.view.isPair(first, second, node)) matchPair(search, pair, { first, second })
    else matchPositions(search, pair, node)
  }
}

function matchPair({ field, finds, areExtentsEqual }: Search, pair: number, { first, second }: { first: number; second: number }): void {
  const { docsOfPair, docsOfValue, firsts, starts, text } = field
  uniteSet(docsOfPair, pair, finds.docs[PART])
  finds.any[PART] = true
  if (areExtentsEqual) return
  for (let i = firsts.offsets[first]!; i < firsts.offsets[first + 1]!; i++) {
    const value = firsts.members[i]!
    const start = starts[value]!
    if (text[start + 1] !== second) continue
    const extent = starts[value + 1] === start + 3 ? EXACT : PREFIX
    uniteSet(docsOfValue, value, finds.docs[extent])
    finds.any[extent] = true
  }
}

function matchPositions({ field, view, finds }: Search, pair: number, node: number): void {
  const { text, docsOfValue } = field
  const { offsets, members } = field.pairs.positions
  for (let i = offsets[pair]!; i < offsets[pair + 1]!; i++) {
    const at = members[i]!
    const from = view.findStart(text, at, node)
    if (from < 0) continue
    const to = view.findEnd(text, at + 1, node)
    if (to < 0) continue
    const extent: Extent = text[from - 1] !== SEPARATOR ? PART : text[to] === SEPARATOR ? EXACT : PREFIX
    uniteSet(docsOfValue, findValue(field, at), finds.docs[extent])
    finds.any[extent] = true
  }
}
