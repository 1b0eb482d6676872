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

export function clearFinds({ docs, any }: Finds): void {
  for (const extent of [EXACT, PREFIX, PART]) {
    if (any[extent]) docs[extent]?.fill(0)
    any[extent] = false
  }
}

/** Adds to `finds`, which must be clear. */
export function matchField(field: FieldIndex, name: FieldName, view: TermView, finds: Finds): void {
  const weights = WEIGHTS[name][view.name]
  const search: Search = { field, view, finds, areExtentsEqual: weights[EXACT] === weights[PART] }
  if (view.whole !== null) matchSymbols(search, view.whole)
  for (const node of findCheapestCut(field, view)) matchNode(search, node)
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
    for (let i = firsts.offsets[symbol] as number; i < (firsts.offsets[symbol + 1] as number); i++) {
      const value = firsts.members[i] as number
      const extent = starts[value + 1] === (starts[value] as number) + 2 ? EXACT : PREFIX
      uniteSet(docsOfValue, value, finds.docs[extent])
      finds.any[extent] = true
    }
  }
}

function findCheapestCut(field: FieldIndex, view: TermView): readonly number[] {
  const [only, ...others] = view.cuts
  if (others.length === 0) return only ?? []
  const costs = new Map<number, number>()
  let cheapest: readonly number[] = []
  let lowest = Number.POSITIVE_INFINITY
  for (const cut of view.cuts) {
    let cost = 0
    for (const node of cut) {
      const known = costs.get(node) ?? countPairs(field, view, node)
      costs.set(node, known)
      cost += known
    }
    if (cost < lowest) [cheapest, lowest] = [cut, cost]
    if (lowest === 0) break
  }
  return cheapest
}

/** Visits the pairs of the field that can stand around a node. */
function walkPairs({ pairs }: FieldIndex, view: TermView, node: number, visit: (pair: number, first: number, second: number) => void): void {
  const after = view.after(node).has
  for (const first of view.before(node).list) {
    if (first + 1 >= pairs.offsets.length) continue // younger than the segment
    const end = pairs.offsets[first + 1] as number
    for (let pair = pairs.offsets[first] as number; pair < end; pair++) {
      const second = pairs.seconds[pair] as number
      if (after[second] === 1) visit(pair, first, second)
    }
  }
}

/** How many positions of the field can have the node behind them. */
function countPairs(field: FieldIndex, view: TermView, node: number): number {
  const { offsets } = field.pairs.positions
  let count = 0
  walkPairs(field, view, node, (pair) => {
    count += (offsets[pair + 1] as number) - (offsets[pair] as number)
  })
  return count
}

function matchNode(search: Search, node: number): void {
  const { field, view } = search
  walkPairs(field, view, node, (pair, first, second) => {
    if (view.isPair(first, second, node)) matchPair(search, pair, { first, second })
    else matchPositions(search, pair, node)
  })
}

function matchPair({ field, finds, areExtentsEqual }: Search, pair: number, { first, second }: { first: number; second: number }): void {
  const { docsOfPair, docsOfValue, firsts, starts, text } = field
  uniteSet(docsOfPair, pair, finds.docs[PART])
  finds.any[PART] = true
  if (areExtentsEqual) return
  for (let i = firsts.offsets[first] as number; i < (firsts.offsets[first + 1] as number); i++) {
    const value = firsts.members[i] as number
    const start = starts[value] as number
    if (text[start + 1] !== second) continue
    const extent = starts[value + 1] === start + 3 ? EXACT : PREFIX
    uniteSet(docsOfValue, value, finds.docs[extent])
    finds.any[extent] = true
  }
}

function matchPositions({ field, view, finds }: Search, pair: number, node: number): void {
  const { text, docsOfValue } = field
  const { offsets, members } = field.pairs.positions
  for (let i = offsets[pair] as number; i < (offsets[pair + 1] as number); i++) {
    const at = members[i] as number
    const from = view.findStart(text, at, node)
    if (from < 0) continue
    const to = view.findEnd(text, at + 1, node)
    if (to < 0) continue
    const extent: Extent = text[from - 1] !== SEPARATOR ? PART : text[to] === SEPARATOR ? EXACT : PREFIX
    uniteSet(docsOfValue, findValue(field, at), finds.docs[extent])
    finds.any[extent] = true
  }
}
