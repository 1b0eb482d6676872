import { Alert } from 'antd'
import { useParams } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { type Grant, grantStates } from '#contract/sharing.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { useSession } from '../../shell/index.ts'
import { FieldTable, formatCount, LinkButton, Loaded, PageHeader, ReasonButton, StateTag, useText } from '../../ui/index.ts'
import { ConditionList } from '../condition-list.tsx'
import { sharingText } from '../text.ts'
import { GrantPreview } from './grant-preview.tsx'
import { grantText } from './text.ts'

export function GrantPage() {
  const { grantId } = useParams() as { grantId: string }
  const query = useRoute('get_grant', { params: { grantId } })
  return <Loaded query={query}>{(grant) => <GrantDetail grant={grant} />}</Loaded>
}

/** One grant: what may be used, how it is called, what was used, and the acts that stop it. */
function GrantDetail({ grant }: { grant: Grant }) {
  const { org } = useSession()
  const t = useText(grantText).page
  return (
    <>
      <PageHeader
        title={`${grant.number} ${grant.entry.name}`}
        purpose={t.purpose(grant.consumer.name, grant.provider.name)}
        tags={<StateTag table={grantStates} state={grant.state} />}
        actions={
          <>
            <LinkButton to={portalPath('request', { requestId: grant.requestId })}>{t.toRequest}</LinkButton>
            <GrantActions grant={grant} />
          </>
        }
      />
      {[grant.unavailableReason, grant.notice].map(
        (words) => words && <Alert key={words} className="dt-problem" type="warning" showIcon title={words} />,
      )}
      <div className="dt-columns">
        <section className="dt-panel">
          <h2>{t.basic}</h2>
          <GrantTable grant={grant} />
        </section>
        {org.id === grant.consumer.id && (
          <section className="dt-panel">
            <h2>{t.how}</h2>
            <HowToCall grant={grant} />
          </section>
        )}
      </div>
      <GrantPreview grant={grant} />
    </>
  )
}

function GrantTable({ grant }: { grant: Grant }) {
  const shared = useText(sharingText)
  const t = useText(grantText).page
  const nameOf = (code: string) => grant.items.find((item) => item.item === code)?.name ?? code
  const items = grant.items.map(({ name, mask }) => (mask === 'none' ? name : shared.masked(name, shared.mask[mask] ?? mask)))
  return (
    <FieldTable
      label={t.basic}
      fields={[
        { label: t.purposeLabel, value: grant.purpose },
        { label: t.items, value: shared.list(items) },
        { label: t.rows, value: <ConditionList rows={grant.rows} nameOf={nameOf} /> },
        { label: t.period, value: t.fromTo(grant.from, grant.to) },
        { label: t.quota, value: formatCount(grant.callsPerDay) },
        { label: t.maxRows, value: formatCount(grant.maxRowsPerCall) },
        { label: t.today, value: formatCount(grant.callsToday) },
        { label: t.total, value: formatCount(grant.callsTotal) },
        { label: t.rowsTotal, value: formatCount(grant.rowsTotal) },
        { label: t.reason, value: grant.stateReason },
      ]}
    />
  )
}

function HowToCall({ grant }: { grant: Grant }) {
  const t = useText(grantText).page
  const example = grant.items.find((item) => item.isKey && item.mask === 'none') ?? grant.items.find((item) => item.mask === 'none')
  return (
    <>
      <ol>
        {t.howSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <pre className="dt-mono">{`GET ${grant.endpoint}${example ? `?${example.item}=eq.…` : ''}`}</pre>
      <LinkButton to={portalPath('keys')}>{t.keys}</LinkButton>
    </>
  )
}

function GrantActions({ grant: { id, can } }: { grant: Grant }) {
  const t = useText(grantText).page
  const params = { grantId: id }
  const options = { invalidates: ['get_grant' as const, 'list_grants' as const] }
  const suspend = useAction('suspend_grant', options)
  const resume = useAction('resume_grant', options)
  const terminate = useAction('terminate_grant', options)
  return (
    <>
      {can.suspend && (
        <ReasonButton
          danger
          label={t.suspend}
          question={t.suspendAsk}
          reasonLabel={t.why}
          max={500}
          onConfirm={(reason) => suspend.run({ params, body: { reason } })}
          error={suspend.error}
        />
      )}
      {can.resume && (
        <ReasonButton
          type="primary"
          label={t.resume}
          question={t.resumeAsk}
          reasonLabel={t.why}
          max={500}
          onConfirm={(reason) => resume.run({ params, body: { reason } })}
          error={resume.error}
        />
      )}
      {can.terminate && (
        <ReasonButton
          danger
          label={t.terminate}
          question={t.terminateAsk}
          reasonLabel={t.why}
          max={500}
          onConfirm={(reason) => terminate.run({ params, body: { reason } })}
          error={terminate.error}
        />
      )}
    </>
  )
}
