import { Link } from 'react-router'
import { type Revision, revisionStates } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useSeekList } from '../../api/index.ts'
import { type Column, DataTable, formatInstant, PageHeader, StateTag, useText } from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { revisionText } from './text.ts'

type Waiting = Revision & { name: string; provider: { id: string; name: string } }

export function RevisionsToHandlePage() {
  const t = useText(revisionText)
  const shared = useText(catalogText)
  const list = useSeekList('list_revisions_to_handle', {})
  const columns: Column<Waiting>[] = [
    {
      key: 'name',
      title: t.toHandle.name,
      render: (revision) => <Link to={portalPath('revision', { revisionId: revision.id })}>{revision.name}</Link>,
    },
    { key: 'provider', title: shared.provider, render: (revision) => revision.provider.name },
    { key: 'number', title: t.page.version, render: (revision) => shared.version(revision.number) },
    { key: 'state', title: shared.state, render: (revision) => <StateTag table={revisionStates} state={revision.state} /> },
    { key: 'author', title: t.toHandle.author, render: (revision) => revision.author },
    { key: 'dueOn', title: t.toHandle.dueOn, nowrap: true, render: (revision) => revision.dueOn ?? '—' },
    { key: 'updatedAt', title: shared.updatedAt, nowrap: true, render: (revision) => formatInstant(revision.updatedAt) },
  ]
  return (
    <>
      <PageHeader title={t.toHandle.title} purpose={t.toHandle.purpose} />
      <DataTable
        label={t.toHandle.title}
        list={list}
        columns={columns}
        rowKey={(revision) => revision.id}
        empty={{ why: t.toHandle.empty, todo: t.toHandle.emptyTodo }}
      />
    </>
  )
}
