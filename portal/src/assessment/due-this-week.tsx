import { Link } from 'react-router'
import type { Clock } from '#contract/duty.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { type Column, DataTable, DueTag, useText, wholeList } from '../ui/index.ts'
import { assessmentText } from './text.ts'

/** Every clock that runs out this week or has run out, the most urgent first. */
export function DueThisWeek({ clocks }: { clocks: Clock[] }) {
  const t = useText(assessmentText).ledger
  const columns: Column<Clock>[] = [
    { key: 'matter', title: t.matter, render: (clock) => <Link to={addressOf(clock)}>{clock.objectName}</Link> },
    { key: 'rule', title: t.rule, render: (clock) => t.rules[clock.rule] },
    { key: 'owner', title: t.owner, render: (clock) => clock.owner.name },
    { key: 'due', title: t.due, render: (clock) => <DueTag {...clock} /> },
  ]
  return (
    <section className="dt-panel">
      <h2>{t.clocks}</h2>
      <DataTable
        label={t.clocks}
        size="small"
        list={wholeList(clocks.toSorted((a, b) => a.remainingDays - b.remainingDays))}
        columns={columns}
        rowKey={(clock) => clock.id}
        empty={{ why: t.clocksEmpty, todo: t.clocksEmptyTodo }}
      />
      <p className="dt-below dt-no-print">
        <Link to={portalPath('clocks')}>{t.all}</Link>
      </p>
    </section>
  )
}

/** Where the matter of a clock is handled. */
function addressOf({ objectType, objectId }: Clock): string {
  if (objectType === 'revision') return portalPath('revision', { revisionId: objectId })
  if (objectType === 'request') return portalPath('request', { requestId: objectId })
  return portalPath('grant', { grantId: objectId })
}
