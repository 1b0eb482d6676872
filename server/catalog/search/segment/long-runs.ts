// Runs of many sorted positions that go on alike, with their documents: a phrase of every second abstract is a set to unite
// instead of a hundred thousand positions to look up.
import { SEPARATOR } from '../reading/alphabet.ts'
import { EXACT, EXTENTS, type Extent, PART, PREFIX } from '../document.ts'
import { createDocSetsBuilder, type DocSets } from './doc-sets.ts'

/** A shorter run is walked. */
const LEAST = 256

export interface LongRuns {
  /** Where among the positions each run begins, ascending. */
  starts: Uint32Array
  /** For each run, by extent: set `run * EXTENTS.length + extent`. */
  docs: DocSets
}

/** How much of its value stands from position `from` to before `to`. */
export function extentOf(text: Uint16Array, from: number, to: number): Extent {
  return text[from - 1] !== SEPARATOR ? PART : text[to] === SEPARATOR ? EXACT : PREFIX
}

/** The runs of positions at which the same `symbols` symbols stand; `visitDocs` tells the documents of a position. */
export function buildLongRuns(
  text: Uint16Array,
  members: Uint32Array,
  { symbols, documents, visitDocs }: { symbols: number; documents: number; visitDocs: (at: number, visit: (doc: number) => void) => void },
): LongRuns {
  const runs: { start: number; end: number }[] = []
  for (let start = 0; start < members.length; ) {
    let end = start + 1
    while (end < members.length && areAlike(text, members[start]!, members[end]!, symbols)) end++
    if (end - start >= LEAST) runs.push({ start, end })
    start = end
  }
  const sets = createDocSetsBuilder(runs.length * EXTENTS.length, documents)
  for (const { start, end } of runs) {
    for (const extent of EXTENTS) {
      for (let i = start; i < end; i++) if (extentOf(text, members[i]!, members[i]! + symbols) === extent) visitDocs(members[i]!, sets.add)
      sets.next()
    }
  }
  return { starts: Uint32Array.from(runs, ({ start }) => start), docs: sets.finish() }
}

function areAlike(text: Uint16Array, one: number, other: number, symbols: number): boolean {
  for (let ahead = 0; ahead < symbols; ahead++) if (text[one + ahead] !== text[other + ahead]) return false
  return true
}

/** The number of a run; -1 when it is not a long one. */
export function findLongRun({ starts }: LongRuns, { start, end }: { start: number; end: number }): number {
  if (end - start < LEAST) return -1
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (starts[middle]! < start) low = middle + 1
    else high = middle
  }
  return starts[low] === start ? low : -1
}
