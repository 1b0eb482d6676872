import { Link } from 'react-router'
import type { Logical } from '#contract/ingestion/logical.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction, useSeekList } from '../../api/index.ts'
import { useHasScope } from '../../shell/index.ts'
import {
  type Column,
  ConfirmButton,
  DataTable,
  formatCount,
  formatInstant,
  LinkButton,
  PageHeader,
  ToneTag,
  useText,
} from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { logicalText } from './text.ts'

/** Every entry that is read at its source. */
export function LogicalListPage() {
  const t = useText(logicalText)
  const list = useSeekList('list_logical', {})
  const mayWrite = useHasScope('ingestion:write')
  const create = mayWrite && (
    <LinkButton type="primary" to={portalPath('new_logical')}>
      {t.create}
    </LinkButton>
  )
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} actions={create} />
      <DataTable
        label={t.title}
        list={list}
        columns={useColumns()}
        rowKey={({ entryId }) => entryId}
        empty={{ why: t.empty, todo: mayWrite ? t.emptyTodo : t.emptyReader, action: create }}
      />
    </>
  )
}

function useColumns(): Column<Logical>[] {
  const shared = useText(ingestionText)
  const t = useText(logicalText)
  return [
    {
      key: 'entry',
      title: shared.entry,
      render: ({ entryId, entryName, org }) => (
        <>
          <Link to={portalPath('entry', { entryId })}>{entryName}</Link>
          <div className="dt-muted">{org.name}</div>
        </>
      ),
    },
    {
      key: 'table',
      title: t.table,
      render: ({ sourceId, sourceName, object }) => (
        <>
          <Link to={portalPath('source', { sourceId })}>{sourceName}</Link>
          <div className="dt-mono">{object}</div>
        </>
      ),
    },
    { key: 'state', title: t.state, render: ({ state }) => <SourceState state={state} /> },
    {
      key: 'cache',
      title: t.cache,
      render: ({ cacheSeconds, answerWhenAway }) => (
        <>
          {cacheSeconds === 0 ? t.noCache : t.cachedFor(formatCount(cacheSeconds))}
          {answerWhenAway && <div className="dt-muted">{t.whenAway}</div>}
        </>
      ),
    },
    { key: 'bound', title: t.bound, render: ({ boundAt }) => formatInstant(boundAt), nowrap: true },
    { key: 'actions', title: shared.actions, render: (logical) => logical.can.update && <UnbindButton logical={logical} /> },
  ]
}

function SourceState({ state }: Pick<Logical, 'state'>) {
  const t = useText(logicalText)
  if (!state) return <ToneTag tone="neutral">{t.notAsked}</ToneTag>
  return (
    <>
      <ToneTag tone={state.isAway ? 'bad' : 'good'}>{state.isAway ? t.away : t.answers}</ToneTag>
      <div className="dt-muted">{formatInstant(state.at)}</div>
      {state.isAway && <div className="dt-muted">{state.reason}</div>}
    </>
  )
}

function UnbindButton({ logical: { entryId, entryName } }: { logical: Logical }) {
  const t = useText(logicalText)
  const unbind = useAction('unbind_logical', { invalidates: ['list_logical', 'get_entry'] })
  return (
    <ConfirmButton
      danger
      label={t.unbind}
      question={t.unbindAsk(entryName)}
      onConfirm={() => unbind.run({ body: { entryId } })}
      error={unbind.error}
    />
  )
}
