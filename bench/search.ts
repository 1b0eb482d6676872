// Catalog search at 100,000 entries against MiniSearch with bigrams, on the same entries and queries, A B A B.
import assert from 'node:assert/strict'
import MiniSearch from 'minisearch'
import { pinyin } from 'pinyin-pro'
import { searchByBruteForce } from '#testing/brute-force-search.ts'
import { buildCorpus, type CorpusEntry, createRandom } from '../demo/build-corpus.ts'
import type { FacetName } from '../server/catalog/search/document.ts'
import { type Bench, spreadOf } from './bench.ts'
import { createSearchIndex, type SearchIndex, type SearchQuery } from '../server/catalog/search/search-index.ts'

const ENTRIES = 100_000
const QUERIES = 120
const GOAL = { ratio: 100, p99Ms: 5 }
const goal = `≥ ${GOAL.ratio} × MiniSearch (p50), p99 ≤ ${GOAL.p99Ms} ms, answers as brute force gives them`
/** Our side is asked this often per round, to have enough samples for a p99. */
const REPEATS = 5

export const search: Bench = {
  name: 'search',
  figure: goal,
  async run(rounds) {
    const corpus = buildCorpus(ENTRIES)
    const queries = listQueries(corpus)
    const { index, buildMs, megabytes } = measureBuild(corpus)
    const checked = checkAnswers(index, corpus, queries)
    const mini = buildMiniSearch(corpus)
    const asked = queries.map(({ query }) => query)
    const samples: { ours: number[]; theirs: number[] }[] = []
    timeOurs(index, asked) // warm-up; neither side keeps answers
    timeTheirs(mini, asked.slice(0, 20))
    for (let round = 0; round < rounds; round++) {
      globalThis.gc?.()
      const ours = Array.from({ length: REPEATS }, () => timeOurs(index, asked)).flat()
      samples.push({ ours, theirs: timeTheirs(mini, asked) })
    }
    return [summarize(samples, { queries, buildMs, megabytes, checked })]
  },
}

interface NamedQuery {
  kind: string
  query: SearchQuery
}

/** What people type: words cut from the texts of random entries, so that common words come up often and rare ones too. */
export function listQueries(corpus: readonly CorpusEntry[]): NamedQuery[] {
  const random = createRandom(7)
  const cut = (length: number) => {
    for (;;) {
      const entry = random.pick(corpus)
      const source = random.pick([entry.name, entry.name, random.pick(entry.items).name, entry.abstract, entry.provider, entry.system])
      const at = Math.floor(random.next() * (source.length - length + 1))
      const word = source.slice(at, at + length)
      if (new RegExp(`^\\p{Script=Han}{${length}}$`, 'u').test(word)) return word
    }
  }
  const letters = (word: string, pattern: 'pinyin' | 'first') =>
    pinyin(word, { toneType: 'none', v: true, type: 'array', pattern }).join('')
  const kinds: Record<string, () => string> = {
    '1 character': () => cut(1),
    '2 characters': () => cut(2),
    '4 characters': () => cut(4),
    '6 characters': () => cut(6),
    pinyin: () => letters(cut(2 + Math.floor(random.next() * 3)), 'pinyin'),
    initials: () => letters(cut(3 + Math.floor(random.next() * 2)), 'first'),
    'two terms': () => `${cut(2)} ${cut(2)}`,
    code: () => random.pick(corpus).code.slice(0, 6 + Math.floor(random.next() * 10)),
  }
  const facets: FacetName[] = ['provider', 'sharingType', 'updateCycle', 'state']
  return Array.from({ length: QUERIES }, (_, i) => {
    const [kind, make] = Object.entries(kinds)[i % Object.keys(kinds).length] as [string, () => string]
    const own = random.pick(corpus).facets.provider
    return {
      kind,
      query: {
        text: make(),
        visible: random.chance(0.5) ? 'everything' : [{ state: ['published'] }, { provider: [own] }],
        filters: random.chance(0.3) ? { sharingType: ['有条件共享'], hasData: ['yes'] } : {},
        facets: random.chance(0.7) ? facets : [],
        limit: 20,
      },
    }
  })
}

function measureBuild(corpus: readonly CorpusEntry[]) {
  globalThis.gc?.()
  const before = process.memoryUsage()
  const start = performance.now()
  const index = createSearchIndex()
  index.upsertMany(corpus)
  const buildMs = Math.round(performance.now() - start)
  globalThis.gc?.()
  const after = process.memoryUsage()
  const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers
  return { index, buildMs, megabytes: Math.round(bytes / 1e6) }
}

/** Every answer against brute force on a small part of the corpus, and the words in characters on all of it. */
function checkAnswers(index: SearchIndex, corpus: readonly CorpusEntry[], queries: readonly NamedQuery[]) {
  const few = corpus.slice(0, 300)
  const small = createSearchIndex()
  small.upsertMany(few)
  for (const { query } of queries) {
    const answer = small.search({ ...query, limit: 1000 })
    const expected = searchByBruteForce(few, query)
    assert.deepEqual(
      { total: answer.total, hits: answer.hits.map(({ id, score }) => ({ id, score })), facets: answer.facets },
      expected,
      query.text,
    )
  }
  const texts = corpus.map((entry) =>
    [entry.name, entry.code, entry.abstract, entry.provider, entry.system, ...entry.items.flatMap((item) => [item.name, item.code])]
      .join('\n')
      .toLowerCase(),
  )
  const inCharacters = queries.filter(({ query }) => !/[a-z]/.test(query.text))
  for (const { query } of inCharacters) {
    const terms = query.text.split(' ')
    const expected = corpus.filter((_, i) => terms.every((term) => texts[i]?.includes(term))).map((entry) => entry.id)
    const found: string[] = []
    const page = { text: query.text, visible: 'everything', limit: 1000 } as const
    do found.push(...index.search({ ...page, offset: found.length }).hits.map((hit) => hit.id))
    while (found.length % page.limit === 0 && found.length < expected.length)
    assert.deepEqual(found.sort(), expected.sort(), query.text)
  }
  return { 'all queries on 300 entries': queries.length, 'queries in characters on all entries': inCharacters.length }
}

const HAN_OR_WORD = /(\p{Script=Han}+)|([a-z0-9_]+)/giu

function toBigrams(text: string): string[] {
  const tokens: string[] = []
  for (const [, han, word] of text.matchAll(HAN_OR_WORD)) {
    if (han === undefined) tokens.push((word as string).toLowerCase())
    else if (han.length === 1) tokens.push(han)
    else for (let i = 0; i + 1 < han.length; i++) tokens.push(han.slice(i, i + 2))
  }
  return tokens
}

/** Without pinyin, which only spares it work: it answers words of letters at once, with codes or nothing. */
function buildMiniSearch(corpus: readonly CorpusEntry[]): MiniSearch {
  const mini = new MiniSearch({
    fields: ['name', 'code', 'abstract', 'provider', 'system', 'items'],
    storeFields: ['facets'],
    tokenize: toBigrams,
    processTerm: (term) => term,
    extractField: (entry, field) =>
      field === 'items' ? entry.items.map((item: CorpusEntry['items'][number]) => `${item.name} ${item.code}`).join(' ') : entry[field],
    searchOptions: { combineWith: 'AND', boost: { name: 4, items: 2 }, prefix: (term) => term.length === 1 },
  })
  mini.addAll(corpus)
  return mini
}

function timeOurs(index: SearchIndex, queries: readonly SearchQuery[]): number[] {
  return queries.map((query) => {
    const start = performance.now()
    index.search(query)
    return performance.now() - start
  })
}

/** The same filters and scope; counting facets and paging would come on top. */
function timeTheirs(mini: MiniSearch, queries: readonly SearchQuery[]): number[] {
  return queries.map(({ text, filters = {}, visible }) => {
    const passes = (facets: CorpusEntry['facets'], filter: object) =>
      Object.entries(filter).every(([facet, values]) => values.includes(facets[facet as FacetName]))
    const filter = ({ facets }: { facets?: CorpusEntry['facets'] }) =>
      facets !== undefined && passes(facets, filters) && (visible === 'everything' || visible.some((clause) => passes(facets, clause)))
    const start = performance.now()
    mini.search(text, visible === 'everything' && Object.keys(filters).length === 0 ? {} : { filter: filter as never })
    return performance.now() - start
  })
}

function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
}

const round = (value: number, digits = 3) => Number(value.toFixed(digits))

function summarize(
  samples: { ours: number[]; theirs: number[] }[],
  facts: { queries: NamedQuery[]; buildMs: number; megabytes: number; checked: object },
) {
  const ratios = samples.map(({ ours, theirs }) => percentile(theirs, 0.5) / percentile(ours, 0.5))
  const ours = samples.flatMap((sample) => sample.ours)
  const theirs = samples.flatMap((sample) => sample.theirs)
  const value = percentile(ratios, 0.5)
  const p99 = percentile(ours, 0.99)
  const { queries, ...built } = facts
  const byKind = Object.fromEntries(
    [...new Set(queries.map(({ kind }) => kind))].map((kind) => {
      const pick = (all: number[]) => all.filter((_, i) => queries[i % queries.length]?.kind === kind)
      return [
        kind,
        {
          p50Ms: round(percentile(pick(ours), 0.5)),
          p99Ms: round(percentile(pick(ours), 0.99)),
          miniSearchP50Ms: round(percentile(pick(theirs), 0.5)),
        },
      ]
    }),
  )
  return {
    name: search.name,
    value: round(value, 1),
    unit: 'x',
    goal,
    pass: value >= GOAL.ratio && p99 <= GOAL.p99Ms,
    rounds: samples.length,
    spread: spreadOf(ratios),
    detail: {
      p50Ms: round(percentile(ours, 0.5)),
      p99Ms: round(p99),
      maxMs: round(Math.max(...ours)),
      miniSearch: { p50Ms: round(percentile(theirs, 0.5)), p99Ms: round(percentile(theirs, 0.99)) },
      byKind,
      ...built,
    },
  }
}
