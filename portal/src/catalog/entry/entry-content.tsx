import type { EntryContent } from '#contract/catalog.ts'
import { entryFields } from '#contract/catalog-fields.ts'
import { useOrganisationName } from '../../shell/index.ts'
import { type Field, FieldTable, useLanguage, useText } from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { catalogWords } from '../words.ts'
import { ItemTable } from './item-table.tsx'
import { entryText } from './text.ts'

/** What stands around a content: of an entry or of one of its versions. */
export interface EntryContext {
  code: string
  provider: string
  providerUscc: string | null
  publishedOn: string | null
  system: string | null
}

/**
 * A content exactly as 《政务信息资源目录编制指南（试行）》 lays it out (13 core items), then the nine contents of 《政务数据
 * 共享条例》 art. 13, then everything else that was compiled: no field fewer.
 */
export function EntryContentView({ content, context }: { content: EntryContent; context: EntryContext }) {
  const t = useText(entryText).page
  return (
    <>
      <section className="dt-panel">
        <h2>{t.core}</h2>
        <FieldTable label={t.core} fields={useCoreFields(content, context)} />
      </section>
      <section className="dt-panel">
        <h2>{t.items(content.items.length)}</h2>
        <ItemTable items={content.items} />
      </section>
      <div className="dt-columns">
        <section className="dt-panel">
          <h2>{t.order809}</h2>
          <FieldTable label={t.order809} fields={useOrder809Fields(content, context)} />
        </section>
        <section className="dt-panel">
          <h2>{t.extras}</h2>
          <FieldTable label={t.extras} fields={useExtraFields(content, context)} />
        </section>
      </div>
    </>
  )
}

type Words = (typeof catalogWords)['zh']
const formatOf = (words: Words, content: EntryContent) =>
  [words.formatCategory[content.formatCategory], content.formatType].filter(Boolean).join(' · ')

/** Several named values of one item, each on its own line; what is empty is left out. */
function useLines() {
  const { labelled } = useText(catalogText)
  return (pairs: [string, string][]) =>
    pairs
      .filter(([, value]) => value !== '')
      .map(([label, value]) => labelled(label, value))
      .join('\n')
}

function useCoreFields(content: EntryContent, context: EntryContext): Field[] {
  const t = useText(entryText).page
  const words = useText(catalogWords)
  const { language } = useLanguage()
  const lines = useLines()
  const shared = useText(catalogText)
  const name = (field: keyof EntryContent) => entryFields[field][language]
  const classOf = lines([
    [t.classParts.category, `${content.category} ${words.category[content.category]}`],
    [t.classParts.subject, content.subject],
    [t.classParts.topic, content.topic],
    [t.classParts.detail, content.detail],
  ])
  const sharing = lines([
    [name('sharingType'), words.sharingType[content.sharingType]],
    [name('sharingCondition'), content.sharingCondition],
    [name('sharingMode'), words.sharingMode[content.sharingMode]],
    [name('sharingBasis'), content.sharingBasis],
  ])
  const opening = lines([
    [t.isOpen, content.openType === 'not_open' ? shared.no : shared.yes],
    [name('openType'), words.openType[content.openType]],
    [name('openCondition'), content.openCondition],
  ])
  const values: [string, Field['value']][] = [
    [t.class, classOf],
    [name('name'), content.name],
    [t.codeLabel, context.code || t.noCode],
    [t.provider, context.provider],
    [t.providerCode, context.providerUscc],
    [name('abstract'), content.abstract],
    [t.format, formatOf(words, content)],
    [t.itemInfo, content.items.length > 0 ? t.seeItems(content.items.length) : ''],
    [t.sharing, sharing],
    [t.opening, opening],
    [name('updateCycle'), words.updateCycle[content.updateCycle]],
    [t.published, context.publishedOn ?? t.notPublished],
    [name('relatedCodes'), content.relatedCodes.join('\n')],
  ]
  return values.map(([label, value], index) => ({ number: index + 1, label, value }))
}

function useOrder809Fields(content: EntryContent, context: EntryContext): Field[] {
  const t = useText(entryText).page
  const words = useText(catalogWords)
  const { language } = useLanguage()
  const lines = useLines()
  const condition = lines([
    [entryFields.sharingCondition[language], content.sharingCondition],
    [entryFields.sharingScope[language], content.sharingScope],
    [entryFields.sharingPurpose[language], content.sharingPurpose],
  ])
  const values: [string, Field['value']][] = [
    [t.nine.name, content.name],
    [t.nine.items, content.items.map((item) => item.name).join(t.separator)],
    [t.nine.provider, context.provider],
    [t.nine.format, formatOf(words, content)],
    [t.nine.cycle, words.updateCycle[content.updateCycle]],
    [t.nine.sharing, words.sharingType[content.sharingType]],
    [t.nine.mode, words.sharingMode[content.sharingMode]],
    [t.nine.condition, condition || (content.sharingType === 'unconditional' ? t.noCondition : '')],
    [t.nine.level, words.level[content.level]],
  ]
  return values.map(([label, value], index) => ({ number: index + 1, label, value }))
}

function useExtraFields(content: EntryContent, context: EntryContext): Field[] {
  const { language } = useLanguage()
  const organisationName = useOrganisationName()
  const fields: [keyof EntryContent, Field['value']][] = [
    ['systemId', context.system],
    ['leadOrgId', content.leadOrgId && (organisationName(content.leadOrgId) ?? content.leadOrgId)],
    ['sharingScope', content.sharingScope],
    ['sharingPurpose', content.sharingPurpose],
    ['secrecyReview', content.secrecyReview],
    ['privacyReview', content.privacyReview],
    ['region', content.region],
    ['remark', content.remark],
  ]
  return fields.map(([field, value]) => ({ label: entryFields[field][language], value }))
}
