import { Link } from 'react-router'
import { loadStates, type Plan } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useSeekList } from '../../api/index.ts'
import { useHasScope } from '../../shell/index.ts'
import {
  type Column,
  DataTable,
  formatCount,
  formatInstant,
  LinkButton,
  PageHeader,
  StateTag,
  useFilters,
  useText,
} from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { planText } from './text.ts'

export function PlanListPage() {
  const t = useText(planText).list
  const [filters] = useFilters('entryId')
  const list = useSeekList('list_plans', { query: filters })
  const columns = usePlanColumns()
  const mayWrite = useHasScope('ingestion:write')
  const create = mayWrite && (
    <LinkButton type="primary" to={portalPath('new_plan', { entryId: filters.entryId })}>
      {t.create}
    </LinkButton>
  )
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} actions={create} />
      <DataTable
        label={t.title}
        list={list}
        columns={columns}
        rowKey={(plan) => plan.id}
        empty={{ why: t.empty, todo: mayWrite ? t.emptyTodo : t.emptyReader, action: create }}
      />
    </>
  )
}

function usePlanColumns(): Column<Plan>[] {
  const shared = useText(ingestionText)
  const t = useText(planText).list
  return [
    { key: 'entry', title: shared.entry, render: (plan) => <Link to={portalPath('plan', { planId: plan.id })}>{plan.entryName}</Link> },
    { key: 'source', title: shared.source, render: (plan) => plan.sourceName },
    { key: 'object', title: shared.object, render: (plan) => <span className="dt-mono">{plan.object}</span> },
    { key: 'org', title: shared.org, render: (plan) => plan.org.name },
    {
      key: 'last',
      title: t.lastLoad,
      render: ({ lastLoad }) =>
        lastLoad ? (
          <Link to={portalPath('load', { loadId: lastLoad.id })}>
            <StateTag table={loadStates} state={lastLoad.state} />
          </Link>
        ) : (
          <span className="dt-muted">{t.never}</span>
        ),
    },
    { key: 'finished', title: t.finished, render: ({ lastLoad }) => formatInstant(lastLoad?.finishedAt ?? null) },
    { key: 'written', title: t.written, align: 'right', render: ({ lastLoad }) => formatCount(lastLoad?.written ?? null) },
    {
      key: 'quarantine',
      title: t.quarantine,
      align: 'right',
      render: (plan) =>
        plan.openQuarantine > 0 ? (
          <Link to={portalPath('quarantine', { planId: plan.id })}>{formatCount(plan.openQuarantine)}</Link>
        ) : (
          formatCount(0)
        ),
    },
  ]
}
