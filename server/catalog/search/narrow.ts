import type { SymbolClass } from './alphabet.ts'
import type { FieldIndex } from './field-index.ts'

/** A run of sorted positions of one pair, found by this reading. */
export interface Run {
  start: number
  end: number
  reading: number
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
    narrow(field, { start, end, reading: Math.min(run.reading, after.has[symbol]!) }, ahead, visit, depth + 1)
  if (after.list.length <= FEW) {
    for (const symbol of after.list) {
      const start = findFirst(run, (at) => text[members[at]! + depth]! >= symbol)
      const end = findFirst({ start, end: run.end }, (at) => text[members[at]! + depth]! > symbol)
      if (start < end) enter(start, end, symbol)
    }
    return
  }
  for (let start = run.start; start < run.end; ) {
    const symbol = text[members[start]! + depth]!
    let step = 1
    while (start + step < run.end && text[members[start + step]! + depth] === symbol) step *= 2
    const end = findFirst(
      { start: start + (step >> 1), end: Math.min(start + step, run.end) },
      (at) => text[members[at]! + depth] !== symbol,
    )
    if (after.has[symbol] !== 0) enter(start, end, symbol)
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
