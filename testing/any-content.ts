import fc from 'fast-check'
import {
  categories,
  dataTypes,
  EntryContent,
  formatCategories,
  levels,
  openTypes,
  sensitiveKinds,
  sharingModes,
  sharingTypes,
  updateCycles,
} from '../contract/catalog.ts'

/** Names to which the ids of any content belong. */
export const fixedSystems = new Map([
  ['公交调度系统', '018f0000-0000-7000-8000-000000000001'],
  ['运政系统', '018f0000-0000-7000-8000-000000000002'],
])
export const fixedOrgs = new Map([
  ['厦门市交通运输局', '018f0000-0000-7000-8000-00000000000a'],
  ['厦门市公安局', '018f0000-0000-7000-8000-00000000000b'],
])

const keyOf = <T extends object>(table: T) => fc.constantFrom(...(Object.keys(table) as `${keyof T & (string | number)}`[]))
const chinese = fc.string({ unit: fc.constantFrom(...'公交线路站点信息数据市民政务，。；（）《》、 \n\t=+-@"\'<&>_x000D_√0019') })
const anyText = (maxLength: number) =>
  fc
    .oneof(
      chinese,
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary-ascii' }).map((text) => text.replaceAll('\0', '')),
    )
    .map((text) => text.slice(0, maxLength).trim())
const anyName = anyText(60).filter((name) => name !== '')
const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^\\d{${min},${max}}$`))

const anyItem = fc.record({
  code: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/),
  name: anyName,
  dataType: keyOf(dataTypes),
  length: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
  scale: fc.option(fc.integer({ min: 0, max: 38 })),
  isKey: fc.boolean(),
  isRequired: fc.boolean(),
  level: keyOf(levels),
  sensitiveKind: keyOf(sensitiveKinds),
  dictionary: anyText(100),
  unit: anyText(30),
  description: anyText(200),
})

/** Every content that can be stored: as a form, a spreadsheet or another program may send it. */
export const anyContent: fc.Arbitrary<EntryContent> = fc
  .record({
    name: anyName,
    abstract: anyText(4000),
    systemId: fc.option(fc.constantFrom(...fixedSystems.values())),
    category: keyOf(categories),
    subject: digits(2, 2),
    topic: digits(3, 3),
    detail: digits(0, 6),
    formatCategory: keyOf(formatCategories),
    formatType: anyText(60),
    items: fc.array(anyItem, { maxLength: 8 }),
    sharingType: keyOf(sharingTypes),
    sharingCondition: anyText(1000),
    sharingBasis: anyText(1000),
    sharingScope: anyText(1000),
    sharingPurpose: anyText(1000),
    sharingMode: keyOf(sharingModes),
    openType: keyOf(openTypes),
    openCondition: anyText(1000),
    updateCycle: keyOf(updateCycles),
    level: keyOf(levels),
    leadOrgId: fc.option(fc.constantFrom(...fixedOrgs.values())),
    relatedCodes: fc.array(fc.stringMatching(/^[1-3]\d{5}\/\d{1,6}$/), { maxLength: 3 }),
    secrecyReview: anyText(500),
    privacyReview: anyText(500),
    region: anyText(60),
    remark: anyText(1000),
  })
  .map((content) => EntryContent.parse(content))
