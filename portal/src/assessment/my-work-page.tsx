import { Link } from 'react-router'
import { type Revision, revisionStates } from '#contract/catalog.ts'
import { type PortalPage, portalPath, portalPaths } from '#contract/portal-paths.ts'
import type { Scope } from '#contract/scopes.ts'
import { requestStates, type SharingRequest } from '#contract/sharing.ts'
import { useRoute, useSeekList } from '../api/index.ts'
import { useSession } from '../shell/index.ts'
import { type Column, DataTable, DueTag, EmptyState, NumberCard, PageHeader, StateTag, useText } from '../ui/index.ts'
import { assessmentText } from './text.ts'

/** Whose list each count is, where it lies, and the scope without which it is nobody's. */
const lists: { key: string; page: Exclude<PortalPage, 'entry'>; needs: Scope }[] = [
  { key: 'my_drafts', page: 'my_revisions', needs: 'catalog:write' },
  { key: 'revisions_to_handle', page: 'revisions_to_handle', needs: 'catalog:read' },
  { key: 'requests_to_handle', page: 'requests_to_handle', needs: 'sharing:read' },
  { key: 'night_problems', page: 'morning', needs: 'ingestion:write' },
  { key: 'drifts_to_decide', page: 'drifts', needs: 'ingestion:write' },
  { key: 'streams_troubled', page: 'streams', needs: 'ingestion:write' },
  { key: 'quarantines_past', page: 'storage', needs: 'ingestion:write' },
  { key: 'destructions_to_decide', page: 'destructions', needs: 'ingestion:destroy' },
  { key: 'my_requests', page: 'my_requests', needs: 'sharing:read' },
  { key: 'my_grants', page: 'grants', needs: 'sharing:read' },
]

/** The lists, and what waits for this person now. */
export function MyWorkPage() {
  const t = useText(assessmentText).work
  const { scopes } = useSession()
  const counts = useRoute('get_my_work', {}).data?.counts
  const mine = lists.filter(({ needs }) => scopes.includes(needs))
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      {mine.length === 0 && <EmptyState why={t.nothing} todo={t.nothingTodo} />}
      <div className="dt-numbers">
        {mine.map(({ key, page }) => {
          const found = counts?.find((count) => count.key === key)
          return <NumberCard key={key} label={t.lists[key] ?? key} value={found?.count ?? null} link={found?.link ?? portalPaths[page]} />
        })}
      </div>
      {scopes.includes('catalog:read') && <RevisionsToHandle />}
      {scopes.includes('sharing:read') && <RequestsToHandle />}
    </>
  )
}

function RevisionsToHandle() {
  const t = useText(assessmentText).work
  const list = useSeekList('list_revisions_to_handle', {})
  const columns: Column<Revision & { name: string; provider: { name: string } }>[] = [
    {
      key: 'name',
      title: t.name,
      render: (revision) => <Link to={portalPath('revision', { revisionId: revision.id })}>{revision.name}</Link>,
    },
    { key: 'provider', title: t.provider, render: (revision) => revision.provider.name },
    { key: 'state', title: t.state, render: (revision) => <StateTag table={revisionStates} state={revision.state} /> },
    { key: 'due', title: t.due, render: (revision) => revision.dueOn ?? '—' },
  ]
  return (
    <section className="dt-panel">
      <h2>{t.revisions}</h2>
      <DataTable
        label={t.revisions}
        size="small"
        list={list}
        columns={columns}
        rowKey={(revision) => revision.id}
        empty={{ why: t.revisionsEmpty, todo: t.emptyTodo }}
      />
    </section>
  )
}

function RequestsToHandle() {
  const t = useText(assessmentText).work
  const list = useSeekList('list_requests_to_handle', {})
  const columns: Column<SharingRequest>[] = [
    {
      key: 'number',
      title: t.number,
      render: (request) => <Link to={portalPath('request', { requestId: request.id })}>{request.number}</Link>,
    },
    { key: 'entry', title: t.name, render: (request) => request.entry.name },
    { key: 'org', title: t.org, render: (request) => request.consumer.name },
    { key: 'state', title: t.state, render: (request) => <StateTag table={requestStates} state={request.state} /> },
    { key: 'due', title: t.due, render: (request) => request.clock && <DueTag {...request.clock} /> },
  ]
  return (
    <section className="dt-panel">
      <h2>{t.requests}</h2>
      <DataTable
        label={t.requests}
        size="small"
        list={list}
        columns={columns}
        rowKey={(request) => request.id}
        empty={{ why: t.requestsEmpty, todo: t.emptyTodo }}
      />
    </section>
  )
}
