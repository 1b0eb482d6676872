import { Alert, Form, Select } from 'antd'
import { useState } from 'react'
import type { Source } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useRoute } from '../../api/index.ts'
import { useSession } from '../../shell/index.ts'
import { LinkButton, ProblemAlert, useFilters, useText } from '../../ui/index.ts'
import { planText } from './text.ts'

/** Which entry is filled from which table or file; the choice lives in the address. `offers`: which sources come into question. */
export function ChooseOrigin({ offers = () => true }: { offers?: (source: Source) => boolean }) {
  const t = useText(planText).edit
  const [{ entryId, sourceId, object }, set] = useFilters('entryId', 'sourceId', 'object')
  const sources = useRoute('list_sources', { query: { limit: 1000 } })
  const objects = useRoute('list_source_objects', { params: { sourceId: sourceId ?? '' } }, { enabled: sourceId !== undefined })
  const mine = (sources.data?.items ?? []).filter((source) => source.can.update && offers(source))
  return (
    <section className="dt-panel">
      <h2>{t.steps.choose}</h2>
      <Form layout="vertical" className="dt-three">
        <EntryField value={entryId} onChange={(chosen) => set({ entryId: chosen })} />
        <Form.Item label={t.source} htmlFor="plan-source">
          <Select
            id="plan-source"
            value={sourceId}
            onChange={(chosen: string) => set({ sourceId: chosen, object: undefined })}
            options={mine.map((source) => ({ value: source.id, label: source.name }))}
            loading={sources.isFetching}
            showSearch={{ optionFilterProp: 'label' }}
          />
        </Form.Item>
        <Form.Item label={t.object} htmlFor="plan-object">
          <Select
            id="plan-object"
            value={object}
            disabled={!sourceId}
            onChange={(chosen: string) => set({ object: chosen })}
            options={(objects.data?.items ?? []).map((info) => ({
              value: info.name,
              label: info.comment ? `${info.name} ${info.comment}` : info.name,
            }))}
            loading={objects.isFetching}
            showSearch={{ optionFilterProp: 'label' }}
            popupMatchSelectWidth={false}
          />
        </Form.Item>
      </Form>
      <ProblemAlert error={sources.error ?? objects.error} />
      {sources.data && mine.length === 0 && (
        <Alert type="info" showIcon title={t.noSource} action={<LinkButton to={portalPath('sources')}>{t.toSources}</LinkButton>} />
      )}
    </section>
  )
}

/** Published entries of the organisation acted for, found by name as in the search. */
function EntryField({ value, onChange }: { value: string | undefined; onChange: (entryId: string) => void }) {
  const t = useText(planText).edit
  const { org } = useSession()
  const [q, setQ] = useState('')
  const found = useRoute('search_entries', { query: { q, provider: org.id, limit: 50 } }, { keepPrevious: true })
  const chosen = useRoute('get_entry', { params: { entryId: value ?? '' } }, { enabled: value !== undefined })
  const options = (found.data?.items ?? []).map((entry) => ({ value: entry.id, label: entry.name }))
  if (chosen.data && !options.some((option) => option.value === value)) options.unshift({ value: chosen.data.id, label: chosen.data.name })
  return (
    <Form.Item label={t.entry} htmlFor="plan-entry" extra={t.entryHelp}>
      <Select
        id="plan-entry"
        value={value}
        onChange={onChange}
        options={options}
        loading={found.isFetching}
        showSearch={{ filterOption: false, onSearch: setQ }}
        notFoundContent={t.noEntry}
      />
    </Form.Item>
  )
}
