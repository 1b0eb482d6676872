// What the catalog search means, by looking at every document and every character: the reference that the index must equal.
// It shares the weights with the index and nothing else. Slow on purpose.
import { Converter } from 'opencc-js/t2cn'
import { pinyin, polyphonic } from 'pinyin-pro'
import {
  ANY_READING,
  type FacetName,
  type FieldName,
  IN_CONTEXT,
  type Reading,
  type SearchDocument,
  VIEWS,
  type ViewName,
  WEIGHTS,
} from '../server/catalog/search/document.ts'

type FacetFilter = Partial<Record<FacetName, readonly string[]>>

export interface BruteForceQuery {
  text: string
  visible: 'everything' | readonly FacetFilter[]
  filters?: FacetFilter
  facets?: readonly FacetName[]
}

export interface BruteForceResult {
  total: number
  /** All of them, best first. */
  hits: { id: string; score: number }[]
  facets: Partial<Record<FacetName, { value: string; count: number }[]>>
}

const toSimplified = Converter({ from: 't', to: 'cn' })

/** One UTF-16 unit for one. */
function foldUnits(text: string): string {
  const keep = (unit: string, folded: string) => (folded.length === 1 ? folded : unit)
  return text
    .split('')
    .map((unit) => keep(unit, unit.normalize('NFKC')))
    .map((unit) => keep(unit, unit.toLowerCase()))
    .map((unit) => keep(unit, toSimplified(unit)))
    .join('')
}

/** For each unit of a value everything that it can stand for, by view and reading. */
type Spellings = Record<ViewName, Record<Reading, string[][]>>
const remembered = new Map<string, Spellings>()

function spell(value: string): Spellings {
  const known = remembered.get(value)
  if (known !== undefined) return known
  const text = foldUnits(value)
  const context = text.split('').map((): string[] => [])
  const any = text.split('').map((): string[] => [])
  for (const run of text.matchAll(/\p{Script=Han}+/gu)) {
    const readings = pinyin(run[0], { toneType: 'none', v: true, type: 'array' })
    let at = run.index
    for (const [i, character] of [...run[0]].entries()) {
      const reading = readings[i]?.replace('ê', 'e') ?? ''
      if (character.length === 1 && /^[a-z]+$/.test(reading)) {
        context[at] = [reading]
        const others = (polyphonic(character, { toneType: 'none', v: true, type: 'array' })[0] ?? []).map((one) => one.replace('ê', 'e'))
        any[at] = [reading, ...others.flatMap((one) => (/^[ln]ve$/.test(one) ? [one, one.replace('v', 'u')] : [one]))]
      }
      at += character.length
    }
  }
  const toInitials = (readings: string[][]) => readings.map((all) => all.map((reading) => reading.slice(0, 1)))
  const spellings = {
    text: { [IN_CONTEXT]: text.split('').map((unit) => [unit]), [ANY_READING]: [] },
    pinyin: { [IN_CONTEXT]: context, [ANY_READING]: any },
    initials: { [IN_CONTEXT]: toInitials(context), [ANY_READING]: toInitials(any) },
  }
  remembered.set(value, spellings)
  return spellings
}

/** The places, as [from, to) in units, where the term is read; it may begin and end within what a unit stands for. */
function findSpans(spellings: string[][], term: string): [number, number][] {
  const endsAfter = (unit: number, rest: string): number[] =>
    (spellings[unit] ?? []).flatMap((spelling) => {
      if (spelling.startsWith(rest)) return [unit + 1]
      return rest.startsWith(spelling) ? endsAfter(unit + 1, rest.slice(spelling.length)) : []
    })
  return spellings.flatMap((options, from) =>
    options.flatMap((spelling) =>
      [...spelling].flatMap((_, cut): [number, number][] => {
        const tail = spelling.slice(cut)
        if (tail.startsWith(term)) return [[from, from + 1]]
        return term.startsWith(tail) ? endsAfter(from + 1, term.slice(tail.length)).map((to) => [from, to]) : []
      }),
    ),
  )
}

function rateTerm(field: FieldName, value: string, term: string): number {
  const views = /^[a-z]+$/.test(term) ? VIEWS : (['text'] as const)
  const worths = views.flatMap((view) =>
    ([IN_CONTEXT, ANY_READING] as const).flatMap((reading) =>
      findSpans(spell(value)[view][reading], term).map(([from, to]) => {
        const [exact, prefix, part] = WEIGHTS[field][view][reading] as [number, number, number]
        return from > 0 ? part : to === value.length ? exact : prefix
      }),
    ),
  )
  return Math.max(0, ...worths)
}

/** The sum of each term's best worth; 0 when a term is not found. */
export function rateDocument(document: SearchDocument, terms: readonly string[]): number {
  const { name, code, system, provider, abstract, items } = document
  const values: [FieldName, string][] = [
    ...Object.entries({ name, code, system, provider, abstract }),
    ...items.flatMap((item) => [
      ['itemName', item.name],
      ['itemCode', item.code],
    ]),
  ] as [FieldName, string][]
  const worths = terms.map((term) => Math.max(0, ...values.map(([field, value]) => rateTerm(field, value, term))))
  return worths.includes(0) ? 0 : worths.reduce((sum, worth) => sum + worth, 0)
}

export function searchByBruteForce(documents: readonly SearchDocument[], query: BruteForceQuery): BruteForceResult {
  const terms = [...new Set(foldUnits(query.text).split(/\s+/u).filter(Boolean))]
  const found = documents
    .filter((document) => query.visible === 'everything' || query.visible.some((clause) => passes(document, clause)))
    .map((document) => ({ document, score: rateDocument(document, terms) }))
    .filter(({ score }) => terms.length === 0 || score > 0)
  const filters = query.filters ?? {}
  const hits = found
    .filter(({ document }) => passes(document, filters))
    .sort((a, b) => b.score - a.score || compareRank(a.document, b.document))
  const facets: BruteForceResult['facets'] = {}
  for (const facet of query.facets ?? []) {
    const { [facet]: _, ...others } = filters
    facets[facet] = countValues(found.filter(({ document }) => passes(document, others)).map(({ document }) => document.facets[facet]))
  }
  return { total: hits.length, hits: hits.map(({ document, score }) => ({ id: document.id, score })), facets }
}

function passes(document: SearchDocument, filter: FacetFilter): boolean {
  return Object.entries(filter).every(([facet, values]) => values.includes(document.facets[facet as FacetName]))
}

function compareRank(a: SearchDocument, b: SearchDocument): number {
  return (b.boost ?? 0) - (a.boost ?? 0) || a.name.length - b.name.length || (a.id < b.id ? -1 : 1)
}

function countValues(values: string[]): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}
