import { useParams } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { requestStates, type RequestState, type RowCondition, type SharingRequest } from '#contract/sharing.ts'
import { useRoute } from '../../api/index.ts'
import { DueTag, FieldTable, LinkButton, Loaded, Opinions, PageHeader, StateTag, Steps, useText } from '../../ui/index.ts'
import { sharingText } from '../text.ts'
import { RequestActions } from './request-actions.tsx'

export function RequestPage() {
  const { requestId } = useParams() as { requestId: string }
  const query = useRoute('get_request', { params: { requestId } })
  return <Loaded query={query}>{(request) => <RequestDetail request={request} />}</Loaded>
}

const stepOf: Record<RequestState, number> = {
  draft: 0,
  consumer_review: 1,
  provider_review: 2,
  returned: 2,
  approved: 4,
  refused: 2,
  rejected: 1,
  withdrawn: 0,
}

/** One request: where it stands, the clock, what is asked, what was decided, who said what. It is handled here. */
function RequestDetail({ request }: { request: SharingRequest }) {
  const t = useText(sharingText)
  const isStopped = request.state === 'refused' || request.state === 'rejected' || request.state === 'withdrawn'
  return (
    <>
      <PageHeader
        title={`${request.number} ${request.entry.name}`}
        purpose={t.request.purpose(request.consumer.name, request.provider.name)}
        tags={<StateTag table={requestStates} state={request.state} />}
        actions={
          <>
            {request.grantId && <LinkButton to={portalPath('grant', { grantId: request.grantId })}>{t.request.toGrant}</LinkButton>}
            <LinkButton to={portalPath('entry', { entryId: request.entry.id })}>{t.request.toEntry}</LinkButton>
            <RequestActions request={request} />
          </>
        }
      />
      <section className="dt-panel">
        <Steps steps={t.request.steps} current={stepOf[request.state]} isStopped={isStopped} />
        <FieldTable
          label={t.request.waiting}
          fields={[
            { label: t.waitingFor, value: request.waitingFor },
            { label: t.due, value: request.clock ? <DueTag {...request.clock} /> : t.noClock },
          ]}
        />
      </section>
      <div className="dt-columns">
        <section className="dt-panel">
          <h2>{t.request.content}</h2>
          <RequestContentTable request={request} />
        </section>
        <section className="dt-panel">
          <h2>{t.request.opinions}</h2>
          <Opinions opinions={request.opinions} eventWord={(event) => t.event[event] ?? event} />
        </section>
      </div>
    </>
  )
}

function RequestContentTable({ request: { entry, content } }: { request: SharingRequest }) {
  const t = useText(sharingText)
  const query = useRoute('get_entry', { params: { entryId: entry.id } })
  const nameOf = (code: string) => query.data?.content.items.find((item) => item.code === code)?.name ?? code
  return (
    <FieldTable
      label={t.request.content}
      fields={[
        { label: t.apply.basis, value: content.basis },
        { label: t.apply.scenario, value: content.scenario },
        { label: t.apply.usePurpose, value: content.purpose },
        { label: t.request.items, value: content.items.map(nameOf).join('、') },
        { label: t.request.rows, value: <Conditions rows={content.rows} nameOf={nameOf} /> },
        { label: t.request.period, value: content.from && content.to ? `${content.from} — ${content.to}` : '' },
        { label: t.apply.callsPerDay, value: content.callsPerDay },
        { label: t.apply.contact, value: content.contact },
      ]}
    />
  )
}

export function Conditions({ rows, nameOf }: { rows: readonly RowCondition[]; nameOf: (code: string) => string }) {
  const t = useText(sharingText)
  if (rows.length === 0) return t.request.allRows
  return (
    <ul className="dt-plain-list">
      {rows.map((row) => (
        <li key={JSON.stringify(row)}>{[nameOf(row.item), t.operator[row.operator], [row.value].flat().join('、')].join(' ')}</li>
      ))}
    </ul>
  )
}
