import { Tabs } from 'antd'
import { useParams } from 'react-router'
import type { Plan } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useRoute } from '../../api/index.ts'
import { EmptyState, formatCount, LinkButton, Loaded, PageHeader, useFilters, useText } from '../../ui/index.ts'
import { DriftNotice } from '../drift/drift-notice.tsx'
import { FiveNumbers } from '../load/five-numbers.tsx'
import { LoadedFileTable } from '../load/loaded-file-table.tsx'
import { LoadTable } from '../load/load-table.tsx'
import { StartLoadButton } from '../load/start-load-button.tsx'
import { SchedulePanel } from '../schedule/schedule-panel.tsx'
import { scheduleText } from '../schedule/text.ts'
import { StreamOfPlan } from '../stream/stream-actions.tsx'
import { PlanTables } from './plan-tables.tsx'
import { planText } from './text.ts'

export function PlanPage() {
  const { planId } = useParams() as { planId: string }
  const query = useRoute('get_plan', { params: { planId } })
  return <Loaded query={query}>{(plan) => <PlanDetail plan={plan} />}</Loaded>
}

/** One plan: its last load in five numbers, what was loaded before, and how it is set up. */
function PlanDetail({ plan }: { plan: Plan }) {
  const t = useText(planText).page
  const { plan: schedule } = useText(scheduleText)
  const [{ tab }, setFilters] = useFilters('tab')
  const params = { planId: plan.id }
  return (
    <>
      <PageHeader
        title={plan.entryName}
        purpose={t.purpose(plan.sourceName, plan.object)}
        actions={
          <>
            {plan.mode.kind === 'stream'
              ? plan.can.update && <StreamOfPlan planId={plan.id} />
              : plan.can.load && <StartLoadButton planId={plan.id} />}
            {plan.can.readQuarantine && (
              <LinkButton to={portalPath('quarantine', params)}>{t.quarantine(formatCount(plan.openQuarantine))}</LinkButton>
            )}
            {plan.can.update && <LinkButton to={portalPath('new_plan', params)}>{t.edit}</LinkButton>}
          </>
        }
      />
      <DriftNotice planId={plan.id} />
      <section className="dt-panel">
        <h2>{t.last}</h2>
        {plan.lastLoad ? (
          <FiveNumbers load={plan.lastLoad} isLinked />
        ) : (
          <EmptyState why={t.never} todo={plan.can.load ? t.neverTodo : t.neverReader(plan.org.name)} />
        )}
      </section>
      <Tabs
        activeKey={tab ?? 'mapping'}
        onChange={(key) => setFilters({ tab: key === 'mapping' ? undefined : key })}
        items={[
          { key: 'mapping', label: t.mapping, children: <PlanTables plan={plan} /> },
          { key: 'schedule', label: schedule.title, children: <SchedulePanel plan={plan} /> },
          ...(plan.mode.kind === 'append' ? [{ key: 'files', label: t.files, children: <LoadedFileTable planId={plan.id} /> }] : []),
          { key: 'loads', label: t.history, children: <LoadTable query={params} /> },
        ]}
      />
    </>
  )
}
