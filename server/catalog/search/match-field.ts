// Finds the documents that contain a term in one field.
import { SEPARATOR } from './alphabet.ts'
import { ANY_READING, EXACT, type Extent, IN_CONTEXT, PART, PREFIX, type Reading } from './document.ts'
import { type Bitmap, type BitmapPool, uniteSet } from './doc-sets.ts'
import { type FieldIndex, findValue } from './field-index.ts'
import type { TermView } from './term-view.ts'

/** The documents found, by extent; null while there are none. Those of the lesser extents may repeat those of the greater. */
export interface Finds {
  docs: [exact: Bitmap | null, prefix: Bitmap | null, part: Bitmap | null]
  pool: BitmapPool
}

function docsTo(extent: Extent, { docs, pool }: Finds): Bitmap {
  docs[extent] ??= pool.takeEmpty()
  return docs[extent]
}

/** Adds what is found by each reading to its finds. */
export function matchField(field: FieldIndex, view: TermView, finds: Record<Reading, Finds>, areExtentsEqual: boolean): void {
  const search: Search = { field, view, finds, areExtentsEqual }
  for (const symbol of view.whole.list) matchSymbol(search, symbol, view.whole.has[symbol] as Reading)
  for (const crossing of findCheapestCut(field, view)) matchCrossing(search, crossing)
}

interface Search {
  field: FieldIndex
  view: TermView
  finds: Record<Reading, Finds>
  /** Then all may be found as a part. */
  areExtentsEqual: boolean
}

function matchSymbol({ field, finds, areExtentsEqual }: Search, symbol: number, reading: Reading): void {
  const { docsOfSymbol, docsOfValue, firsts, starts } = field
  if (symbol >= docsOfSymbol.sizes.length || docsOfSymbol.sizes[symbol] === 0) return // the former: younger than the segment
  uniteSet(docsOfSymbol, symbol, docsTo(PART, finds[reading]))
  if (areExtentsEqual) return
  for (let i = firsts.offsets[symbol]!; i < firsts.offsets[symbol + 1]!; i++) {
    const value = firsts.members[i]!
    const extent = starts[value + 1] === starts[value]! + 2 ? EXACT : PREFIX
    uniteSet(docsOfValue, value, docsTo(extent, finds[reading]))
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
      for (let pair = start; pair < end; pair++) if (after.has[pairs.seconds[pair]!] !== 0) add(pair)
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
  const { view, field } = search
  const { positions, seconds } = field.pairs
  const [before, after] = [view.before(node).has, view.after(node).has]
  for (const pair of pairs) {
    const first = field.text[positions.members[positions.offsets[pair]!]!]!
    const second = seconds[pair]!
    const reading = Math.min(before[first]!, after[second]!) as Reading
    if (view.isPair(first, second, node, reading)) matchPair(search, { pair, first, second, reading })
    else matchPositions(search, pair, node, reading)
  }
}

interface FoundPair {
  pair: number
  first: number
  second: number
  reading: Reading
}

function matchPair({ field, finds, areExtentsEqual }: Search, { pair, first, second, reading }: FoundPair): void {
  const { docsOfPair, docsOfValue, firsts, starts, text } = field
  uniteSet(docsOfPair, pair, docsTo(PART, finds[reading]))
  if (areExtentsEqual) return
  for (let i = firsts.offsets[first]!; i < firsts.offsets[first + 1]!; i++) {
    const value = firsts.members[i]!
    const start = starts[value]!
    if (text[start + 1] !== second) continue
    const extent = starts[value + 1] === start + 3 ? EXACT : PREFIX
    uniteSet(docsOfValue, value, docsTo(extent, finds[reading]))
  }
}

/** Looks at each place of a pair. An occurrence in context is worth more than any other there, so others are then not looked for. */
function matchPositions(search: Search, pair: number, node: number, reading: Reading): void {
  const { view, field } = search
  const { offsets, members } = field.pairs.positions
  for (let i = offsets[pair]!; i < offsets[pair + 1]!; i++) {
    const at = members[i]!
    if (reading === IN_CONTEXT && matchPosition(search, at, node, IN_CONTEXT)) continue
    if (view.name !== 'text') matchPosition(search, at, node, ANY_READING)
  }
}

function matchPosition({ view, field, finds }: Search, at: number, node: number, reading: Reading): boolean {
  const { text } = field
  const from = view.findStart(text, at, node, reading)
  if (from < 0) return false
  const to = view.findEnd(text, at + 1, node, reading)
  if (to < 0) return false
  const extent: Extent = text[from - 1] !== SEPARATOR ? PART : text[to] === SEPARATOR ? EXACT : PREFIX
  uniteSet(field.docsOfValue, findValue(field, at), docsTo(extent, finds[reading]))
  return true
}
