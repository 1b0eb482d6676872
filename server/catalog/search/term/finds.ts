// The documents in which a field search has found its term.
import { type Bitmap, type BitmapPool, uniteSet } from '../segment/doc-sets.ts'
import { EXACT, EXTENTS, type Extent, PART, PREFIX, type Reading } from '../document.ts'
import { type FieldIndex, findValue } from '../segment/field-index.ts'
import { extentOf, findLongRun } from '../segment/long-runs.ts'
import type { Run } from './find-positions.ts'

/** By extent; null while there are none. Those of the lesser extents may repeat those of the greater. */
export interface Finds {
  docs: [exact: Bitmap | null, prefix: Bitmap | null, part: Bitmap | null]
  pool: BitmapPool
}

export function createFinds(pool: BitmapPool): Finds {
  return { docs: [null, null, null], pool }
}

export interface FieldSearch {
  field: FieldIndex
  finds: Record<Reading, Finds>
  /** Then all may be found as a part. */
  areExtentsEqual: boolean
}

function docsTo(extent: Extent, { docs, pool }: Finds): Bitmap {
  docs[extent] ??= pool.takeEmpty()
  return docs[extent]
}

/** All places of one symbol. */
export function addSymbol({ field, finds, areExtentsEqual }: FieldSearch, symbol: number, reading: Reading): void {
  const { symbols, docsOfSymbol, docsOfValue, firsts, starts } = field
  const number = symbols.numbers[symbol]
  if (!number || docsOfSymbol.sizes[number] === 0) return
  uniteSet(docsOfSymbol, number, docsTo(PART, finds[reading]))
  if (areExtentsEqual) return
  for (let i = firsts.offsets[number]!; i < firsts.offsets[number + 1]!; i++) {
    const value = firsts.members[i]!
    const extent = starts[value + 1] === starts[value]! + 2 ? EXACT : PREFIX
    uniteSet(docsOfValue, value, docsTo(extent, finds[reading]))
  }
}

export interface FoundPair {
  pair: number
  first: number
  second: number
  reading: Reading
}

/** All places of one pair of symbols. */
export function addPair({ field, finds, areExtentsEqual }: FieldSearch, { pair, first, second, reading }: FoundPair): void {
  const { symbols, docsOfPair, docsOfValue, firsts, starts, text } = field
  uniteSet(docsOfPair, pair, docsTo(PART, finds[reading]))
  if (areExtentsEqual) return
  const number = symbols.numbers[first]!
  for (let i = firsts.offsets[number]!; i < firsts.offsets[number + 1]!; i++) {
    const value = firsts.members[i]!
    const start = starts[value]!
    if (text[start + 1] !== second) continue
    const extent = starts[value + 1] === start + 3 ? EXACT : PREFIX
    uniteSet(docsOfValue, value, docsTo(extent, finds[reading]))
  }
}

/** One place, from position `from` to before `to`. */
export function addPlace({ field, finds, areExtentsEqual }: FieldSearch, from: number, to: number, reading: Reading): void {
  const { text, docsOfValue } = field
  const extent = areExtentsEqual ? PART : extentOf(text, from, to)
  uniteSet(docsOfValue, findValue(field, from), docsTo(extent, finds[reading]))
}

/** All places of a run of positions at which the same `symbols` symbols stand, which are an occurrence. */
export function addRun(search: FieldSearch, run: Run, symbols: number): void {
  const { field, finds } = search
  const longRuns = field.longRuns.get(symbols)
  const known = longRuns ? findLongRun(longRuns, run) : -1
  if (longRuns && known >= 0) {
    for (const extent of EXTENTS) {
      const set = known * EXTENTS.length + extent
      if (longRuns.docs.sizes[set] !== 0) uniteSet(longRuns.docs, set, docsTo(extent, finds[run.reading]))
    }
  } else {
    const { members } = field.pairs.positions
    for (let i = run.start; i < run.end; i++) addPlace(search, members[i]!, members[i]! + symbols, run.reading)
  }
}
