import { Alert } from 'antd'
import { useParams } from 'react-router'
import { type Drift, driftStates } from '#contract/ingestion/drift.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { formatInstant, LinkButton, Loaded, PageHeader, ReasonButton, StateTag, useText } from '../../ui/index.ts'
import { ChangeTable } from './change-table.tsx'
import { StructureTable } from './structure-table.tsx'
import { driftText } from './text.ts'

export function DriftPage() {
  const { driftId } = useParams() as { driftId: string }
  const query = useRoute('get_drift', { params: { driftId } })
  return <Loaded query={query}>{(drift) => <DriftDetail drift={drift} />}</Loaded>
}

/** What changed, what it touches, and the two decisions. */
function DriftDetail({ drift }: { drift: Drift }) {
  const t = useText(driftText).page
  return (
    <>
      <PageHeader
        title={drift.entryName}
        purpose={t.purpose(drift.object, drift.entryVersion)}
        tags={<StateTag table={driftStates} state={drift.state} />}
        actions={
          <>
            <Decisions drift={drift} />
            <LinkButton to={portalPath('plan', { planId: drift.planId })}>{t.plan}</LinkButton>
            {drift.loadId && <LinkButton to={portalPath('load', { loadId: drift.loadId })}>{t.load}</LinkButton>}
          </>
        }
      />
      {drift.revisionId && (
        <Alert
          className="dt-problem"
          type="info"
          showIcon
          title={t.drafted}
          action={<LinkButton to={portalPath('revision', { revisionId: drift.revisionId })}>{t.draft}</LinkButton>}
        />
      )}
      {drift.decided && <p className="dt-muted">{t.decided(drift.decided.by, formatInstant(drift.decided.at), drift.decided.reason)}</p>}
      <section className="dt-panel">
        <h2>{t.changes}</h2>
        <ChangeTable drift={drift} />
      </section>
      <section className="dt-panel">
        <h2>{t.structure}</h2>
        <StructureTable drift={drift} />
      </section>
    </>
  )
}

function Decisions({ drift }: { drift: Drift }) {
  const t = useText(driftText).page
  const invalidates = ['get_drift' as const, 'list_drifts' as const, 'get_plan' as const, 'list_plans' as const, 'get_my_work' as const]
  const accept = useAction('accept_drift', { invalidates })
  const refuse = useAction('refuse_drift', { invalidates })
  const params = { driftId: drift.id }
  return (
    <>
      {drift.can.accept && (
        <ReasonButton
          type="primary"
          label={t.accept}
          question={t.acceptAsk}
          reasonLabel={t.reason}
          least={0}
          max={300}
          onConfirm={(reason) => accept.run({ params, body: { reason } })}
          error={accept.error}
        />
      )}
      {drift.can.refuse && (
        <ReasonButton
          label={t.refuse}
          question={t.refuseAsk}
          reasonLabel={t.reason}
          max={300}
          onConfirm={(reason) => refuse.run({ params, body: { reason } })}
          error={refuse.error}
        />
      )}
    </>
  )
}
