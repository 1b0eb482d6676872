// Where in a field pairs of symbols stand, and runs of up to as many symbols as positions are sorted by.
import type { SymbolClass } from '../reading/alphabet.ts'
import type { Reading } from '../document.ts'
import type { FieldIndex } from '../segment/field-index.ts'

/** Pairs of a field, and the number of positions where they stand. */
export interface PairList {
  pairs: number[]
  firsts: number[]
  cost: number
}

/** The pairs whose symbols are in these classes. */
export function listPairs({ pairs, symbols }: FieldIndex, before: SymbolClass, after: SymbolClass): PairList {
  const starts = pairs.positions.offsets
  const listed: PairList = { pairs: [], firsts: [], cost: 0 }
  const add = (pair: number, first: number) => {
    listed.pairs.push(pair)
    listed.firsts.push(first)
    listed.cost += starts[pair + 1]! - starts[pair]!
  }
  for (const first of before.list) {
    const number = symbols.numbers[first]
    if (!number) continue
    const [start, end] = [pairs.offsets[number]!, pairs.offsets[number + 1]!]
    if (after.list.length * 8 < end - start) {
      for (const second of after.list) {
        const pair = findFirst({ start, end }, (at) => pairs.seconds[at]! >= second)
        if (pair < end && pairs.seconds[pair] === second) add(pair, first)
      }
    } else {
      for (let pair = start; pair < end; pair++) if (after.has[pairs.seconds[pair]!] !== 0) add(pair, first)
    }
  }
  return listed
}

/** A run of sorted positions of one pair, found by this reading. */
export interface Run {
  start: number
  end: number
  reading: Reading
}

/** More than this many symbols are looked for by walking through the runs of the text instead. */
const FEW = 4

/** Visits the runs within a run that go on, behind the pair, with symbols of these classes. */
export function narrow(field: FieldIndex, run: Run, ahead: readonly SymbolClass[], visit: (run: Run) => void, depth = 2): void {
  const after = ahead[depth - 2]
  if (after === undefined) {
    visit(run)
    return
  }
  const { text, pairs } = field
  const { members } = pairs.positions
  const enter = (start: number, end: number, symbol: number) =>
    narrow(field, { start, end, reading: Math.min(run.reading, after.has[symbol]!) as Reading }, ahead, visit, depth + 1)
  if (after.list.length <= FEW) {
    for (const symbol of after.list) {
      const start = findFirst(run, (at) => text[members[at]! + depth]! >= symbol)
      const end = findFirst({ start, end: run.end }, (at) => text[members[at]! + depth]! > symbol)
      if (start < end) enter(start, end, symbol)
    }
    return
  }
  walkRuns(field, run, depth, (symbol, start, end) => {
    if (after.has[symbol] !== 0) enter(start, end, symbol)
  })
}

/** Visits the runs within a run by the symbol that stands `depth` symbols behind its positions. */
export function walkRuns(
  { text, pairs }: FieldIndex,
  run: { start: number; end: number },
  depth: number,
  visit: (symbol: number, start: number, end: number) => void,
): void {
  const { members } = pairs.positions
  for (let start = run.start; start < run.end; ) {
    const symbol = text[members[start]! + depth]!
    let step = 1
    while (start + step < run.end && text[members[start + step]! + depth] === symbol) step *= 2
    const end = findFirst(
      { start: start + (step >> 1), end: Math.min(start + step, run.end) },
      (at) => text[members[at]! + depth] !== symbol,
    )
    visit(symbol, start, end)
    start = end
  }
}

/** The first place in a sorted run from which on it holds. */
function findFirst({ start, end }: { start: number; end: number }, holds: (at: number) => boolean): number {
  let [low, high] = [start, end]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
