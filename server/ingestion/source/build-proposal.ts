import { EntryContent, type Item } from '#contract/catalog.ts'
import type { SurveyTable } from '#contract/ingestion/survey.ts'
import { isTableFolder } from '#contract/source-settings.ts'
import type { SourceRow } from './source-store.ts'

const order = ['L1', 'L2', 'L3', 'L4', 'important', 'core'] as const

/** The highest grade of its items is that of the whole. */
export const levelOf = (items: readonly Pick<Item, 'level'>[]): Item['level'] =>
  order[Math.max(0, ...items.map((item) => order.indexOf(item.level)))]!

interface Proposed {
  object: string
  kind: SurveyTable['kind']
  comment: string
  name?: string | undefined
  items: readonly Partial<Item>[]
}

/** The entry that is proposed for one object of a source; a steward corrects it. */
export function buildProposal(source: SourceRow, { object, kind, comment, name, items }: Proposed): EntryContent {
  const isFile = kind === 'file'
  const bare = object
    .replace(/\.[a-z]+$|\/$/i, '')
    .split('/')
    .at(-1)
  return EntryContent.parse({
    name: (name || comment || bare || object).slice(0, 200),
    abstract: comment,
    systemId: source.system_id,
    formatCategory: isFile ? '2' : '3',
    formatType: isFile ? (object.split('.').at(-1) ?? '') : isTableFolder(object) ? '' : source.settings.kind,
    sharingMode: 'api',
    level: levelOf(items as Item[]),
    items,
    privacyReview: items.some(({ sensitiveKind }) => sensitiveKind !== 'none') ? '' : '不涉及个人信息',
  })
}
