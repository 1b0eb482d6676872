// A segment is an immutable index over some documents; only the marks of its removed documents change.
// Its documents are numbered in rank order, so that among equal scores the lower number comes first.
import type { Alphabet } from '../reading/alphabet.ts'
import { type Bitmap, type DocSets, hasBit, removeBit } from './doc-sets.ts'
import { type FacetName, type FieldName, mapFacets } from '../document.ts'
import type { FieldIndex } from './field-index.ts'

/** Facet values are numbered per facet, for all segments of an index; numbers are never reused. */
export interface FacetValues {
  /** The number of a value, a new one when it was not seen before. */
  number(facet: FacetName, value: string): number
  /** The number of a value, or undefined when no document ever had it. */
  find(facet: FacetName, value: string): number | undefined
  list(facet: FacetName): readonly string[]
}

const MAX_NUMBER = 0xffff

export function createFacetValues(): FacetValues {
  const values = mapFacets((): string[] => [])
  const numbers = mapFacets(() => new Map<string, number>())
  return {
    number: (facet, value) => {
      const known = numbers[facet].get(value)
      if (known !== undefined) return known
      const number = values[facet].push(value) - 1
      if (number > MAX_NUMBER) throw new RangeError(`facet ${facet} has too many values to be a facet`)
      numbers[facet].set(value, number)
      return number
    },
    find: (facet, value) => numbers[facet].get(value),
    list: (facet) => values[facet],
  }
}

/** What all segments of an index have in common. */
export interface Shared {
  alphabet: Alphabet
  facetValues: FacetValues
}

export interface Segment {
  ids: readonly string[]
  versions: Float64Array
  boosts: Float64Array
  facets: SegmentFacets
  fields: Record<FieldName, FieldIndex>
  /** The fields by `COLUMNS`. */
  columns: readonly FieldIndex[]
  /** Document → its values, by `COLUMNS`. */
  rows: Rows
  /** The documents that are not removed, and their number. */
  live: Bitmap
  liveCount: number
}

export interface SegmentFacets {
  /** Document by document, the numbers of its facet values in the order of `FACETS`. */
  rows: Uint16Array
  /** Value number → documents. A value that no document had when the segment was built has no set. */
  docsOfValue: Record<FacetName, DocSets>
}

/** The row of document `d` is `cells[offsets[d]] … cells[offsets[d + 1] - 1]`. */
export interface Rows {
  offsets: Uint32Array
  cells: Uint32Array
}

export interface Rank {
  boost: number
  nameLength: number
  id: string
}

/** The columns of a row: one value of each of the first, then, item by item, one of each of the last two. */
export const COLUMNS: readonly FieldName[] = ['name', 'code', 'system', 'provider', 'abstract', 'itemName', 'itemCode']
export const SINGLES = 5
const NAME = COLUMNS.indexOf('name')

export function columnOf(cell: number): number {
  return cell < SINGLES ? cell : SINGLES + ((cell - SINGLES) & 1)
}

export function fieldOfCell(cell: number): FieldName {
  return COLUMNS[columnOf(cell)]!
}

/** Among equal scores: the higher boost, the shorter name, the lower id. */
export function compareRanks(a: Rank, b: Rank): number {
  return b.boost - a.boost || a.nameLength - b.nameLength || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

export function rankOf(segment: Segment, doc: number): Rank {
  const { starts } = segment.fields.name
  const value = segment.rows.cells[segment.rows.offsets[doc]! + NAME]!
  const nameLength = starts[value + 1]! - 1 - starts[value]!
  return { boost: segment.boosts[doc]!, nameLength, id: segment.ids[doc] as string }
}

/** Marks a document as removed. */
export function removeFromSegment(segment: Segment, doc: number): void {
  if (!hasBit(segment.live, doc)) return
  removeBit(segment.live, doc)
  segment.liveCount--
}
