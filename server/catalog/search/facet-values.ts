// Facet values are numbered per facet, for all segments of an index; numbers are never reused.
import { type FacetName, mapFacets } from './document.ts'

export interface FacetValues {
  /** The number of a value, a new one when it was not seen before. */
  number(facet: FacetName, value: string): number
  /** The number of a value, or undefined when no document ever had it. */
  find(facet: FacetName, value: string): number | undefined
  list(facet: FacetName): readonly string[]
}

export function createFacetValues(): FacetValues {
  const values = mapFacets((): string[] => [])
  const numbers = mapFacets(() => new Map<string, number>())
  return {
    number: (facet, value) => {
      const known = numbers[facet].get(value)
      if (known !== undefined) return known
      const number = values[facet].push(value) - 1
      numbers[facet].set(value, number)
      return number
    },
    find: (facet, value) => numbers[facet].get(value),
    list: (facet) => values[facet],
  }
}
