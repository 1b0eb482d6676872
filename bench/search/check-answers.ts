import assert from 'node:assert/strict'
import { searchByBruteForce } from '#testing/brute-force-search.ts'
import type { CorpusEntry } from '../../demo/build-corpus.ts'
import { createSearchIndex, MAX_LIMIT, type SearchIndex } from '../../server/catalog/search/search-index.ts'
import { isReading, type NamedQuery } from './list-queries.ts'

const few = 300

/** Every answer in full (matches, order, scores, facets) on a part of the corpus; on all of it the matches of every third query in characters. */
export function checkAnswers(index: SearchIndex, corpus: readonly CorpusEntry[], queries: readonly NamedQuery[]) {
  const part = corpus.slice(0, few)
  const small = createSearchIndex()
  small.upsertMany(part)
  for (const { query } of queries) {
    const answer = small.search({ ...query, limit: MAX_LIMIT })
    const found = { total: answer.total, hits: answer.hits.map(({ id, score }) => ({ id, score })), facets: answer.facets }
    assert.deepEqual(found, searchByBruteForce(part, query), query.text)
  }
  const texts = corpus.map(({ name, code, abstract, provider, system, items }) =>
    [name, code, abstract, provider, system, ...items.flatMap((item) => [item.name, item.code])].join('\n').toLowerCase(),
  )
  const inCharacters = queries.filter((query, i) => !isReading(query) && i % 3 === 0)
  for (const { query } of inCharacters) {
    const terms = query.text.split(' ')
    const expected = corpus.filter((_, i) => terms.every((term) => texts[i]!.includes(term))).map(({ id }) => id)
    assert.deepEqual(listAll(index, query.text).sort(), expected.sort(), query.text)
  }
  return { [`everything, on ${few} entries`]: queries.length, 'matches, on all entries': inCharacters.length }
}

function listAll(index: SearchIndex, text: string): string[] {
  const found: string[] = []
  for (;;) {
    const { hits, total } = index.search({ text, visible: 'everything', offset: found.length, limit: MAX_LIMIT })
    found.push(...hits.map(({ id }) => id))
    if (found.length === total) return found
  }
}
