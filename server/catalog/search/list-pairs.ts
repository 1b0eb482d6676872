import type { SymbolClass } from './alphabet.ts'
import type { FieldIndex } from './field-index.ts'

/** Pairs of a field, and the number of positions where they stand. */
export interface PairList {
  pairs: number[]
  firsts: number[]
  cost: number
}

/** The pairs whose symbols are in these classes. */
export function listPairs({ pairs }: FieldIndex, before: SymbolClass, after: SymbolClass): PairList {
  const starts = pairs.positions.offsets
  const listed: PairList = { pairs: [], firsts: [], cost: 0 }
  const add = (pair: number, first: number) => {
    listed.pairs.push(pair)
    listed.firsts.push(first)
    listed.cost += starts[pair + 1]! - starts[pair]!
  }
  for (const first of before.list) {
    if (first + 1 >= pairs.offsets.length) continue // younger than the segment
    const [start, end] = [pairs.offsets[first]!, pairs.offsets[first + 1]!]
    if (after.list.length * 8 < end - start) {
      for (const second of after.list) {
        const pair = findPair(pairs.seconds, { start, end }, second)
        if (pair >= 0) add(pair, first)
      }
    } else {
      for (let pair = start; pair < end; pair++) if (after.has[pairs.seconds[pair]!] !== 0) add(pair, first)
    }
  }
  return listed
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
