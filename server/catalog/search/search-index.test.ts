import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { polyphonic } from 'pinyin-pro'
import { searchByBruteForce } from '#testing/brute-force-search.ts'
import { FACETS, mapFacets, type SearchDocument } from './document.ts'
import { createSearchIndex, type SearchIndex, type SearchQuery } from './search-index.ts'

function buildDocument(overrides: Partial<SearchDocument> & { id: string }): SearchDocument {
  const facets = mapFacets(() => '')
  return { version: 1, name: '', code: '', abstract: '', provider: '', system: '', items: [], facets, ...overrides }
}

function buildIndex(...documents: (Partial<SearchDocument> & { id: string })[]): SearchIndex {
  const index = createSearchIndex()
  index.upsertMany(documents.map(buildDocument))
  return index
}

function findIds(index: SearchIndex, text: string): string[] {
  return index.search({ text, visible: 'everything' }).hits.map((hit) => hit.id)
}

describe('what is found', () => {
  const index = buildIndex(
    { id: 'bus', name: '公交线路信息', code: 'XM-0012', items: [{ name: '线路编号', code: 'XLBH' }] },
    { id: 'bank', name: '银行行长任职信息', abstract: '包括长汀县、长乐区的记录' },
    { id: 'licence', name: '行政許可證書', provider: '重庆市思明区' },
    { id: 'greens', name: '绿色战略ＡＰＰ接入', system: '厦门i政务' },
  )
  const cases: [query: string, why: string, ids: string[]][] = [
    ['交', 'a word of one character', ['bus']],
    ['公交', 'a word of two characters', ['bus']],
    ['线路编号', 'an item name', ['bus']],
    ['xm-0012', 'a resource code in another case', ['bus']],
    ['xlbh', 'an item code in another case', ['bus']],
    ['许可证书', 'traditional text by a simplified query', ['licence']],
    ['銀行', 'simplified text by a traditional query', ['bank']],
    ['app', 'full-width text by a half-width query', ['greens']],
    ['ＸＭ－００', 'half-width text by a full-width query', ['bus']],
    ['gongjiao', 'full pinyin', ['bus']],
    ['ongji', 'pinyin from within a syllable to within a syllable', ['bus']],
    ['gjxl', 'initials', ['bus']],
    ['yinhanghangzhang', 'a polyphone read in its context', ['bank']],
    ['chongqing', 'another polyphone read in its context', ['licence']],
    ['changting', 'a polyphone whose context the dictionary misreads', ['bank']],
    ['ctx', 'its initials', ['bank']],
    ['lvse', 'ü typed as v', ['greens']],
    ['zhanlve', 'üe typed as ve', ['greens']],
    ['zhanlue', 'üe typed as ue', ['greens']],
    ['思明 许可', 'two terms in different fields', ['licence']],
    ['许可 许可 思明', 'a repeated term', ['licence']],
    ['路 信', 'two terms of which only one is in some documents', ['bus']],
    ['息公', 'no match across two fields', []],
    ['gongjiaoapp', 'no match of what nobody wrote', []],
    ['接入app', 'the order of characters counts', []],
  ]
  for (const [query, why, ids] of cases) {
    it(`${query}: ${why}`, () => assert.deepEqual(findIds(index, query), ids))
  }

  it('finds everything for an empty query, in rank order', () => {
    assert.deepEqual(findIds(index, ' \u3000'), ['bus', 'licence', 'bank', 'greens'])
  })
})

describe('order', () => {
  it('ranks by how well and where the term is found, then by boost, name length and id', () => {
    const index = buildIndex(
      { id: 'abstract', abstract: '道路' },
      { id: 'item', items: [{ name: '道路', code: '' }] },
      { id: 'part', name: '城市道路' },
      { id: 'prefix', name: '道路名称' },
      { id: 'exact', name: '道路' },
      { id: 'prefix-short', name: '道路名' },
      { id: 'prefix-boosted', name: '道路名称表', boost: 1 },
      { id: 'prefix-b', name: '道路名称' },
    )
    const order = ['exact', 'prefix-boosted', 'prefix-short', 'prefix', 'prefix-b', 'part', 'item', 'abstract']
    assert.deepEqual(findIds(index, '道路'), order)
    const pages = order.map((_, offset) => index.search({ text: '道路', visible: 'everything', offset, limit: 1 }))
    assert.deepEqual(
      pages.flatMap((page) => page.hits.map((hit) => hit.id)),
      order,
    )
    assert.ok(pages.every((page) => page.total === order.length))
  })

  it('refuses a page that is no page', () => {
    const index = createSearchIndex()
    for (const page of [{ offset: -1 }, { offset: 0.5 }, { limit: 1001 }, { limit: Number.NaN }]) {
      assert.throws(() => index.search({ text: '', visible: 'everything', ...page }), RangeError)
    }
  })
})

describe('highlights', () => {
  it('mark the terms in the original text of each field and item', () => {
    const index = buildIndex({
      id: 'a',
      name: '厦門公交ＡＰＰ',
      abstract: '无关',
      items: [
        { name: '备注', code: '' },
        { name: '公交站点', code: 'GJZD' },
      ],
    })
    const [hit] = index.search({ text: '厦门 gongjiao app', visible: 'everything' }).hits
    assert.deepEqual(hit?.highlights, [
      { field: 'name', ranges: [[0, 7]] },
      { field: 'itemName', item: 1, ranges: [[0, 2]] },
    ])
  })
})

describe('scope', () => {
  const facets = (provider: string, state: string) => ({ ...mapFacets(() => '-'), provider, state })
  const index = buildIndex(
    { id: 'a', name: '车辆', facets: facets('police', 'published') },
    { id: 'b', name: '车辆', facets: facets('police', 'draft') },
    { id: 'c', name: '车辆', facets: facets('transport', 'draft') },
  )

  it('hides, and does not count, what the searcher may not know of', () => {
    const visible = [{ state: ['published'] }, { provider: ['transport'] }]
    const result = index.search({ text: '车', visible, facets: ['state'] })
    assert.deepEqual([result.total, result.hits.map((hit) => hit.id)], [2, ['a', 'c']])
    assert.deepEqual(result.facets.state, [
      { value: 'draft', count: 1 },
      { value: 'published', count: 1 },
    ])
    assert.equal(index.search({ text: '车', visible: [] }).total, 0)
  })

  it('counts a filtered facet as if it were not filtered', () => {
    const result = index.search({
      text: '',
      visible: 'everything',
      filters: { state: ['draft'], provider: ['police'] },
      facets: ['provider', 'state'],
    })
    assert.equal(result.total, 1)
    assert.deepEqual(result.facets.provider, [
      { value: 'police', count: 1 },
      { value: 'transport', count: 1 },
    ])
    assert.deepEqual(result.facets.state, [
      { value: 'draft', count: 1 },
      { value: 'published', count: 1 },
    ])
  })
})

describe('changes', () => {
  it('replace by id, ignore an older version, and forget what is removed', () => {
    const index = buildIndex({ id: 'a', version: 2, name: '旧名' })
    index.upsert(buildDocument({ id: 'a', version: 1, name: '更旧' }))
    assert.deepEqual([findIds(index, '更'), findIds(index, '旧名')], [[], ['a']])
    index.upsert(buildDocument({ id: 'a', version: 3, name: '新名' }))
    assert.deepEqual([findIds(index, '旧'), findIds(index, '新'), [...index.versions()]], [[], ['a'], [['a', 3]]])
    index.remove('a')
    index.remove('never there')
    assert.deepEqual([findIds(index, ''), index.size], [[], 0])
  })

  it('take the newest of a batch that names a document twice', () => {
    const index = buildIndex({ id: 'a', version: 2, name: '甲' }, { id: 'a', version: 1, name: '乙' }, { id: 'a', version: 2, name: '丙' })
    assert.deepEqual([findIds(index, '丙'), index.size], [['a'], 1])
  })
})

// Texts are joined from pieces of one short text, so that they share much and differ little. In it: polyphones, traditional
// forms, readings that can be cut in several ways (xi an, xian; a na, an a), letters, wide forms, a character beyond the
// basic plane, what looks like a separator.
const SOURCE = [
  '西',
  '安',
  '长',
  '行',
  '啊',
  '那',
  '女',
  '略',
  '先',
  '恩',
  '啊',
  '銀',
  '行',
  '长',
  '重',
  '汀',
  'Ａ',
  'n',
  '西',
  '1',
  '𠮷',
  ' ',
  '\u0000',
  'x',
  'i',
]
const piece = (max: number) =>
  fc.tuple(fc.nat(SOURCE.length - 1), fc.nat(max)).map(([from, length]) => SOURCE.slice(from, from + length).join(''))
const text = (max: number) => fc.array(piece(max), { maxLength: 2 }).map((pieces) => pieces.join(''))
/** What someone may type to mean this text: as it is, or letters of some readings, beginning and ending anywhere. */
const typed = fc
  .tuple(piece(5), fc.constantFrom('text', 'pinyin', 'initials'), fc.nat(), fc.nat(2), fc.nat(2))
  .map(([meant, how, choice, head, tail]) => {
    if (how === 'text') return meant
    const letters = [...meant].map((character, i) => {
      const readings = polyphonic(character, { toneType: 'none', v: true, type: 'array' })[0] ?? [character]
      const reading = readings[(choice >> i) % readings.length] ?? ''
      return how === 'pinyin' ? reading : reading.slice(0, 1)
    })
    return letters
      .join('')
      .slice(head)
      .slice(0, -tail || undefined)
  })
const document: fc.Arbitrary<SearchDocument> = fc.record({
  id: fc.constantFrom(...'abcdefgh'),
  version: fc.integer({ min: 1, max: 3 }),
  name: text(5),
  code: text(2),
  abstract: text(6),
  provider: text(2),
  system: text(2),
  items: fc.array(fc.record({ name: text(4), code: text(2) }), { maxLength: 2 }),
  facets: fc.record(mapFacets(() => fc.constantFrom('x', 'y', 'z'))),
  boost: fc.integer({ min: 0, max: 1 }),
})
const values = fc.option(fc.subarray(['x', 'y', 'z', 'never seen'], { minLength: 1 }), { nil: undefined, freq: 1 })
const filter = fc.record({ provider: values, state: values }).map(dropUndefined)
const query: fc.Arbitrary<SearchQuery> = fc.record({
  text: fc.array(typed, { minLength: 1, maxLength: 2 }).map((terms) => terms.join(' ')),
  visible: fc.oneof(
    { weight: 2, arbitrary: fc.constant('everything' as const) },
    { weight: 1, arbitrary: fc.array(filter, { maxLength: 2 }) },
  ),
  filters: filter,
  facets: fc.constant(FACETS),
  offset: fc.integer({ min: 0, max: 2 }),
  limit: fc.integer({ min: 0, max: 20 }),
})
type Step = { upsert: SearchDocument[] } | { remove: string } | { search: SearchQuery }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ upsert: fc.array(document, { minLength: 1, maxLength: 8 }) }),
  fc.record({ remove: fc.constantFrom(...'abcdefgh') }),
  fc.record({ search: query }),
)

function dropUndefined<T extends object>(record: T) {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> }
}

describe('the index', () => {
  it('answers as brute force does, whatever was added, replaced and removed before', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 20 }), (steps) => {
        const index = createSearchIndex()
        const stored = new Map<string, SearchDocument>()
        for (const one of steps) {
          if ('remove' in one) {
            index.remove(one.remove)
            stored.delete(one.remove)
          } else if ('search' in one) compareAnswers(index, [...stored.values()], one.search)
          else {
            index.upsertMany(one.upsert)
            for (const added of one.upsert) if (added.version >= (stored.get(added.id)?.version ?? 0)) stored.set(added.id, added)
          }
        }
        assert.deepEqual(new Map(index.versions()), new Map([...stored.values()].map(({ id, version }) => [id, version])))
      }),
      { numRuns: 500 },
    )
  })
})

describe('phrases of hundreds of documents', () => {
  // All of a value, in front and behind; in readings of the context and others; cut in several ways (南 is also read na).
  const phrases = ['西安银行长', '先啊银行重', '长汀女略行', '长南', '长南那']
  const frame = (phrase: string, i: number) => [phrase, `${phrase}先${i}`, `那${i}${phrase}`, `${i}`, `${phrase}${i}`][i % 5]!
  const documents = Array.from({ length: 4000 }, (_, i) => {
    const phrase = phrases[Math.floor(i / 7) % phrases.length]!
    return buildDocument({
      id: `d${i}`,
      name: frame(phrase, i),
      system: frame(phrase, i + 2),
      abstract: frame(phrase, i + 3),
      items: [{ name: frame(phrase, i + 4), code: '' }],
    })
  })
  const index = createSearchIndex()
  index.upsertMany(documents)
  const chains = ['西安银', '西安银行', 'xay', 'xayh', 'xayhz', 'ctnl']
  const spellings = ['xianyinhang', 'ianyin', 'xianyinhangchang', 'changtingnv', 'zhangtingn', 'zhangnan', 'changnann', 'zhangnana']
  for (const text of [...chains, ...spellings])
    it(`are found by ${text} as brute force finds them`, () => {
      assert.ok(index.search({ text, visible: 'everything' }).total > 300)
      compareAnswers(index, documents, { text, visible: 'everything', offset: 0, limit: 1000 })
    })
})

function compareAnswers(index: SearchIndex, documents: SearchDocument[], asked: SearchQuery): void {
  const { offset = 0, limit = 0 } = asked
  const answer = index.search(asked)
  const expected = searchByBruteForce(documents, asked)
  assert.deepEqual(
    { total: answer.total, hits: answer.hits.map(({ id, score }) => ({ id, score })), facets: answer.facets },
    { total: expected.total, hits: expected.hits.slice(offset, offset + limit), facets: expected.facets },
  )
  for (const hit of answer.hits) assert.equal(hit.highlights.length > 0, asked.text.trim() !== '', 'every hit of a term shows where')
}
