// Where the terms of a query stand in the fields of one found document.
import { SEPARATOR } from './reading/alphabet.ts'
import { ANY_READING, FIELDS, type FieldName, IN_CONTEXT } from './document.ts'
import { COLUMNS, columnOf, SINGLES, type Segment } from './segment/segment.ts'
import type { TermView } from './term/term-view.ts'

/** `ranges` are [from, to) in UTF-16 units of the original text, ascending and apart. */
export interface Highlight {
  field: FieldName
  /** Position of the item in the document, for the item fields. */
  item?: number
  ranges: Range[]
}

const READINGS = [IN_CONTEXT, ANY_READING] as const

type Range = [from: number, to: number]

/** Returns how to highlight a document of a segment. */
export function createHighlighter(terms: readonly (readonly TermView[])[]): (segment: Segment, doc: number) => Highlight[] {
  const firsts = terms.flatMap((views) => views.map((view) => view.first.has))
  return ({ columns, rows: { offsets, cells } }, doc) => {
    const row = offsets[doc]!
    const end = offsets[doc + 1]!
    const highlights: Highlight[] = []
    for (let at = row; at < end; at++) {
      const column = columnOf(at - row)
      const { text, starts } = columns[column]!
      const start = starts[cells[at]!]!
      if (!holdsAny(text, start, firsts)) continue
      const ranges: Range[] = []
      for (const views of terms) findRanges(text, start, views, ranges)
      const item = Math.floor((at - row - SINGLES) / 2)
      if (ranges.length > 0) highlights.push({ field: COLUMNS[column]!, ...(item < 0 ? {} : { item }), ranges: joinRanges(ranges) })
    }
    return highlights.sort((a, b) => FIELDS.indexOf(a.field) - FIELDS.indexOf(b.field))
  }
}

/** Passes quickly over the many values in which no occurrence can begin. */
function holdsAny(text: Uint16Array, start: number, firsts: readonly Uint8Array[]): boolean {
  for (let i = 0; i < firsts.length; i++) {
    const has = firsts[i]!
    for (let at = start; text[at] !== SEPARATOR; at++) if (has[text[at]!] !== 0) return true
  }
  return false
}

/** Adds the occurrences in the best way that has any: a word that stands in the text is not also marked as initials. */
function findRanges(text: Uint16Array, start: number, views: readonly TermView[], ranges: Range[]): void {
  const before = ranges.length
  for (const view of views) {
    for (const reading of READINGS) {
      for (let at = start; text[at] !== SEPARATOR; at++) {
        if (view.first.has[text[at]!] === 0) continue
        const end = view.findEnd(text, at, reading)
        if (end < 0) continue
        ranges.push([at - start, end - start])
        at = end - 1
      }
      if (ranges.length > before) return
      if (view.name === 'text') break
    }
  }
}

function joinRanges(ranges: Range[]): Range[] {
  const joined: Range[] = []
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}
