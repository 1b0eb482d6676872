// Finds the documents of a segment that contain a term in any field.
import { type Bitmap, type BitmapPool, isSubset, takeOut, unite } from './segment/doc-sets.ts'
import { ANY_READING, EXACT, EXTENTS, FIELDS, type FieldName, IN_CONTEXT, PART, type Reading, VIEWS, WEIGHTS } from './document.ts'
import { createFinds, type Finds } from './term/finds.ts'
import type { Segment } from './segment/segment.ts'
import type { TermView } from './term/term-view.ts'

/** Documents for which the term is worth the same. */
export interface Tier {
  worth: number
  docs: Bitmap
}

export interface TermMatch {
  /** The documents of `open` that have the term, by worth, highest first, each in one tier. Takes them out of `open`. */
  walkTiers(open: Bitmap): Iterable<Tier>
  /** Adds all documents that have the term; those outside `wanted` may be missing. */
  uniteAll(docs: Bitmap, wanted: Bitmap): void
}

const READINGS: readonly Reading[] = [IN_CONTEXT, ANY_READING]
const ORDER = FIELDS.flatMap((field) =>
  VIEWS.flatMap((view) =>
    READINGS.flatMap((reading) =>
      EXTENTS.map((extent) => ({ field, view, reading, extent, worth: WEIGHTS[field][view][reading][extent]! })),
    ),
  ),
)
  .filter(({ worth }) => worth > 0)
  .sort((a, b) => b.worth - a.worth)

export const HIGHEST_WORTH = ORDER[0]!.worth

type FindsByReading = Record<Reading, Finds>

/** Fields are searched when they are first needed. */
export function matchTerm(segment: Segment, views: readonly TermView[], pool: BitmapPool): TermMatch {
  const searched = new Map<TermView, Partial<Record<FieldName, FindsByReading>>>(views.map((view) => [view, {}]))
  const searchField = (view: TermView, field: FieldName): FindsByReading => {
    const known = searched.get(view)![field]
    if (known !== undefined) return known
    const finds = { [IN_CONTEXT]: createFinds(pool), [ANY_READING]: createFinds(pool) }
    searched.get(view)![field] = finds
    view.match({ field: segment.fields[field], finds, areExtentsEqual: hasOneWeight(field) })
    return finds
  }
  return {
    walkTiers: (open) => walkTiers(views, searchField, open),
    uniteAll: (docs, wanted) => {
      const finds = { pool, docs: [docs, docs, docs] } satisfies Finds
      for (const field of FIELDS) {
        for (const view of views) {
          const known = searched.get(view)![field]
          if (known !== undefined) uniteFinds(known, docs)
          else view.match({ field: segment.fields[field], finds: { [IN_CONTEXT]: finds, [ANY_READING]: finds }, areExtentsEqual: true })
          if (view.first.list.length > BROAD && isSubset(wanted, docs)) return
        }
      }
    },
  }
}

/** Something that begins with so many symbols may be in all documents: then the remaining fields cannot add any. */
const BROAD = 16

function* walkTiers(
  views: readonly TermView[],
  searchField: (view: TermView, field: FieldName) => FindsByReading,
  open: Bitmap,
): Generator<Tier> {
  let last: Tier | undefined
  for (const { field, view: name, reading, extent, worth } of ORDER) {
    const view = views.find((one) => one.name === name)
    const docs = view && searchField(view, field)[reading].docs[extent]
    if (!docs) continue
    const isAnyLeft = takeOut(docs, open)
    if (last?.worth === worth) unite(last.docs, docs)
    else {
      if (last !== undefined) yield last
      last = { worth, docs }
    }
    if (!isAnyLeft) break
  }
  if (last !== undefined) yield last
}

function uniteFinds(finds: FindsByReading, docs: Bitmap): void {
  for (const reading of READINGS) for (const found of finds[reading].docs) if (found !== null) unite(docs, found)
}

function hasOneWeight(field: FieldName): boolean {
  const weights = WEIGHTS[field].text[IN_CONTEXT]
  return weights[EXACT] === weights[PART]
}
