import { Segmented } from 'antd'
import { Link } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { type Grant, grantStates } from '#contract/sharing.ts'
import { useSeekList } from '../../api/index.ts'
import { type Column, DataTable, FilterBar, formatCount, PageHeader, StateTag, useFilters, useText } from '../../ui/index.ts'
import { sharingText } from '../text.ts'
import { grantText } from './text.ts'

type Side = 'consumer' | 'provider' | 'all'

export function GrantListPage() {
  const t = useText(grantText).list
  const [filters, setFilters] = useFilters('side', 'state', 'entryId')
  const side = (filters.side ?? 'consumer') as Side
  const list = useSeekList('list_grants', { query: { ...filters, side } as never })
  const columns = useGrantColumns()
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <FilterBar>
        <Segmented<Side>
          aria-label={t.side}
          value={side}
          onChange={(chosen) => setFilters({ side: chosen })}
          options={(['consumer', 'provider', 'all'] as const).map((value) => ({ value, label: t.sides[value] }))}
        />
      </FilterBar>
      <DataTable label={t.title} list={list} columns={columns} rowKey={(grant) => grant.id} empty={{ why: t.empty, todo: t.todo }} />
    </>
  )
}

function useGrantColumns(): Column<Grant>[] {
  const shared = useText(sharingText)
  const t = useText(grantText).list
  return [
    {
      key: 'number',
      title: shared.grantNumber,
      render: (grant) => <Link to={portalPath('grant', { grantId: grant.id })}>{grant.number}</Link>,
    },
    { key: 'entry', title: shared.entry, render: (grant) => grant.entry.name },
    { key: 'consumer', title: shared.consumer, render: (grant) => grant.consumer.name },
    { key: 'provider', title: shared.provider, render: (grant) => grant.provider.name },
    { key: 'state', title: shared.state, render: (grant) => <StateTag table={grantStates} state={grant.state} /> },
    { key: 'period', title: t.period, render: (grant) => t.fromTo(grant.from, grant.to) },
    {
      key: 'calls',
      title: t.calls,
      align: 'right',
      render: (grant) => `${formatCount(grant.callsToday)} / ${formatCount(grant.callsTotal)}`,
    },
    { key: 'rows', title: t.rows, align: 'right', render: (grant) => formatCount(grant.rowsTotal) },
  ]
}
