import { Button } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import type { Plan } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { type RowOf, useAction, useDownload, useRoute, useSeekList } from '../../api/index.ts'
import {
  ConfirmButton,
  DataTable,
  EmptyState,
  LinkButton,
  Loaded,
  PageHeader,
  ProblemAlert,
  ReasonButton,
  useFilters,
  useText,
} from '../../ui/index.ts'
import { CorrectRowDrawer } from './correct-row-drawer.tsx'
import { QuarantineFilters, type RowState } from './quarantine-filters.tsx'
import { quarantineText } from './text.ts'
import { RuleButton } from './rule-button.tsx'
import { useRowColumns } from './use-row-columns.tsx'

export type Row = RowOf<'list_quarantine'>

export function QuarantinePage() {
  const { planId } = useParams() as { planId: string }
  const query = useRoute('get_plan', { params: { planId } })
  return <Loaded query={query}>{(plan) => <Quarantine plan={plan} />}</Loaded>
}

function Quarantine({ plan }: { plan: Plan }) {
  const t = useText(quarantineText)
  const [{ loadId }] = useFilters('loadId')
  const mayRead = plan.can.readQuarantine === true
  return (
    <>
      <PageHeader
        title={t.title}
        purpose={(loadId ? t.purposeOfRefused : t.purpose)(plan.entryName)}
        actions={
          <>
            {mayRead && !loadId && <ReplayButton plan={plan} />}
            {mayRead && <ExportButton planId={plan.id} loadId={loadId} />}
            {loadId && <LinkButton to={portalPath('load', { loadId })}>{t.load}</LinkButton>}
            <LinkButton to={portalPath('plan', { planId: plan.id })}>{t.plan}</LinkButton>
          </>
        }
      />
      {mayRead ? <Rows plan={plan} /> : <EmptyState why={t.notYours(plan.org.name)} />}
    </>
  )
}

function Rows({ plan }: { plan: Plan }) {
  const t = useText(quarantineText)
  const [{ state = 'open', reason, column, loadId }] = useFilters('state', 'reason', 'column', 'loadId')
  const [edited, edit] = useState<Row>()
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set())
  const params = { planId: plan.id }
  const shownState = state as RowState
  const list = useSeekList('list_quarantine', { params, query: { state: shownState, reason, column, loadId } })
  const columns = useRowColumns({
    plan,
    rows: list.rows,
    state: shownState,
    mayAct: !loadId && plan.can.update === true,
    chosen,
    choose,
    onEdit: edit,
  })
  const discard = useAction('discard_quarantined_rows', {
    invalidates: ['list_quarantine', 'get_plan', 'list_plans'],
    onDone: () => choose(new Set()),
  })
  const rowIds = list.rows.map(({ id }) => id).filter((id) => chosen.has(id))
  return (
    <>
      <QuarantineFilters plan={plan} loadId={loadId ?? list.rows[0]?.loadId} />
      {!loadId && shownState === 'open' && reason && column && <RuleButton planId={plan.id} reason={reason} item={column} />}
      {rowIds.length > 0 && (
        <div className="dt-table-head">
          <ReasonButton
            danger
            label={t.discard(rowIds.length)}
            question={t.discardAsk}
            reasonLabel={t.discardReason}
            max={300}
            onConfirm={(words) => discard.run({ params, body: { rowIds, reason: words } })}
            error={discard.error}
          />
        </div>
      )}
      <DataTable
        label={t.title}
        size="small"
        list={list}
        columns={columns}
        rowKey={(row) => row.id}
        empty={{ why: t.empty[shownState], todo: t.emptyTodo[shownState] }}
      />
      {edited && <CorrectRowDrawer key={edited.id} plan={plan} row={edited} onClose={() => edit(undefined)} />}
    </>
  )
}

function ReplayButton({ plan }: { plan: Plan }) {
  const t = useText(quarantineText)
  const navigate = useNavigate()
  const replay = useAction('replay_quarantine', {
    invalidates: ['list_quarantine', 'get_plan', 'list_loads'],
    onDone: (load) => navigate(portalPath('load', { loadId: load.id })),
  })
  return (
    <ConfirmButton
      type="primary"
      label={t.replay}
      question={t.replayAsk}
      disabled={!plan.can.replay}
      onConfirm={() => replay.run({ params: { planId: plan.id } })}
      error={replay.error}
    />
  )
}

function ExportButton({ planId, loadId }: { planId: string; loadId: string | undefined }) {
  const t = useText(quarantineText)
  const download = useDownload('export_quarantine')
  return (
    <>
      <Button onClick={() => download.run({ params: { planId }, query: { loadId } })} loading={download.isRunning}>
        {t.export}
      </Button>
      <ProblemAlert error={download.error} />
    </>
  )
}
