import { useParams } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { type RequestState, requestStates, type SharingRequest } from '#contract/sharing.ts'
import { useRoute } from '../../api/index.ts'
import { DueTag, FieldTable, LinkButton, Loaded, Opinions, PageHeader, StateTag, Steps, useText } from '../../ui/index.ts'
import { sharingText } from '../text.ts'
import { RequestActions } from './request-actions.tsx'
import { RequestTables } from './request-tables.tsx'
import { requestText } from './text.ts'

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
  const shared = useText(sharingText)
  const t = useText(requestText).request
  const isStopped = request.state === 'refused' || request.state === 'rejected' || request.state === 'withdrawn'
  const isClosed = isStopped || request.state === 'approved'
  return (
    <>
      <PageHeader
        title={`${request.number} ${request.entry.name}`}
        purpose={t.purpose(request.consumer.name, request.provider.name)}
        tags={<StateTag table={requestStates} state={request.state} />}
        actions={
          <>
            {request.grantId && <LinkButton to={portalPath('grant', { grantId: request.grantId })}>{t.toGrant}</LinkButton>}
            <LinkButton to={portalPath('entry', { entryId: request.entry.id })}>{t.toEntry}</LinkButton>
            <RequestActions request={request} />
          </>
        }
      />
      <section className="dt-panel">
        <Steps steps={t.steps(request.consumer.name, request.provider.name)} current={stepOf[request.state]} isStopped={isStopped} />
        <FieldTable
          label={t.waiting}
          fields={[
            { label: shared.waitingFor, value: request.waitingFor },
            { label: shared.due, value: isClosed ? t.closed : request.clock ? <DueTag {...request.clock} /> : shared.noClock },
          ]}
        />
      </section>
      <RequestTables request={request} />
      <section className="dt-panel">
        <h2>{t.opinions}</h2>
        <Opinions opinions={request.opinions} eventWord={(event) => shared.event[event] ?? event} />
      </section>
    </>
  )
}
