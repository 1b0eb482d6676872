import { dataTypes, type EntryContent, type Item, levels, openTypes, sensitiveKinds, sharingTypes } from '#contract/catalog.ts'
import type { Profile } from '#contract/profile.ts'
import type { FieldProblem } from '../../kernel/errors.ts'
import { buildResourceCode } from '../../kernel/resource-code.ts'

/** What the content cannot tell of itself; looked up by find-content-problems.ts. */
export interface ContentContext {
  /** The provider's USCC: core item 5 of the 2017 guide. */
  hasProviderCode: boolean
  /** The resource code that the entry already has: its class cannot change any more. */
  code: string | null
  isNameTaken: boolean
  isSystemKnown: boolean
  isLeadKnown: boolean
  unknownCodes: ReadonlySet<string>
}

/**
 * Everything that keeps a draft from being submitted, at once: the 13 core items of the 2017 compilation guide
 * (发改高技〔2017〕1272号) and the 9 contents of Order 809 art. 13. Pure. Pointers are into the content.
 */
export function checkContent(content: EntryContent, profile: Profile, context: ContentContext): FieldProblem[] {
  return [
    ...checkIdentity(content, profile, context),
    ...checkItems(content.items, profile),
    ...checkSharing(content),
    ...checkOpening(content),
    ...checkLevels(content, profile),
    ...checkReviews(content),
  ]
}

/** A problem where a condition holds. */
const when = (isWrong: boolean, pointer: string, code: string, params?: FieldProblem['params']): FieldProblem[] =>
  isWrong ? [{ pointer, code, ...(params && { params }) }] : []

function checkIdentity(content: EntryContent, profile: Profile, context: ContentContext): FieldProblem[] {
  const { types } = profile.catalog.formats[content.formatCategory].value
  return [
    ...when(context.isNameTaken, '/name', 'catalog.name_taken', { name: content.name }),
    ...when(!context.hasProviderCode, '/provider', 'catalog.provider_code_missing'),
    ...when(content.abstract === '', '/abstract', 'catalog.abstract_missing'),
    ...checkClass(content, context.code),
    // A category without customary types (self-described, interface) says enough by itself.
    ...when(content.formatType === '' && types.length > 0, '/formatType', 'catalog.format_missing', { types: types.join('、') }),
    ...when(!context.isSystemKnown, '/systemId', 'catalog.system_unknown'),
    ...when(!context.isLeadKnown, '/leadOrgId', 'catalog.lead_unknown'),
    ...content.relatedCodes.flatMap((code, i) =>
      when(context.unknownCodes.has(code), `/relatedCodes/${i}`, 'catalog.related_unknown', { code }),
    ),
  ]
}

function checkClass({ category, subject, topic, detail }: EntryContent, code: string | null): FieldProblem[] {
  if (code !== null) return when(code.split('/')[0] !== category + subject + topic + detail, '/category', 'catalog.class_fixed', { code })
  const zeros = [...when(subject === '00', '/subject', 'catalog.class_zero'), ...when(topic === '000', '/topic', 'catalog.class_zero')]
  if (zeros.length > 0) return zeros
  try {
    buildResourceCode({ category, subject, topic, detail, serial: 1 })
    return []
  } catch {
    return [{ pointer: '/category', code: 'catalog.class_ambiguous' }]
  }
}

/** Types whose values have a length that a receiver must know. */
const sized = new Set<Item['dataType']>(['C', 'N', 'Y'])

function checkItems(items: readonly Item[], profile: Profile): FieldProblem[] {
  if (items.length === 0) return [{ pointer: '/items', code: 'catalog.items_missing' }]
  // Column names are compared as a database compares them.
  const firstCode = firstRows(items, ({ code }) => code.toLowerCase())
  const firstName = firstRows(items, ({ name }) => name)
  return items.flatMap((item, i) => {
    const at = `/items/${i}`
    const sameCode = firstCode.get(item.code.toLowerCase())!
    const sameName = firstName.get(item.name)!
    const least = profile.grading.sensitiveLevels[item.sensitiveKind].value
    return [
      ...when(sameCode < i, `${at}/code`, 'catalog.item_twice', { code: item.code, row: sameCode + 1 }),
      ...when(sameName < i, `${at}/name`, 'catalog.item_name_twice', { name: item.name, row: sameName + 1 }),
      ...when(sized.has(item.dataType) && item.length === null, `${at}/length`, 'catalog.item_length_missing', {
        type: dataTypes[item.dataType],
      }),
      ...when((item.scale ?? 0) > (item.length ?? Number.POSITIVE_INFINITY), `${at}/scale`, 'catalog.item_scale'),
      ...when(rankOf(profile, item.level) < rankOf(profile, least), `${at}/level`, 'catalog.item_level', {
        kind: sensitiveKinds[item.sensitiveKind],
        level: levels[least],
      }),
    ]
  })
}

function firstRows(items: readonly Item[], keyOf: (item: Item) => string): Map<string, number> {
  const rows = new Map<string, number>()
  for (const [i, item] of items.entries()) if (!rows.has(keyOf(item))) rows.set(keyOf(item), i)
  return rows
}

/** Order 809 art. 14–15: conditions are listed, a refusal names its exact ground. */
function checkSharing(content: EntryContent): FieldProblem[] {
  const { sharingType, sharingCondition, sharingScope, sharingPurpose, sharingBasis } = content
  if (sharingType === 'conditional')
    return [
      ...when(sharingCondition === '', '/sharingCondition', 'catalog.sharing_condition_missing'),
      ...when(sharingScope === '', '/sharingScope', 'catalog.sharing_scope_missing'),
      ...when(sharingPurpose === '', '/sharingPurpose', 'catalog.sharing_purpose_missing'),
    ]
  if (sharingType !== 'not_shared') return []
  if (sharingBasis === '') return [{ pointer: '/sharingBasis', code: 'catalog.sharing_basis_missing' }]
  return when(!isExactBasis(sharingBasis), '/sharingBasis', 'catalog.sharing_basis_inexact')
}

/** 《中华人民共和国统计法》第二十五条, 《国务院关于……的决定》（国发〔2016〕51号） */
const isExactBasis = (text: string): boolean =>
  /《[^》]{2,}》/.test(text) && /第[〇零一二三四五六七八九十百千\d]+条|〔\d{4}〕\s*第?\d+号/.test(text)

function checkOpening({ openType, openCondition, sharingType }: EntryContent): FieldProblem[] {
  return [
    ...when(openType === 'on_application' && openCondition === '', '/openCondition', 'catalog.open_condition_missing'),
    ...when(openType !== 'not_open' && sharingType === 'not_shared', '/openType', 'catalog.open_but_not_shared'),
  ]
}

const rankOf = (profile: Profile, level: EntryContent['level']): number => profile.grading.levels[level].value.rank
const sharingOrder = Object.keys(sharingTypes)
const openOrder = Object.keys(openTypes)

/** 就高从严, and how wide a level may go; a width from a doubtful source refuses nothing (contract/profile.ts). */
function checkLevels({ items, level, sharingType, openType }: EntryContent, profile: Profile): FieldProblem[] {
  const strictest = items.map((item) => item.level).reduce((a, b) => (rankOf(profile, b) > rankOf(profile, a) ? b : a), 'L1')
  const { value: policy, unsure } = profile.grading.levels[level]
  const isBinding = unsure !== true
  const sharesTooWide = isBinding && sharingOrder.indexOf(sharingType) < sharingOrder.indexOf(policy.widestSharing)
  const opensTooWide = isBinding && openOrder.indexOf(openType) < openOrder.indexOf(policy.widestOpening)
  return [
    ...when(rankOf(profile, level) < rankOf(profile, strictest), '/level', 'catalog.level', { level: levels[strictest] }),
    ...when(sharesTooWide, '/sharingType', 'catalog.level_sharing', { level: levels[level], widest: sharingTypes[policy.widestSharing] }),
    ...when(opensTooWide, '/openType', 'catalog.level_opening', { level: levels[level], widest: openTypes[policy.widestOpening] }),
  ]
}

/** Order 809 art. 13, 16: assessed before it is published. */
const checkReviews = ({ secrecyReview, privacyReview }: EntryContent): FieldProblem[] => [
  ...when(secrecyReview === '', '/secrecyReview', 'catalog.secrecy_review_missing'),
  ...when(privacyReview === '', '/privacyReview', 'catalog.privacy_review_missing'),
]
