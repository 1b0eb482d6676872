import type { Entry } from '#contract/catalog.ts'
import { useAction } from '../../api/index.ts'
import { ConfirmButton, ReasonButton, useText } from '../../ui/index.ts'
import { entryText } from './text.ts'

/** Withdrawal in its three steps: the provider announces, may take it back, the bureau confirms. */
export function WithdrawalButtons({ entry }: { entry: Entry }) {
  const t = useText(entryText).withdrawal
  const invalidates = ['get_entry' as const, 'list_entries' as const, 'search_entries' as const]
  const announce = useAction('announce_withdrawal', { invalidates })
  const cancel = useAction('cancel_withdrawal', { invalidates })
  const withdraw = useAction('withdraw_entry', { invalidates })
  const params = { entryId: entry.id }
  return (
    <>
      {entry.can.announce_withdrawal && (
        <ReasonButton
          label={t.announce}
          question={t.announceQuestion}
          reasonLabel={t.reason}
          least={4}
          max={500}
          danger
          error={announce.error}
          onConfirm={(reason) => announce.run({ params, body: { reason } })}
        />
      )}
      {entry.can.cancel_withdrawal && (
        <ConfirmButton label={t.cancel} question={t.cancelQuestion} error={cancel.error} onConfirm={() => cancel.run({ params })} />
      )}
      {entry.can.withdraw && (
        <ReasonButton
          label={t.confirm}
          question={t.confirmQuestion}
          reasonLabel={t.opinion}
          least={0}
          danger
          type="primary"
          error={withdraw.error}
          onConfirm={(opinion) => withdraw.run({ params, body: { opinion } })}
        />
      )}
    </>
  )
}
