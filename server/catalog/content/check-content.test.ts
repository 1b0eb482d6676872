import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type EntryContent, type levels, sensitiveKinds } from '#contract/catalog.ts'
import { messages } from '#contract/messages/index.ts'
import { anyContent } from '#testing/any-content.ts'
import { buildContent } from '#testing/build-entry.ts'
import { loadProfile } from '../../kernel/load-profile.ts'
import { type ContentContext, checkContent } from './check-content.ts'

const profile = loadProfile('xiamen')
const known: ContentContext = {
  hasProviderCode: true,
  code: null,
  isNameTaken: false,
  isSystemKnown: true,
  isLeadKnown: true,
  unknownCodes: new Set(),
}
const good = buildContent({ name: '公交线路' })
const codesFor = (change: Partial<EntryContent>, context: Partial<ContentContext> = {}) =>
  checkContent({ ...good, ...change }, profile, { ...known, ...context }).map(({ pointer, code }) => `${pointer} ${code}`)
const item = (change: object) => ({ ...good.items[0]!, ...change })

test('a complete content has no problem', () => {
  assert.deepEqual(codesFor({}), [])
})

const cases: [string, Partial<EntryContent>, string[], Partial<ContentContext>?][] = [
  ['core item 1: class', { subject: '00', topic: '000' }, ['/subject catalog.class_zero', '/topic catalog.class_zero']],
  ['core item 1: a published class stays', { topic: '002' }, ['/category catalog.class_fixed'], { code: '301001/000001' }],
  ['core item 2: name', {}, ['/name catalog.name_taken'], { isNameTaken: true }],
  ['core item 5: provider code', {}, ['/provider catalog.provider_code_missing'], { hasProviderCode: false }],
  ['core item 6: abstract', { abstract: '' }, ['/abstract catalog.abstract_missing']],
  ['core item 7: format', { formatType: '' }, ['/formatType catalog.format_missing']],
  ['core item 7: an interface says enough', { formatType: '', formatCategory: '7' }, []],
  ['core item 8: items', { items: [] }, ['/items catalog.items_missing']],
  ['core item 8: length', { items: [item({ length: null })] }, ['/items/0/length catalog.item_length_missing']],
  ['core item 8: scale', { items: [item({ dataType: 'N', length: 5, scale: 6 })] }, ['/items/0/scale catalog.item_scale']],
  [
    'core item 9 and art. 15: conditions',
    { sharingType: 'conditional' },
    [
      '/sharingCondition catalog.sharing_condition_missing',
      '/sharingScope catalog.sharing_scope_missing',
      '/sharingPurpose catalog.sharing_purpose_missing',
    ],
  ],
  ['art. 14: a refusal has its ground', { sharingType: 'not_shared' }, ['/sharingBasis catalog.sharing_basis_missing']],
  [
    'art. 14: the ground is exact',
    { sharingType: 'not_shared', sharingBasis: '根据有关法律规定' },
    ['/sharingBasis catalog.sharing_basis_inexact'],
  ],
  ['art. 14: a law and its article', { sharingType: 'not_shared', sharingBasis: '《中华人民共和国统计法》第二十五条' }, []],
  ['art. 14: a decision and its number', { sharingType: 'not_shared', sharingBasis: '《国务院关于某事项的决定》（国发〔2020〕5号）' }, []],
  [
    'core item 10: what is not shared is not open',
    { sharingType: 'not_shared', sharingBasis: '《中华人民共和国统计法》第二十五条', openType: 'open' },
    ['/openType catalog.open_but_not_shared'],
  ],
  ['core item 10: condition', { openType: 'on_application' }, ['/openCondition catalog.open_condition_missing']],
  [
    'core item 13: related codes',
    { relatedCodes: ['301001/9'] },
    ['/relatedCodes/0 catalog.related_unknown'],
    { unknownCodes: new Set(['301001/9']) },
  ],
  [
    'art. 13: grade of an item',
    { items: [item({ sensitiveKind: 'citizen_id', level: 'L2' })], level: 'L3' },
    ['/items/0/level catalog.item_level'],
  ],
  ['art. 13: grade of the entry', { items: [item({ level: 'L3' })] }, ['/level catalog.level']],
  ['art. 16: secrecy', { secrecyReview: '' }, ['/secrecyReview catalog.secrecy_review_missing']],
  ['art. 16: privacy', { privacyReview: '' }, ['/privacyReview catalog.privacy_review_missing']],
  ['art. 19: source department', {}, ['/leadOrgId catalog.lead_unknown'], { isLeadKnown: false }],
]
for (const [name, change, expected, context] of cases) test(name, () => assert.deepEqual(codesFor(change, context), expected))

test('how wide a level may go binds once the city has confirmed its source', () => {
  const core = { ...good, level: 'core' as const, openType: 'open' as const }
  assert.deepEqual(codesFor(core), [], 'the profile marks the source as unsure')
  const confirmed = structuredClone(profile)
  confirmed.grading.levels.core.unsure = undefined
  const codes = checkContent(core, confirmed, known).map(({ pointer, code }) => `${pointer} ${code}`)
  assert.deepEqual(codes, ['/sharingType catalog.level_sharing', '/openType catalog.level_opening'])
})

test('whatever the content, every problem has a message and points into the content; strict items make a strict entry', () => {
  const rank = (level: keyof typeof levels) => profile.grading.levels[level].value.rank
  fc.assert(
    fc.property(anyContent, (content) => {
      const problems = checkContent(content, profile, known)
      for (const { pointer, code } of problems) {
        assert.ok(messages[code], code)
        const [, field = ''] = pointer.split('/')
        assert.ok(field in content, pointer)
      }
      const isLax = content.items.some(({ level }) => rank(level) > rank(content.level))
      assert.equal(
        problems.some(({ code }) => code === 'catalog.level'),
        isLax,
      )
    }),
  )
})

test('every sensitive kind has its least level', () => {
  for (const kind of Object.keys(sensitiveKinds)) assert.ok(profile.grading.sensitiveLevels[kind as keyof typeof sensitiveKinds], kind)
})
