import { Link } from 'react-router'
import { type Drift, type DriftState, driftStates } from '#contract/ingestion/drift.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useSeekList } from '../../api/index.ts'
import { type Column, DataTable, FilterBar, formatInstant, PageHeader, StateFilter, StateTag, useFilters, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { driftText } from './text.ts'

export function DriftListPage() {
  const t = useText(driftText).list
  const [{ state, planId }, setFilters, clear] = useFilters('state', 'planId')
  const list = useSeekList('list_drifts', { query: { state: state as DriftState | undefined, planId } })
  const columns = useDriftColumns()
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <FilterBar onClear={state || planId ? clear : undefined}>
        <StateFilter table={driftStates} state={state} onChange={(chosen) => setFilters({ state: chosen })} />
      </FilterBar>
      <DataTable label={t.title} list={list} columns={columns} rowKey={(drift) => drift.id} empty={{ why: t.empty, todo: t.emptyTodo }} />
    </>
  )
}

function useDriftColumns(): Column<Drift>[] {
  const shared = useText(ingestionText)
  const { list: t, policies, kinds } = useText(driftText)
  return [
    {
      key: 'entry',
      title: shared.entry,
      render: (drift) => <Link to={portalPath('drift', { driftId: drift.id })}>{drift.entryName}</Link>,
    },
    { key: 'object', title: shared.object, render: ({ object }) => <span className="dt-mono">{object}</span> },
    {
      key: 'changes',
      title: t.changes,
      render: ({ changes }) => [...Map.groupBy(changes, ({ kind }) => kind)].map(([kind, of]) => `${kinds[kind]} ${of.length}`).join(' · '),
    },
    { key: 'policy', title: t.policy, render: ({ policy }) => policies[policy] },
    { key: 'state', title: shared.state, render: ({ state }) => <StateTag table={driftStates} state={state} /> },
    { key: 'found', title: t.foundAt, nowrap: true, render: ({ foundAt }) => formatInstant(foundAt) },
  ]
}
