import { Link } from 'react-router'
import { type Load, loadStates } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { type Input, useSeekList } from '../../api/index.ts'
import { type Column, DataTable, formatCount, formatInstant, StateTag, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { loadText } from './text.ts'

/** Loads, the newest first; of one plan without the columns that are always the same. */
export function LoadTable({ query }: { query: NonNullable<Input<'list_loads'>['query']> }) {
  const t = useText(loadText).list
  const list = useSeekList('list_loads', { query })
  const columns = useLoadColumns(query.planId !== undefined)
  return <DataTable label={t.title} list={list} columns={columns} rowKey={(load) => load.id} empty={{ why: t.empty, todo: t.emptyTodo }} />
}

function useLoadColumns(isOfOnePlan: boolean): Column<Load>[] {
  const shared = useText(ingestionText)
  const { list: t, five } = useText(loadText)
  const whose: Column<Load>[] = [
    { key: 'entry', title: shared.entry, render: (load) => load.entryName },
    { key: 'org', title: shared.org, render: (load) => load.org.name },
  ]
  return [
    {
      key: 'queued',
      title: t.number,
      render: (load) => <Link to={portalPath('load', { loadId: load.id })}>{formatInstant(load.queuedAt)}</Link>,
    },
    ...(isOfOnePlan ? [] : whose),
    { key: 'state', title: shared.state, render: (load) => <StateTag table={loadStates} state={load.state} /> },
    {
      key: 'numbers',
      title: t.numbers,
      align: 'right',
      render: (load) => [load.read, load.written, load.quarantined].map(formatCount).join(' / '),
    },
    { key: 'agrees', title: t.agrees, render: ({ agrees }) => (agrees === null ? '—' : agrees ? five.yes : five.no) },
    { key: 'by', title: t.by, render: (load) => t.who(load.startedBy) },
    { key: 'finished', title: t.finished, render: (load) => formatInstant(load.finishedAt) },
  ]
}
