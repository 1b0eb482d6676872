import { DatePicker, Select } from 'antd'
import dayjs from 'dayjs'
import { Link } from 'react-router'
import type { Clock, ListedClock } from '#contract/duty.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { type Input, useAction, useSeekList } from '../api/index.ts'
import {
  type Column,
  DataTable,
  DueTag,
  ExtendButton,
  Filter,
  FilterBar,
  PageHeader,
  ToneTag,
  toChoices,
  useFilters,
  useText,
} from '../ui/index.ts'
import { dutyText } from './text.ts'

const tones = { running: 'progress', paused: 'warning', met: 'good', met_late: 'bad', cancelled: 'neutral' } as const

export function ClockListPage() {
  const t = useText(dutyText).clocks
  const [filters, setFilters, clear] = useFilters('phase', 'rule', 'state', 'dueBefore')
  const list = useSeekList('list_clocks', { query: filters as Input<'list_clocks'>['query'] })
  const columns: Column<ListedClock>[] = [
    { key: 'matter', title: t.matter, render: (clock) => <Link to={addressOf(clock)}>{clock.objectName}</Link> },
    { key: 'rule', title: t.rule, render: (clock) => t.rules[clock.rule] },
    { key: 'owner', title: t.owner, render: (clock) => clock.owner.name },
    { key: 'startedOn', title: t.startedOn, nowrap: true, render: (clock) => clock.startedOn },
    {
      key: 'due',
      title: t.due,
      render: (clock) => (clock.state === 'running' || clock.state === 'paused' ? <DueTag {...clock} /> : clock.dueOn),
    },
    { key: 'state', title: t.state, render: (clock) => <ToneTag tone={tones[clock.state]}>{t.states[clock.state]}</ToneTag> },
    { key: 'citation', title: t.citation, render: (clock) => clock.citation },
    ...(list.rows.some(({ can }) => can.extend)
      ? [{ key: 'act', title: t.act, render: (clock: ListedClock) => clock.can.extend && <ExtendChange clock={clock} /> }]
      : []),
  ]
  const select = (name: 'phase' | 'rule' | 'state', label: string, table: Record<string, string>) => (
    <Filter label={label}>
      <Select
        aria-label={label}
        allowClear
        placeholder={t.all}
        value={filters[name]}
        options={toChoices(table)}
        onChange={(value) => setFilters({ [name]: value })}
        popupMatchSelectWidth={false}
      />
    </Filter>
  )
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <FilterBar onClear={Object.values(filters).some(Boolean) ? clear : undefined}>
        {select('phase', t.phase, t.phases)}
        {select('rule', t.rule, t.rules)}
        {select('state', t.state, t.states)}
        <Filter label={t.dueBefore}>
          <DatePicker
            aria-label={t.dueBefore}
            value={filters.dueBefore ? dayjs(filters.dueBefore) : null}
            onChange={(value) => setFilters({ dueBefore: value?.format('YYYY-MM-DD') })}
          />
        </Filter>
      </FilterBar>
      <DataTable label={t.title} list={list} columns={columns} rowKey={(clock) => clock.id} empty={{ why: t.empty, todo: t.emptyTodo }} />
    </>
  )
}

/** Consent to more days for a change of the catalog: until it is handed over, the bureau knows it by its clock only. */
function ExtendChange({ clock }: { clock: ListedClock }) {
  const t = useText(dutyText).clocks
  const extend = useAction('extend_revision', { invalidates: ['list_clocks', 'get_revision', 'get_ledger'] })
  return (
    <ExtendButton
      size="small"
      question={t.extendAsk}
      most={clock.maxExtensionDays}
      error={extend.error}
      isRunning={extend.isRunning}
      onConfirm={(body) => extend.run({ params: { revisionId: clock.objectId }, body })}
    />
  )
}

/** Where the matter of a clock is handled. */
function addressOf({ objectType, objectId }: Clock): string {
  if (objectType === 'revision') return portalPath('revision', { revisionId: objectId })
  if (objectType === 'request') return portalPath('request', { requestId: objectId })
  return portalPath('grant', { grantId: objectId })
}
