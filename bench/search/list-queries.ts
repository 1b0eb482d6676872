import { pinyin } from 'pinyin-pro'
import { type CorpusEntry, createRandom } from '../../demo/build-corpus.ts'
import type { FacetName } from '../../server/catalog/search/document.ts'
import type { SearchQuery } from '../../server/catalog/search/search-index.ts'

export interface NamedQuery {
  kind: string
  query: SearchQuery
}

const facets: FacetName[] = ['provider', 'sharingType', 'updateCycle', 'state']

/**
 * What people type: words cut from the texts of random entries, so that common words come up often and rare ones too; half
 * of them by someone who does not see all drafts, a third with filters, most with facets to count.
 */
export function listQueries(corpus: readonly CorpusEntry[], count: number): NamedQuery[] {
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
  const type = (word: string, pattern: 'pinyin' | 'first') => pinyin(word, { toneType: 'none', v: true, type: 'array', pattern }).join('')
  const kinds: [string, () => string][] = [
    ['1 character', () => cut(1)],
    ['2 characters', () => cut(2)],
    ['4 characters', () => cut(4)],
    ['6 characters', () => cut(6)],
    ['two words', () => `${cut(2)} ${cut(2)}`],
    ['code', () => random.pick(corpus).code.slice(0, 6 + Math.floor(random.next() * 10))],
    ['pinyin', () => type(cut(2 + Math.floor(random.next() * 3)), 'pinyin')],
    ['initials', () => type(cut(3 + Math.floor(random.next() * 2)), 'first')],
  ]
  return Array.from({ length: count }, (_, i) => {
    const [kind, makeText] = kinds[i % kinds.length]!
    const ownDrafts = { provider: [random.pick(corpus).facets.provider] }
    const query: SearchQuery = {
      text: makeText(),
      visible: random.chance(0.5) ? 'everything' : [{ state: ['published'] }, ownDrafts],
      filters: random.chance(0.3) ? { sharingType: ['有条件共享'], hasData: ['yes'] } : {},
      facets: random.chance(0.7) ? facets : [],
    }
    return { kind, query }
  })
}

/** MiniSearch with bigrams knows no readings. */
export function isReading({ kind }: NamedQuery): boolean {
  return kind === 'pinyin' || kind === 'initials'
}
