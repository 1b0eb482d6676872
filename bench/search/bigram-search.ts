// The other side: MiniSearch 7 with bigrams, answering the same question: what matches, in scope, filtered, with facet counts.
import MiniSearch from 'minisearch'
import type { CorpusEntry } from '../../demo/build-corpus.ts'
import type { FacetFilter, SearchQuery } from '../../server/catalog/search/search-index.ts'

const hanOrWord = /(\p{Script=Han}+)|([a-z0-9_]+)/giu

function toBigrams(text: string): string[] {
  const tokens: string[] = []
  for (const [, han, word] of text.matchAll(hanOrWord)) {
    if (han === undefined) tokens.push(word!.toLowerCase())
    else if (han.length === 1) tokens.push(han)
    else for (let i = 0; i + 1 < han.length; i++) tokens.push(han.slice(i, i + 2))
  }
  return tokens
}

function listTexts(entry: CorpusEntry, field: string): string {
  if (field === 'items') return entry.items.map(({ name, code }) => `${name} ${code}`).join(' ')
  return entry[field as 'name']
}

export type BigramSearch = MiniSearch<CorpusEntry>

export function buildBigramSearch(corpus: readonly CorpusEntry[]): BigramSearch {
  const mini: BigramSearch = new MiniSearch<CorpusEntry>({
    fields: ['name', 'code', 'abstract', 'provider', 'system', 'items'],
    storeFields: ['facets'],
    tokenize: toBigrams,
    processTerm: (term) => term,
    extractField: listTexts,
    // A single character begins bigrams; a code is typed from its beginning.
    searchOptions: { combineWith: 'AND', boost: { name: 4, items: 2 }, prefix: (term) => term.length === 1 || /^\w/.test(term) },
  })
  mini.addAll(corpus)
  return mini
}

export function askBigramSearch(mini: BigramSearch, { text, visible, filters = {}, facets = [] }: SearchQuery): number {
  const passes = (values: CorpusEntry['facets'], filter: FacetFilter) =>
    Object.entries(filter).every(([facet, allowed]) => allowed.includes(values[facet as keyof typeof values]))
  const isFree = visible === 'everything' && Object.keys(filters).length === 0
  const results = mini.search(text, {
    ...(isFree
      ? {}
      : {
          filter: ({ facets: own }) => passes(own, filters) && (visible === 'everything' || visible.some((clause) => passes(own, clause))),
        }),
  })
  for (const facet of facets) {
    const counts = new Map<string, number>()
    for (const { facets: own } of results) counts.set(own[facet], (counts.get(own[facet]) ?? 0) + 1)
  }
  return results.length
}
