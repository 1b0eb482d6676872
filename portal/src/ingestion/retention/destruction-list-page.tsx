import { Button, Checkbox, Space } from 'antd'
import { type Destruction, type DestructionState, destructionKinds, destructionStates } from '#contract/ingestion/retention.ts'
import { useAction, useDownload, useSeekList } from '../../api/index.ts'
import { useSession } from '../../shell/index.ts'
import {
  type Column,
  ConfirmButton,
  DataTable,
  FilterBar,
  formatCount,
  formatInstant,
  PageHeader,
  ProblemAlert,
  ReasonButton,
  StateFilter,
  StateTag,
  useFilters,
  useLanguage,
  useText,
} from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { retentionText } from './text.ts'

export function DestructionListPage() {
  const t = useText(retentionText).list
  const { scopes } = useSession()
  const [{ state, toDecide }, setFilters, clear] = useFilters('state', 'toDecide')
  const isMine = toDecide === 'true'
  const query = { state: state as DestructionState | undefined, toDecide: isMine ? 'true' : undefined }
  const list = useSeekList('list_destructions', { query })
  const columns = useDestructionColumns()
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <FilterBar onClear={state || isMine ? clear : undefined}>
        <StateFilter table={destructionStates} state={state} onChange={(chosen) => setFilters({ state: chosen })} />
        {scopes.includes('ingestion:destroy') && (
          <Checkbox checked={isMine} onChange={({ target }) => setFilters({ toDecide: target.checked ? 'true' : undefined })}>
            {t.toDecide}
          </Checkbox>
        )}
      </FilterBar>
      <DataTable label={t.title} list={list} columns={columns} rowKey={(row) => row.id} empty={{ why: t.empty, todo: t.emptyTodo }} />
    </>
  )
}

function useDestructionColumns(): Column<Destruction>[] {
  const shared = useText(ingestionText)
  const t = useText(retentionText).list
  const { language } = useLanguage()
  const what = ({ kind, cutoff }: Destruction) =>
    cutoff ? t.before(destructionKinds[kind][language], cutoff) : destructionKinds[kind][language]
  const by = (who: string | null, at: string | null) => (who ? `${who} ${formatInstant(at)}` : '—')
  return [
    { key: 'number', title: t.number, render: (row) => row.number, nowrap: true },
    { key: 'entry', title: shared.entry, render: (row) => row.entryName },
    { key: 'org', title: shared.org, render: (row) => row.org.name },
    { key: 'kind', title: t.kind, render: what },
    { key: 'state', title: shared.state, render: (row) => <StateTag table={destructionStates} state={row.state} /> },
    {
      key: 'rows',
      title: t.evidence,
      align: 'right',
      render: ({ evidence, state }) =>
        evidence && state === 'destroyed' ? formatCount(evidence.tables.reduce((sum, { rows }) => sum + rows, 0)) : '—',
    },
    { key: 'proposed', title: t.proposed, render: (row) => by(row.proposedBy, row.proposedAt) },
    { key: 'decided', title: t.decided, render: (row) => by(row.decidedBy, row.decidedAt) },
    { key: 'acts', title: shared.actions, render: (row) => <Acts row={row} /> },
  ]
}

function Acts({ row }: { row: Destruction }) {
  const t = useText(retentionText).list
  const params = { destructionId: row.id }
  const invalidates = ['list_destructions' as const, 'list_entry_storage' as const]
  const approve = useAction('approve_destruction', { invalidates })
  const refuse = useAction('refuse_destruction', { invalidates })
  const withdraw = useAction('withdraw_destruction', { invalidates })
  const print = useDownload('print_destruction')
  return (
    <Space wrap>
      {row.can.approve && (
        <ReasonButton
          danger
          label={t.approve}
          question={t.approveAsk}
          reasonLabel={t.opinion}
          least={0}
          onConfirm={(opinion) => approve.run({ params, body: { opinion } })}
          error={approve.error}
        />
      )}
      {row.can.refuse && (
        <ReasonButton
          label={t.refuse}
          question={t.refuseAsk}
          reasonLabel={t.opinion}
          onConfirm={(opinion) => refuse.run({ params, body: { opinion } })}
          error={refuse.error}
        />
      )}
      {row.can.withdraw && (
        <ConfirmButton label={t.withdraw} question={t.withdrawAsk} onConfirm={() => withdraw.run({ params })} error={withdraw.error} />
      )}
      {row.state === 'destroyed' && (
        <Button size="small" onClick={() => print.run({ params })} loading={print.isRunning}>
          {t.certificate}
        </Button>
      )}
      <ProblemAlert error={print.error} />
    </Space>
  )
}
