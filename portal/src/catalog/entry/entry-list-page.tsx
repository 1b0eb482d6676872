import { Button, Select } from 'antd'
import { Link } from 'react-router'
import { type EntrySummary, entryStates } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { type Input, useDownload, useSeekList } from '../../api/index.ts'
import { OrganisationSelect } from '../../shell/index.ts'
import {
  type Column,
  DataTable,
  Filter,
  FilterBar,
  formatCount,
  formatInstant,
  PageHeader,
  ProblemAlert,
  StateTag,
  useFilters,
  useLanguage,
  useText,
} from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { catalogWords } from '../words.ts'
import { entryText } from './text.ts'

export function EntryListPage() {
  const t = useText(entryText).list
  const [filters, setFilters, clear] = useFilters('orgId', 'systemId', 'state', 'problem')
  const list = useSeekList('list_entries', { query: filters as Input<'list_entries'>['query'] })
  const download = useDownload('export_entries')
  const columns = useEntryColumns()
  return (
    <>
      <PageHeader
        title={t.title}
        purpose={t.purpose}
        actions={
          <Button
            loading={download.isRunning}
            onClick={() => download.run({ query: { orgId: filters.orgId, state: filters.state as EntrySummary['state'] | undefined } })}
          >
            {t.export}
          </Button>
        }
      />
      <ProblemAlert error={download.error} />
      <EntryFilters filters={filters} setFilters={setFilters} clear={clear} />
      <DataTable label={t.title} list={list} columns={columns} rowKey={(entry) => entry.id} empty={{ why: t.empty, todo: t.emptyTodo }} />
    </>
  )
}

type Filters = Record<'orgId' | 'systemId' | 'state' | 'problem', string | undefined>

function EntryFilters({
  filters,
  setFilters,
  clear,
}: {
  filters: Filters
  setFilters: (changed: Partial<Filters>) => void
  clear: () => void
}) {
  const t = useText(entryText).list
  const shared = useText(catalogText)
  const { language } = useLanguage()
  const states = Object.entries(entryStates.states).map(([value, words]) => ({ value, label: words[language] }))
  const problems = Object.entries(t.problems).map(([value, label]) => ({ value, label }))
  return (
    <FilterBar onClear={Object.values(filters).some(Boolean) ? clear : undefined}>
      <Filter label={shared.provider}>
        <OrganisationSelect value={filters.orgId} onChange={(orgId) => setFilters({ orgId })} />
      </Filter>
      <Filter label={shared.state}>
        <Select
          aria-label={shared.state}
          value={filters.state}
          allowClear
          placeholder={t.all}
          options={states}
          onChange={(state) => setFilters({ state })}
        />
      </Filter>
      <Filter label={t.problem}>
        <Select
          aria-label={t.problem}
          value={filters.problem}
          allowClear
          placeholder={t.all}
          options={problems}
          onChange={(problem) => setFilters({ problem })}
        />
      </Filter>
    </FilterBar>
  )
}

function useEntryColumns(): Column<EntrySummary>[] {
  const t = useText(entryText).list
  const shared = useText(catalogText)
  const words = useText(catalogWords)
  return [
    {
      key: 'name',
      title: t.name,
      render: (entry) => (
        <>
          <Link to={portalPath('entry', { entryId: entry.id })}>{entry.name}</Link>
          <div className="dt-muted dt-mono">{entry.code}</div>
        </>
      ),
    },
    { key: 'provider', title: shared.provider, render: (entry) => entry.provider.name },
    { key: 'state', title: shared.state, render: (entry) => <StateTag table={entryStates} state={entry.state} /> },
    { key: 'sharing', title: t.sharing, render: (entry) => words.sharingType[entry.sharingType] },
    { key: 'cycle', title: t.cycle, render: (entry) => words.updateCycle[entry.updateCycle] },
    { key: 'items', title: t.itemCount, align: 'right', render: (entry) => entry.itemCount },
    {
      key: 'rows',
      title: shared.dataRows,
      align: 'right',
      render: (entry) => (entry.rows === null ? shared.noData : formatCount(entry.rows)),
    },
    { key: 'loadedAt', title: shared.loadedAt, nowrap: true, render: (entry) => formatInstant(entry.loadedAt) },
    { key: 'publishedOn', title: shared.publishedOn, nowrap: true, render: (entry) => entry.publishedOn ?? '—' },
  ]
}
