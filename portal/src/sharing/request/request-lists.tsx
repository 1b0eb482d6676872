import { Checkbox, Select } from 'antd'
import { Link } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { requestStates, type SharingRequest } from '#contract/sharing.ts'
import { useSeekList } from '../../api/index.ts'
import {
  type Column,
  DataTable,
  DueTag,
  Filter,
  FilterBar,
  formatInstant,
  LinkButton,
  PageHeader,
  StateTag,
  useFilters,
  useLanguage,
  useText,
} from '../../ui/index.ts'
import { sharingText } from '../text.ts'
import { requestText } from './text.ts'

/** Columns that the three lists share; `side` names the other party. */
function useRequestColumns(...parties: ('consumer' | 'provider')[]): Column<SharingRequest>[] {
  const t = useText(sharingText)
  return [
    {
      key: 'number',
      title: t.number,
      render: (request) => <Link to={portalPath('request', { requestId: request.id })}>{request.number}</Link>,
    },
    { key: 'entry', title: t.entry, render: (request) => request.entry.name },
    ...parties.map((party): Column<SharingRequest> => ({ key: party, title: t[party], render: (request) => request[party].name })),
    { key: 'state', title: t.state, render: (request) => <StateTag table={requestStates} state={request.state} /> },
    { key: 'due', title: t.due, render: (request) => (request.clock ? <DueTag {...request.clock} /> : '—') },
    { key: 'waiting', title: t.waitingFor, render: (request) => request.waitingFor },
    { key: 'submitted', title: t.submittedAt, render: (request) => (request.submittedAt ? formatInstant(request.submittedAt) : '—') },
  ]
}

export function MyRequestsPage() {
  const t = useText(requestText).mine
  const list = useSeekList('list_my_requests', {})
  const columns = useRequestColumns('provider')
  const search = <LinkButton to={portalPath('search')}>{t.search}</LinkButton>
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} actions={search} />
      <DataTable
        label={t.title}
        list={list}
        columns={columns}
        rowKey={(request) => request.id}
        empty={{ why: t.empty, todo: t.todo, action: search }}
      />
    </>
  )
}

export function RequestsToHandlePage() {
  const t = useText(requestText).toHandle
  const list = useSeekList('list_requests_to_handle', {})
  const columns = useRequestColumns('consumer', 'provider')
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <DataTable label={t.title} list={list} columns={columns} rowKey={(request) => request.id} empty={{ why: t.empty, todo: t.todo }} />
    </>
  )
}

export function RequestsPage() {
  const t = useText(requestText).all
  const { language } = useLanguage()
  const [filters, setFilters, clear] = useFilters('state', 'overdue')
  const list = useSeekList('list_requests', { query: filters as { state?: SharingRequest['state'] } })
  const columns = useRequestColumns('consumer', 'provider')
  const states = Object.entries(requestStates.states).map(([value, words]) => ({ value, label: words[language] }))
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <FilterBar onClear={Object.values(filters).some(Boolean) ? clear : undefined}>
        <Filter label={t.state}>
          <Select
            aria-label={t.state}
            options={states}
            value={filters.state}
            onChange={(state?: string) => setFilters({ state })}
            allowClear
            className="dt-filter-select"
          />
        </Filter>
        <Checkbox
          checked={filters.overdue === 'true'}
          onChange={(event) => setFilters({ overdue: event.target.checked ? 'true' : undefined })}
        >
          {t.overdue}
        </Checkbox>
      </FilterBar>
      <DataTable label={t.title} list={list} columns={columns} rowKey={(request) => request.id} empty={{ why: t.empty, todo: t.todo }} />
    </>
  )
}
