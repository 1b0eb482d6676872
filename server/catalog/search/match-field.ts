// Finds the values of a field that contain a term, and marks each with the worth of its best occurrence.
import { EXACT, type FieldName, PART, PREFIX, WEIGHTS } from './document.ts'
import { BLOCK_BITS, type FieldIndex } from './field-index.ts'
import type { TermView } from './term-view.ts'

/** The values found for a term in one field. */
export interface Marks {
  /** Value → worth of its best occurrence so far, 0 when none was found. */
  worth: Uint8Array
  /** The first `count` are the values found, each once. */
  found: Uint32Array
  count: number
}

export function createMarks(field: FieldIndex): Marks {
  const values = field.starts.length - 1
  return { worth: new Uint8Array(values), found: new Uint32Array(values), count: 0 }
}

export function clearMarks(marks: Marks): void {
  for (let i = 0; i < marks.count; i++) marks.worth[marks.found[i] as number] = 0
  marks.count = 0
}

export function matchField(field: FieldIndex, name: FieldName, view: TermView, marks: Marks): void {
  const weights = WEIGHTS[name][view.name]
  if (view.whole !== null) matchWhole(field, view, weights, marks)
  const cut = findCheapestCut(field, view)
  for (const node of cut) matchNode(field, view, node, weights, marks)
}

function matchWhole({ text, starts, values }: FieldIndex, view: TermView, weights: readonly number[], marks: Marks): void {
  const { list, has } = view.whole as NonNullable<TermView['whole']>
  const [exact, prefix, part] = [weights[EXACT] as number, weights[PREFIX] as number, weights[PART] as number]
  for (const symbol of list) {
    if (symbol + 1 >= values.offsets.length) continue // younger than the segment
    const end = values.offsets[symbol + 1] as number
    for (let i = values.offsets[symbol] as number; i < end; i++) {
      const value = values.members[i] as number
      const start = starts[value] as number
      const isPrefix = has[text[start] as number] === 1
      const isExact = isPrefix && start + 2 === starts[value + 1]
      mark(marks, value, isExact ? exact : isPrefix ? prefix : part)
    }
  }
}

function mark(marks: Marks, value: number, worth: number): void {
  const before = marks.worth[value] as number
  if (before >= worth) return
  if (before === 0) marks.found[marks.count++] = value
  marks.worth[value] = worth
}

function findCheapestCut(field: FieldIndex, view: TermView): readonly number[] {
  let cheapest: readonly number[] = []
  let lowest = Number.POSITIVE_INFINITY
  const costs = new Map<number, number>()
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

/** How many positions of the field have the node between them and the next. */
function countPairs({ pairs }: FieldIndex, view: TermView, node: number): number {
  const after = view.after(node).has
  const starts = pairs.positions.offsets
  let count = 0
  for (const first of view.before(node).list) {
    if (first + 1 >= pairs.offsets.length) continue // younger than the segment
    const end = pairs.offsets[first + 1] as number
    for (let pair = pairs.offsets[first] as number; pair < end; pair++) {
      if (after[pairs.seconds[pair] as number] === 1) count += (starts[pair + 1] as number) - (starts[pair] as number)
    }
  }
  return count
}

function matchNode(field: FieldIndex, view: TermView, node: number, weights: readonly number[], marks: Marks): void {
  const { pairs } = field
  const after = view.after(node).has
  for (const first of view.before(node).list) {
    if (first + 1 >= pairs.offsets.length) continue // younger than the segment
    const end = pairs.offsets[first + 1] as number
    for (let pair = pairs.offsets[first] as number; pair < end; pair++) {
      if (after[pairs.seconds[pair] as number] === 1) matchPair(field, view, { node, pair, weights, marks })
    }
  }
}

interface PairMatch {
  node: number
  pair: number
  weights: readonly number[]
  marks: Marks
}

function matchPair(field: FieldIndex, view: TermView, { node, pair, weights, marks }: PairMatch): void {
  const { text, starts, blocks } = field
  const { offsets, members } = field.pairs.positions
  const [exact, prefix, part] = [weights[EXACT] as number, weights[PREFIX] as number, weights[PART] as number]
  const end = offsets[pair + 1] as number
  let value = 0
  let next = 0 // where the value after `value` begins
  for (let i = offsets[pair] as number; i < end; i++) {
    const at = members[i] as number
    if (at >= next) {
      value = Math.max(value, blocks[at >> BLOCK_BITS] as number)
      while ((starts[value + 1] as number) <= at) value++
      next = starts[value + 1] as number
    }
    if ((marks.worth[value] as number) >= exact) continue
    const from = view.findStart(text, at, node)
    if (from < 0) continue
    const to = view.findEnd(text, at + 1, node)
    if (to < 0) continue
    const isPrefix = from === starts[value]
    mark(marks, value, isPrefix && to === next - 1 ? exact : isPrefix ? prefix : part)
  }
}
