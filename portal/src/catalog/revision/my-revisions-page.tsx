import { Link } from 'react-router'
import { type Revision, revisionStates } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import type { SharingRequest } from '#contract/sharing.ts'
import { useSeekList } from '../../api/index.ts'
import { useHasScope } from '../../shell/index.ts'
import { type Column, DataTable, formatInstant, LinkButton, PageHeader, StateTag, useText } from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { revisionText } from './text.ts'

type MyRevision = Revision & { name: string }

export function MyRevisionsPage() {
  const t = useText(revisionText)
  const shared = useText(catalogText)
  const list = useSeekList('list_my_revisions', {})
  const columns: Column<MyRevision>[] = [
    {
      key: 'name',
      title: t.mine.name,
      render: (revision) => (
        <Link to={portalPath(revision.can.update ? 'edit_revision' : 'revision', { revisionId: revision.id })}>{revision.name}</Link>
      ),
    },
    { key: 'number', title: t.page.version, render: (revision) => shared.version(revision.number) },
    { key: 'state', title: shared.state, render: (revision) => <StateTag table={revisionStates} state={revision.state} /> },
    { key: 'latest', title: t.mine.latest, width: '26%', render: (revision) => revision.opinions.at(-1)?.opinion ?? '' },
    { key: 'next', title: t.mine.next, render: (revision) => t.next[revision.state] },
    { key: 'updatedAt', title: shared.updatedAt, nowrap: true, render: (revision) => formatInstant(revision.updatedAt) },
  ]
  const create = (
    <LinkButton type="primary" to={portalPath('new_entry')}>
      {t.mine.create}
    </LinkButton>
  )
  return (
    <>
      <PageHeader
        title={t.mine.title}
        purpose={t.mine.purpose}
        actions={
          <>
            {create}
            <LinkButton to={portalPath('import_entries')}>{t.mine.import}</LinkButton>
          </>
        }
      />
      <DataTable
        label={t.mine.title}
        list={list}
        columns={columns}
        rowKey={(revision) => revision.id}
        empty={{ why: t.mine.empty, todo: t.mine.emptyTodo, action: create }}
      />
      {useHasScope('sharing:read') && <DraftRequests />}
    </>
  )
}

/** Drafts of requests are found again here too, not only among the requests. */
function DraftRequests() {
  const t = useText(revisionText).mine
  const shared = useText(catalogText)
  const list = useSeekList('list_my_requests', { query: { state: 'draft' } })
  const columns: Column<SharingRequest>[] = [
    {
      key: 'number',
      title: t.requestNumber,
      render: (request) => <Link to={portalPath('request', { requestId: request.id })}>{request.number}</Link>,
    },
    { key: 'entry', title: t.name, render: (request) => request.entry.name },
    { key: 'provider', title: shared.provider, render: (request) => request.provider.name },
  ]
  return (
    <section className="dt-panel dt-below">
      <h2>{t.requests}</h2>
      <DataTable
        label={t.requests}
        size="small"
        list={list}
        columns={columns}
        rowKey={(request) => request.id}
        empty={{ why: t.requestsEmpty, todo: t.requestsEmptyTodo }}
      />
    </section>
  )
}
