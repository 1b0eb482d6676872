import { Checkbox } from 'antd'
import { Link } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { type Stream, type StreamState, streamStates } from '#contract/stream/stream.ts'
import { useSeekList } from '../../api/index.ts'
import {
  type Column,
  DataTable,
  FilterBar,
  formatBytes,
  formatCount,
  formatInstant,
  PageHeader,
  StateFilter,
  StateTag,
  useFilters,
  useText,
} from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { StreamActions } from './stream-actions.tsx'
import { streamText } from './text.ts'

/** Every stream with what it lacks and what to do about it. */
export function StreamListPage() {
  const t = useText(streamText)
  const [{ state, planId, troubled }, setFilters, clear] = useFilters('state', 'planId', 'troubled')
  const isTroubled = troubled === 'true'
  const query = { state: state as StreamState | undefined, planId, troubled: isTroubled ? 'true' : undefined }
  const list = useSeekList('list_streams', { query }, { refreshMs: 3000 })
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <FilterBar onClear={state || planId || isTroubled ? clear : undefined}>
        <StateFilter table={streamStates} state={state} onChange={(chosen) => setFilters({ state: chosen })} />
        <Checkbox checked={isTroubled} onChange={({ target }) => setFilters({ troubled: target.checked ? 'true' : undefined })}>
          {t.troubled}
        </Checkbox>
      </FilterBar>
      <DataTable
        label={t.title}
        list={list}
        columns={useColumns()}
        rowKey={({ id }) => id}
        empty={isTroubled ? { why: t.noTrouble, todo: t.noTroubleTodo } : { why: t.empty, todo: t.emptyTodo }}
      />
    </>
  )
}

function useColumns(): Column<Stream>[] {
  const shared = useText(ingestionText)
  const t = useText(streamText)
  return [
    {
      key: 'entry',
      title: shared.entry,
      render: ({ entryName, planId, org }) => (
        <>
          <Link to={portalPath('plan', { planId })}>{entryName}</Link>
          <div className="dt-muted">{org.name}</div>
        </>
      ),
    },
    {
      key: 'table',
      title: t.table,
      render: ({ sourceName, object, position }) => (
        <>
          {`${sourceName} · ${object}`}
          {position && <div className="dt-muted">{`${t.position} ${position}`}</div>}
        </>
      ),
    },
    { key: 'state', title: shared.state, render: ({ state }) => <StateTag table={streamStates} state={state} /> },
    {
      key: 'lag',
      title: t.lag,
      render: ({ lagSeconds, lagRows, rate }) => (
        <>
          {t.lagOf(formatCount(lagSeconds), formatCount(lagRows))}
          <div className="dt-muted">{`${t.rate} ${t.rateOf(formatCount(Math.round(rate)))}`}</div>
        </>
      ),
    },
    {
      key: 'rows',
      title: t.rows,
      align: 'right',
      render: ({ rows, quarantined }) => `${formatCount(rows)} / ${formatCount(quarantined)}`,
    },
    {
      key: 'retained',
      title: t.retained,
      render: ({ retainedBytes, retainedLimitBytes, sourceLimit }) => (
        <>
          {retainedBytes === null ? '—' : t.retainedOf(formatBytes(retainedBytes), formatBytes(retainedLimitBytes))}
          {sourceLimit && <div className="dt-muted">{sourceLimit}</div>}
        </>
      ),
    },
    {
      key: 'proof',
      title: t.proof,
      render: ({ proof, isProving }) => (
        <>
          {isProving ? t.proving : proof ? (proof.error ?? (proof.agrees ? t.agreesOf(formatCount(proof.rows)) : t.differsOf(proof))) : '—'}
          {proof && <div className="dt-muted">{formatInstant(proof.at)}</div>}
          {proof && proof.keys.length > 0 && <div className="dt-muted">{t.keysOf(proof.keys.slice(0, 5))}</div>}
        </>
      ),
    },
    { key: 'next', title: t.next, render: ({ state, error }) => error?.detail ?? t.nextOf[state] },
    { key: 'actions', title: shared.actions, render: (stream) => <StreamActions stream={stream} /> },
  ]
}
