import { Link } from 'react-router'
import { type Turn, turnStates } from '#contract/schedule/schedule.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { type Column, ConfirmButton, DataTable, formatInstant, type SeekList, StateTag, ToneTag, useText } from '../../ui/index.ts'
import { useAction } from '../../api/index.ts'
import { ingestionText } from '../text.ts'
import { scheduleText } from './text.ts'
import { TurnProgress, TurnWhy } from './turn-progress.tsx'

interface TurnTableProps {
  list: SeekList<Turn>
  label: string
  empty: { why: string; todo?: string }
  /** Without the columns that are always the same. */
  isOfOnePlan?: boolean
}

/** Turns in the order in which they are due; each opens its load, or its plan while there is none. */
export function TurnTable({ list, label, empty, isOfOnePlan = false }: TurnTableProps) {
  const shared = useText(ingestionText)
  const t = useText(scheduleText).turns
  const whose: Column<Turn>[] = [
    { key: 'org', title: t.org, render: (turn) => turn.org.name },
    { key: 'source', title: shared.source, render: (turn) => turn.sourceName },
  ]
  const columns: Column<Turn>[] = [
    { key: 'due', title: t.due, nowrap: true, render: (turn) => formatInstant(turn.dueAt) },
    { key: 'entry', title: shared.entry, render: (turn) => <Link to={addressOf(turn)}>{turn.entryName}</Link> },
    ...(isOfOnePlan ? [] : whose),
    {
      key: 'state',
      title: t.state,
      render: (turn) => (
        <div className="dt-row">
          <StateTag table={turnStates} state={turn.state} />
          {turn.isLate && <ToneTag tone="warning">{t.isLate}</ToneTag>}
        </div>
      ),
    },
    { key: 'progress', title: t.progress, width: 190, render: (turn) => <TurnProgress turn={turn} /> },
    { key: 'why', title: t.why, render: (turn) => <TurnWhy turn={turn} /> },
    { key: 'actions', title: t.actions, render: (turn) => <CancelTurn turn={turn} /> },
  ]
  return <DataTable label={label} list={list} columns={columns} rowKey={(turn) => turn.id} empty={empty} />
}

const addressOf = ({ load, planId }: Turn) => (load ? portalPath('load', { loadId: load.id }) : portalPath('plan', { planId }))

/** A load that runs is cancelled itself; a turn that waits is given up. */
function CancelTurn({ turn }: { turn: Turn }) {
  const t = useText(scheduleText).turns
  const invalidates = ['list_turns' as const, 'count_turns' as const, 'get_morning_report' as const, 'list_loads' as const]
  const load = useAction('cancel_load', { invalidates })
  const waiting = useAction('cancel_turn', { invalidates })
  if (turn.can.cancel)
    return (
      <ConfirmButton
        danger
        size="small"
        label={t.cancel}
        question={t.cancelTurn}
        onConfirm={() => waiting.run({ params: { turnId: turn.id } })}
        error={waiting.error}
      />
    )
  if (turn.state !== 'running' || !turn.load?.can.cancel) return null
  const { id: loadId } = turn.load
  return (
    <ConfirmButton
      danger
      size="small"
      label={t.cancel}
      question={t.cancelLoad}
      onConfirm={() => load.run({ params: { loadId } })}
      error={load.error}
    />
  )
}
