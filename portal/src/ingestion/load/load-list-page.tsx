import { Select } from 'antd'
import { type LoadState, loadStates } from '#contract/ingestion.ts'
import { Filter, FilterBar, PageHeader, useFilters, useLanguage, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { LoadTable } from './load-table.tsx'
import { loadText } from './text.ts'

export function LoadListPage() {
  const shared = useText(ingestionText)
  const t = useText(loadText).list
  const { language } = useLanguage()
  const [{ state, entryId, planId }, setFilters, clear] = useFilters('state', 'entryId', 'planId')
  const states = Object.entries(loadStates.states).map(([value, words]) => ({ value, label: words[language] }))
  const query = { state: state as LoadState | undefined, entryId, planId }
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <FilterBar onClear={Object.values(query).some(Boolean) ? clear : undefined}>
        <Filter label={shared.state}>
          <Select
            aria-label={shared.state}
            value={state}
            options={states}
            allowClear
            placeholder={shared.anyState}
            onChange={(chosen?: string) => setFilters({ state: chosen })}
          />
        </Filter>
      </FilterBar>
      <LoadTable query={query} />
    </>
  )
}
