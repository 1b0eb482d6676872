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
export const EXTENTS = [EXACT, PREFIX, PART] as const
export type Extent = (typeof EXTENTS)[number]

/** How a term is looked for, best first: as it is written, or words of letters as pinyin and as the first letters of pinyin. */
export const VIEWS = ['text', 'pinyin', 'initials'] as const
export type ViewName = (typeof VIEWS)[number]

/** How Han characters are read for it: each as in its context, or each in any of its readings. */
export const IN_CONTEXT = 2
export const ANY_READING = 1
export type Reading = typeof IN_CONTEXT | typeof ANY_READING

const TEXT_WEIGHTS: Record<FieldName, [exact: number, prefix: number, part: number]> = {
  name: [240, 200, 160],
  code: [230, 90, 80],
  itemName: [120, 110, 100],
  system: [80, 75, 70],
  provider: [60, 56, 52],
  itemCode: [50, 46, 42],
  abstract: [30, 30, 30],
}
const SHARES: Record<ViewName, Partial<Record<Reading, number>>> = {
  text: { [IN_CONTEXT]: 1 },
  pinyin: { [IN_CONTEXT]: 0.75, [ANY_READING]: 0.25 },
  initials: { [IN_CONTEXT]: 0.5, [ANY_READING]: 0.125 },
}

/**
 * The worth of one term in one field: `WEIGHTS[field][view][reading][extent]`, 0 where it is not looked for. A term counts
 * its best occurrence; terms add up. A part read in context is worth no less than the whole by other readings.
 */
export const WEIGHTS = mapFields((field) =>
  mapKeys(VIEWS, (view) => {
    const toWorths = (reading: Reading) => TEXT_WEIGHTS[field].map((weight) => Math.floor(weight * (SHARES[view][reading] ?? 0)))
    return { [IN_CONTEXT]: toWorths(IN_CONTEXT), [ANY_READING]: toWorths(ANY_READING) }
  }),
)

export function mapFields<T>(make: (field: FieldName) => T): Record<FieldName, T> {
  return mapKeys(FIELDS, make)
}

export function mapFacets<T>(make: (facet: FacetName) => T): Record<FacetName, T> {
  return mapKeys(FACETS, make)
}

function mapKeys<K extends string, T>(keys: readonly K[], make: (key: K) => T): Record<K, T> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, T>
}
