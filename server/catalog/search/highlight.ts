// Where the terms of a query stand in the fields of one found document.
import { FIELDS, type FieldName } from './document.ts'
import { fieldOfCell, SINGLES, type Segment } from './segment.ts'
import type { TermView } from './term-view.ts'

/** `ranges` are [from, to) in UTF-16 units of the original text, ascending and apart. */
export interface Highlight {
  field: FieldName
  /** Position of the item in the document, for the item fields. */
  item?: number
  ranges: [from: number, to: number][]
}

export function highlight(segment: Segment, doc: number, terms: readonly (readonly TermView[])[]): Highlight[] {
  const { offsets, cells } = segment.rows
  const start = offsets[doc] as number
  const highlights: Highlight[] = []
  for (let at = start; at < (offsets[doc + 1] as number); at++) {
    const field = fieldOfCell(at - start)
    const { text, starts } = segment.fields[field]
    const value = cells[at] as number
    const symbols = text.subarray((starts[value] as number) - 1, starts[value + 1]) // with the separators around
    const ranges = joinRanges(terms.flatMap((views) => findRanges(symbols, views)))
    const item = Math.floor((at - start - SINGLES) / 2)
    if (ranges.length > 0) highlights.push(item < 0 ? { field, ranges } : { field, item, ranges })
  }
  return highlights.sort((a, b) => FIELDS.indexOf(a.field) - FIELDS.indexOf(b.field))
}

/** The occurrences in the best view that has any: a word that stands in the text is not also marked as initials. */
function findRanges(symbols: Uint16Array, views: readonly TermView[]): [number, number][] {
  for (const view of views) {
    const ranges: [number, number][] = []
    for (let at = 1; at < symbols.length - 1; at++) {
      const end = findOccurrence(symbols, at, view)
      if (end < 0) continue
      ranges.push([at - 1, end - 1])
      at = end - 1
    }
    if (ranges.length > 0) return ranges
  }
  return []
}

/** The end of the longest occurrence that begins at this position, or -1. */
function findOccurrence(symbols: Uint16Array, at: number, view: TermView): number {
  const symbol = symbols[at] as number
  let end = view.whole?.has[symbol] === 1 ? at + 1 : -1
  for (const node of view.heads) {
    if (view.before(node).has[symbol] !== 1 || view.findStart(symbols, at, node) !== at) continue
    end = Math.max(end, view.findEnd(symbols, at + 1, node))
  }
  return end
}

function joinRanges(ranges: [number, number][]): [number, number][] {
  const joined: [number, number][] = []
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}
