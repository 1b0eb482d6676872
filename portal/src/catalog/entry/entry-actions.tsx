import { Button } from 'antd'
import { useNavigate } from 'react-router'
import type { Entry } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction } from '../../api/index.ts'
import { useHasScope, useSession } from '../../shell/index.ts'
import { LinkButton, ReasonButton, useText } from '../../ui/index.ts'
import { entryText } from './text.ts'
import { WithdrawalButtons } from './withdrawal-buttons.tsx'

/** What the reader may do with an entry now, by its `can`. */
export function EntryActions({ entry }: { entry: Entry }) {
  const t = useText(entryText).page
  const navigate = useNavigate()
  const { org } = useSession()
  const start = useAction('start_revision', {
    invalidates: ['get_entry', 'list_revisions', 'list_my_revisions'],
    onDone: (revision) => navigate(portalPath('edit_revision', { revisionId: revision.id })),
  })
  const mayApply =
    useHasScope('sharing:apply') && org.id !== entry.provider.id && entry.sharingType !== 'not_shared' && entry.state === 'published'
  const params = { entryId: entry.id }
  return (
    <>
      {mayApply && (
        <LinkButton type="primary" to={portalPath('new_request', params)}>
          {t.apply}
        </LinkButton>
      )}
      {entry.can.start_revision && (
        <ReasonButton
          label={t.change}
          question={t.changeQuestion}
          reasonLabel={t.changeReason}
          max={500}
          type="primary"
          error={start.error}
          onConfirm={(changeReason) => start.run({ params, body: { changeReason } })}
        />
      )}
      <WithdrawalButtons entry={entry} />
      <Button onClick={() => window.print()}>{t.print}</Button>
    </>
  )
}
