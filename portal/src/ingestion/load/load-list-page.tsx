import { type LoadState, loadStates } from '#contract/ingestion.ts'
import { FilterBar, PageHeader, StateFilter, useFilters, useText } from '../../ui/index.ts'
import { LoadTable } from './load-table.tsx'
import { loadText } from './text.ts'

export function LoadListPage() {
  const t = useText(loadText).list
  const [{ state, entryId, planId }, setFilters, clear] = useFilters('state', 'entryId', 'planId')
  const query = { state: state as LoadState | undefined, entryId, planId }
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <FilterBar onClear={Object.values(query).some(Boolean) ? clear : undefined}>
        <StateFilter table={loadStates} state={state} onChange={(chosen) => setFilters({ state: chosen })} />
      </FilterBar>
      <LoadTable query={query} />
    </>
  )
}
