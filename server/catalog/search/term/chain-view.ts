// A term as one class of symbols after the other: text as it is written, and initials.
import type { SymbolClass } from '../reading/alphabet.ts'
import { IN_CONTEXT, type Reading, type ViewName } from '../document.ts'
import { SORTED_SYMBOLS } from '../segment/field-index.ts'
import { addPair, addPlace, addRun, addSymbol, type FieldSearch } from './finds.ts'
import { listPairs, narrow, type PairList } from './find-positions.ts'
import type { TermView } from './term-view.ts'

export function viewChain(name: ViewName, classes: readonly SymbolClass[]): TermView {
  const { length } = classes
  return {
    name,
    first: classes[0]!,
    findEnd: (text, at, reading) => {
      for (let i = 0; i < length; i++) if (classes[i]!.has[text[at + i]!]! < reading) return -1
      return at + length
    },
    match: (search) => {
      if (classes.some(({ list }) => list.length === 0)) return
      if (length === 1) for (const symbol of classes[0]!.list) addSymbol(search, symbol, classes[0]!.has[symbol] as Reading)
      else if (length === 2) matchPairs(search, classes[0]!, classes[1]!)
      else matchLong(search, classes)
    },
  }
}

function matchPairs(search: FieldSearch, before: SymbolClass, after: SymbolClass): void {
  const { pairs, firsts } = listPairs(search.field, before, after)
  for (const [i, pair] of pairs.entries()) {
    const [first, second] = [firsts[i]!, search.field.pairs.seconds[pair]!]
    addPair(search, { pair, first, second, reading: Math.min(before.has[first]!, after.has[second]!) as Reading })
  }
}

/** A part of the term, by the classes `from` to before `to`. */
interface Window {
  classes: readonly SymbolClass[]
  from: number
  to: number
}

/** Narrows the positions of the rarest pairs by the symbols that they are sorted by; the rest of the term is read in the text. */
function matchLong(search: FieldSearch, classes: readonly SymbolClass[]): void {
  const { text, pairs } = search.field
  const { offsets, members } = pairs.positions
  const { from, rarest } = findRarestPairs(search, classes)
  const window = { classes, from, to: Math.min(from + SORTED_SYMBOLS, classes.length) }
  const ahead = classes.slice(from + 2, window.to)
  const isAll = ahead.length + 2 === classes.length
  for (const [i, pair] of rarest.pairs.entries()) {
    const reading = Math.min(classes[from]!.has[rarest.firsts[i]!]!, classes[from + 1]!.has[pairs.seconds[pair]!]!) as Reading
    narrow(search.field, { start: offsets[pair]!, end: offsets[pair + 1]!, reading }, ahead, (run) => {
      if (isAll) return addRun(search, run, classes.length)
      for (let at = run.start; at < run.end; at++) {
        const begin = members[at]! - from
        const found = Math.min(run.reading, rate(text, begin, window))
        if (found > 0) addPlace(search, begin, begin + classes.length, found as Reading)
      }
    })
  }
}

/** The rarest pairs, taking each further symbol that their positions are sorted by to leave a quarter of them. */
function findRarestPairs({ field }: FieldSearch, classes: readonly SymbolClass[]): { from: number; rarest: PairList } {
  let best = { from: 0, rarest: listPairs(field, classes[0]!, classes[1]!) }
  const costOf = ({ from, rarest }: typeof best) => rarest.cost / 4 ** Math.min(SORTED_SYMBOLS - 2, classes.length - 2 - from)
  for (let from = 1; from <= classes.length - 2 && best.rarest.cost > 0; from++) {
    const other = { from, rarest: listPairs(field, classes[from]!, classes[from + 1]!) }
    if (costOf(other) < costOf(best)) best = other
  }
  return best
}

/** The reading by which the symbols from `begin` on are in their classes, outside the window; 0 when one is not. */
function rate(text: Uint16Array, begin: number, { classes, from, to }: Window): number {
  let reading: number = IN_CONTEXT
  for (let i = from - 1; i >= 0 && reading > 0; i--) reading = Math.min(reading, classes[i]!.has[text[begin + i]!]!)
  for (let i = to; i < classes.length && reading > 0; i++) reading = Math.min(reading, classes[i]!.has[text[begin + i]!]!)
  return reading
}
