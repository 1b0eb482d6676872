import { Alert } from 'antd'
import { useParams } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { type Grant, grantStates } from '#contract/sharing.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { FieldTable, formatCount, LinkButton, Loaded, PageHeader, ReasonButton, StateTag, useText } from '../../ui/index.ts'
import { Conditions } from '../request/request-page.tsx'
import { sharingText } from '../text.ts'
import { GrantPreview } from './grant-preview.tsx'

export function GrantPage() {
  const { grantId } = useParams() as { grantId: string }
  const query = useRoute('get_grant', { params: { grantId } })
  return <Loaded query={query}>{(grant) => <GrantDetail grant={grant} />}</Loaded>
}

/** One grant: what may be used, how it is called, what was used, and the acts that stop it. */
function GrantDetail({ grant }: { grant: Grant }) {
  const t = useText(sharingText)
  return (
    <>
      <PageHeader
        title={`${grant.number} ${grant.entry.name}`}
        purpose={t.grant.purpose(grant.consumer.name, grant.provider.name)}
        tags={<StateTag table={grantStates} state={grant.state} />}
        actions={
          <>
            <LinkButton to={portalPath('request', { requestId: grant.requestId })}>{t.grant.toRequest}</LinkButton>
            <GrantActions grant={grant} />
          </>
        }
      />
      {[grant.unavailableReason, grant.notice].map((text) => text && <Alert key={text} type="warning" showIcon title={text} />)}
      <div className="dt-columns">
        <section className="dt-panel">
          <h2>{t.grant.basic}</h2>
          <GrantTable grant={grant} />
        </section>
        <section className="dt-panel">
          <h2>{t.grant.how}</h2>
          <HowToCall grant={grant} />
        </section>
      </div>
      <GrantPreview grant={grant} />
    </>
  )
}

function GrantTable({ grant }: { grant: Grant }) {
  const t = useText(sharingText)
  const nameOf = (code: string) => grant.items.find((item) => item.item === code)?.name ?? code
  return (
    <FieldTable
      label={t.grant.basic}
      fields={[
        { label: t.grant.purposeLabel, value: grant.purpose },
        {
          label: t.grant.items,
          value: grant.items.map((item) => (item.mask === 'none' ? item.name : `${item.name}（${t.mask[item.mask]}）`)).join('、'),
        },
        { label: t.request.rows, value: <Conditions rows={grant.rows} nameOf={nameOf} /> },
        { label: t.grants.period, value: `${grant.from} — ${grant.to}` },
        { label: t.grant.quota, value: formatCount(grant.callsPerDay) },
        { label: t.grant.maxRows, value: formatCount(grant.maxRowsPerCall) },
        { label: t.grant.today, value: formatCount(grant.callsToday) },
        { label: t.grant.total, value: formatCount(grant.callsTotal) },
        { label: t.grant.rowsTotal, value: formatCount(grant.rowsTotal) },
        { label: t.grant.reason, value: grant.stateReason },
      ]}
    />
  )
}

function HowToCall({ grant }: { grant: Grant }) {
  const t = useText(sharingText).grant
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
  const t = useText(sharingText)
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
          label={t.grant.suspend}
          question={t.grant.suspendAsk}
          reasonLabel={t.request.reason}
          max={500}
          onConfirm={(reason) => suspend.run({ params, body: { reason } })}
          error={suspend.error}
        />
      )}
      {can.resume && (
        <ReasonButton
          type="primary"
          label={t.grant.resume}
          question={t.grant.resumeAsk}
          reasonLabel={t.request.reason}
          max={500}
          onConfirm={(reason) => resume.run({ params, body: { reason } })}
          error={resume.error}
        />
      )}
      {can.terminate && (
        <ReasonButton
          danger
          label={t.grant.terminate}
          question={t.grant.terminateAsk}
          reasonLabel={t.request.reason}
          max={500}
          onConfirm={(reason) => terminate.run({ params, body: { reason } })}
          error={terminate.error}
        />
      )}
    </>
  )
}
