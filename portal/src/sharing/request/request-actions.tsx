import { useState } from 'react'
import { Button } from 'antd'
import { portalPath } from '#contract/portal-paths.ts'
import type { SharingRequest } from '#contract/sharing.ts'
import { type ActionOptions, useAction } from '../../api/index.ts'
import { ConfirmButton, ExtendButton, LinkButton, ReasonButton, useText } from '../../ui/index.ts'
import { ApproveDialog } from './approve-dialog.tsx'
import { requestText } from './text.ts'

const invalidates: ActionOptions<'submit_request'>['invalidates'] = [
  'get_request',
  'list_my_requests',
  'list_requests_to_handle',
  'list_requests',
]

/** The acts that this person may do now: exactly those of `can`. */
export function RequestActions({ request }: { request: SharingRequest }) {
  return (
    <>
      <ConsumerActions request={request} />
      <ReviewActions request={request} />
      <ProviderActions request={request} />
    </>
  )
}

interface Part {
  request: SharingRequest
}

function ConsumerActions({ request: { id, can } }: Part) {
  const t = useText(requestText).request
  const params = { requestId: id }
  const submit = useAction('submit_request', { invalidates })
  const complete = useAction('complete_request', { invalidates })
  const withdraw = useAction('withdraw_request', { invalidates })
  return (
    <>
      {can.update && <LinkButton to={portalPath('new_request', { requestId: id })}>{t.edit}</LinkButton>}
      {can.submit && (
        <ConfirmButton
          type="primary"
          label={t.submit}
          question={t.submitAsk}
          onConfirm={() => submit.run({ params })}
          error={submit.error}
        />
      )}
      {can.complete && (
        <ConfirmButton
          type="primary"
          label={t.complete}
          question={t.completeAsk}
          onConfirm={() => complete.run({ params })}
          error={complete.error}
        />
      )}
      {can.withdraw && (
        <ConfirmButton
          danger
          label={t.withdraw}
          question={t.withdrawAsk}
          onConfirm={() => withdraw.run({ params })}
          error={withdraw.error}
        />
      )}
    </>
  )
}

function ReviewActions({ request: { id, can } }: Part) {
  const t = useText(requestText).request
  const params = { requestId: id }
  const pass = useAction('pass_request', { invalidates })
  const reject = useAction('reject_request', { invalidates })
  return (
    <>
      {can.pass && (
        <ReasonButton
          type="primary"
          label={t.pass}
          question={t.passAsk}
          reasonLabel={t.opinion}
          least={0}
          onConfirm={(opinion) => pass.run({ params, body: { opinion } })}
          error={pass.error}
        />
      )}
      {can.reject && (
        <ReasonButton
          danger
          label={t.reject}
          question={t.rejectAsk}
          reasonLabel={t.reason}
          max={500}
          onConfirm={(reason) => reject.run({ params, body: { reason } })}
          error={reject.error}
        />
      )}
    </>
  )
}

function ProviderActions({ request }: Part) {
  const t = useText(requestText).request
  const [isDeciding, setDeciding] = useState(false)
  const params = { requestId: request.id }
  const giveBack = useAction('return_request', { invalidates })
  const extend = useAction('extend_request', { invalidates })
  const refuse = useAction('refuse_request', { invalidates })
  const { can } = request
  return (
    <>
      {can.approve && (
        <Button type="primary" onClick={() => setDeciding(true)}>
          {t.approve}
        </Button>
      )}
      {isDeciding && <ApproveDialog request={request} onClose={() => setDeciding(false)} />}
      {can.return && (
        <ReasonButton
          label={t.return}
          question={t.returnAsk}
          reasonLabel={t.opinion}
          max={500}
          onConfirm={(reason) => giveBack.run({ params, body: { reason } })}
          error={giveBack.error}
        />
      )}
      {can.refuse && (
        <ReasonButton
          danger
          label={t.refuse}
          question={t.refuseAsk}
          reasonLabel={t.reason}
          max={500}
          onConfirm={(reason) => refuse.run({ params, body: { reason } })}
          error={refuse.error}
        />
      )}
      {can.extend && (
        <ExtendButton
          question={t.extendAsk}
          most={30}
          error={extend.error}
          isRunning={extend.isRunning}
          onConfirm={(body) => extend.run({ params, body })}
        />
      )}
    </>
  )
}
