// What is indexed of a catalog entry, by which fields it is found, and how much each way of matching is worth.

/** The closed dimensions by which results are narrowed and counted. */
export const FACETS = ['provider', 'sharingType', 'openingType', 'updateCycle', 'classification', 'level', 'state', 'hasData'] as const
export type FacetName = (typeof FACETS)[number]

export interface SearchDocument {
  id: string
  /** Of the stored entry; an older version never replaces a newer one. */
  version: number
  name: string
  code: string
  abstract: string
  provider: string
  system: string
  items: { name: string; code: string }[]
  facets: Record<FacetName, string>
  /** Orders documents of equal score, higher first; 0 when absent. */
  boost?: number
}

/** The searched fields. A document has one value of each but of the item fields, where it has one per item. */
export const FIELDS = ['name', 'code', 'itemName', 'system', 'provider', 'itemCode', 'abstract'] as const
export type FieldName = (typeof FIELDS)[number]

/** How much of the field's value the term is: all of it, its beginning, or a part. */
export const EXACT = 0
export const PREFIX = 1
export const PART = 2
export type Extent = typeof EXACT | typeof PREFIX | typeof PART

/** How a term is read, best first. `pinyin` and `initials` take each character as it is read in its context; the `any…` forms take every reading it has. */
export const VIEWS = ['text', 'pinyin', 'initials', 'anyPinyin', 'anyInitials'] as const
export type ViewName = (typeof VIEWS)[number]

const TEXT_WEIGHTS: Record<FieldName, [exact: number, prefix: number, part: number]> = {
  name: [240, 200, 160],
  code: [230, 90, 70],
  itemName: [120, 110, 100],
  system: [80, 75, 70],
  provider: [60, 56, 52],
  itemCode: [50, 46, 42],
  abstract: [30, 30, 30],
}
const VIEW_SHARES: Record<ViewName, number> = { text: 1, pinyin: 0.75, initials: 0.5, anyPinyin: 0.25, anyInitials: 0.125 }

/** The worth of one term in one field, 1 to 255: `WEIGHTS[field][view][extent]`. A term counts its best match; terms add up. */
export const WEIGHTS = mapFields((field) => mapViews((view) => TEXT_WEIGHTS[field].map((weight) => Math.floor(weight * VIEW_SHARES[view]))))

export function mapFields<T>(make: (field: FieldName) => T): Record<FieldName, T> {
  return mapKeys(FIELDS, make)
}

export function mapViews<T>(make: (view: ViewName) => T): Record<ViewName, T> {
  return mapKeys(VIEWS, make)
}

export function mapFacets<T>(make: (facet: FacetName) => T): Record<FacetName, T> {
  return mapKeys(FACETS, make)
}

function mapKeys<K extends string, T>(keys: readonly K[], make: (key: K) => T): Record<K, T> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, T>
}
