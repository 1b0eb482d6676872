// Finds the documents of a segment that contain a term in any field, sorted by the worth of their best occurrence.
import { type Bitmap, type BitmapPool, subtract, takeOut, unite } from './doc-sets.ts'
import {
  ANY_READING,
  EXACT,
  type Extent,
  FIELDS,
  type FieldName,
  IN_CONTEXT,
  PART,
  PREFIX,
  type Reading,
  VIEWS,
  WEIGHTS,
} from './document.ts'
import { createFinds, type Finds } from './finds.ts'
import type { Segment } from './segment.ts'
import type { TermView } from './term-view.ts'

/** Documents for which the term is worth the same. */
export interface Tier {
  worth: number
  docs: Bitmap
}

const EXTENTS: readonly Extent[] = [EXACT, PREFIX, PART]
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

/** Narrows `matched` to the documents that have the term; returns them by worth, highest first, each in one tier. */
export function matchTerm(segment: Segment, views: readonly TermView[], matched: Bitmap, pool: BitmapPool): Tier[] {
  const open = pool.takeCopy(matched) // what is not found yet
  const tiers: Tier[] = []
  const searched = new Map<string, Record<Reading, Finds>>()
  for (const { field, view: name, reading, extent, worth } of ORDER) {
    const view = views.find((one) => one.name === name)
    if (view === undefined) continue
    const key = `${field} ${name}`
    const found = searched.get(key) ?? { [IN_CONTEXT]: createFinds(pool), [ANY_READING]: createFinds(pool) }
    if (!searched.has(key)) view.match({ field: segment.fields[field], finds: found, areExtentsEqual: hasOneWeight(field) })
    searched.set(key, found)
    const docs = found[reading].docs[extent]
    if (docs === null) continue
    const isAnyLeft = takeOut(docs, open)
    const last = tiers.at(-1)
    if (last?.worth === worth) unite(last.docs, docs)
    else tiers.push({ worth, docs })
    if (!isAnyLeft) break
  }
  subtract(matched, open)
  return tiers
}

function hasOneWeight(field: FieldName): boolean {
  const weights = WEIGHTS[field].text[IN_CONTEXT]
  return weights[EXACT] === weights[PART]
}
