import { Form, Select } from 'antd'
import type { ReactNode } from 'react'
import type { EntryContent } from '#contract/catalog.ts'
import { entryFields } from '#contract/catalog-fields.ts'
import { OrganisationSelect } from '../../shell/index.ts'
import { ChoiceField, TextField, toChoices, useLanguage, useText } from '../../ui/index.ts'
import { SystemSelect } from '../system/system-select.tsx'
import { catalogWords } from '../words.ts'
import { codeSeparators } from './item-columns.ts'
import { editorText } from './text.ts'

type Field = keyof EntryContent

/** A field's official name, the number of the guide's core item that it is, and whether Order 809 asks for it. */
function useField() {
  const t = useText(editorText)
  const { language } = useLanguage()
  return (field: Field) => {
    const { guide, order809, ...words } = entryFields[field]
    const marks = [...(guide ? [t.guide(guide)] : []), ...(order809 ? [t.order809] : [])]
    return { name: field, label: marks.length > 0 ? `${words[language]} (${marks.join(' · ')})` : words[language], help: t.help[field] }
  }
}

function Section({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className="dt-panel" aria-label={name}>
      <h2>{name}</h2>
      <div className="dt-form-columns">{children}</div>
    </section>
  )
}

const Full = ({ children }: { children: ReactNode }) => <div className="dt-full">{children}</div>

export function BasicSections() {
  const t = useText(editorText).sections
  const words = useText(catalogWords)
  const field = useField()
  return (
    <>
      <Section name={t.basic}>
        <Full>
          <TextField {...field('name')} required max={200} />
        </Full>
        <Full>
          <TextField {...field('abstract')} rows={3} max={4000} />
        </Full>
        <Form.Item name="systemId" label={field('systemId').label} extra={field('systemId').help}>
          <SystemSelect />
        </Form.Item>
        <TextField {...field('region')} max={60} />
      </Section>
      <Section name={t.format}>
        <ChoiceField {...field('category')} choices={toChoices(words.category)} />
        <TextField {...field('subject')} max={2} />
        <TextField {...field('topic')} max={3} />
        <TextField {...field('detail')} max={6} />
        <ChoiceField {...field('formatCategory')} choices={toChoices(words.formatCategory)} />
        <TextField {...field('formatType')} max={60} />
      </Section>
    </>
  )
}

/** `content` decides what is asked: a condition where sharing is conditional, a legal basis where it is refused. */
export function SharingSections({ content }: { content: EntryContent }) {
  const t = useText(editorText).sections
  const words = useText(catalogWords)
  const field = useField()
  const asks = (name: 'sharingCondition' | 'sharingBasis' | 'openCondition', when: boolean) => when || content[name] !== ''
  return (
    <>
      <Section name={t.sharing}>
        <ChoiceField {...field('sharingType')} choices={toChoices(words.sharingType)} />
        <ChoiceField {...field('sharingMode')} choices={toChoices(words.sharingMode)} />
        {asks('sharingCondition', content.sharingType === 'conditional') && (
          <Full>
            <TextField {...field('sharingCondition')} rows={2} max={1000} />
          </Full>
        )}
        {asks('sharingBasis', content.sharingType === 'not_shared') && (
          <Full>
            <TextField {...field('sharingBasis')} rows={2} max={1000} />
          </Full>
        )}
        <TextField {...field('sharingScope')} rows={2} max={1000} />
        <TextField {...field('sharingPurpose')} rows={2} max={1000} />
      </Section>
      <Section name={t.opening}>
        <ChoiceField {...field('openType')} choices={toChoices(words.openType)} />
        <ChoiceField {...field('updateCycle')} choices={toChoices(words.updateCycle)} />
        {asks('openCondition', content.openType === 'on_application') && (
          <Full>
            <TextField {...field('openCondition')} rows={2} max={1000} />
          </Full>
        )}
      </Section>
    </>
  )
}

export function GradingSections() {
  const t = useText(editorText).sections
  const words = useText(catalogWords)
  const field = useField()
  return (
    <>
      <Section name={t.grading}>
        <ChoiceField {...field('level')} choices={toChoices(words.level)} />
        <Form.Item name="leadOrgId" label={field('leadOrgId').label} extra={field('leadOrgId').help}>
          <OrganisationSelect placeholder="" />
        </Form.Item>
        <TextField {...field('secrecyReview')} rows={2} max={500} />
        <TextField {...field('privacyReview')} rows={2} max={500} />
      </Section>
      <Section name={t.others}>
        <Full>
          <Form.Item name="relatedCodes" label={field('relatedCodes').label} extra={field('relatedCodes').help}>
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={codeSeparators} />
          </Form.Item>
        </Full>
        <Full>
          <TextField {...field('remark')} rows={2} max={1000} />
        </Full>
      </Section>
    </>
  )
}
