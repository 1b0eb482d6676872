import { Alert } from 'antd'
import { portalPath } from '#contract/portal-paths.ts'
import { useSeekList } from '../../api/index.ts'
import { LinkButton, useText } from '../../ui/index.ts'
import { driftText } from './text.ts'

/** Above a plan whose source waits for a decision. */
export function DriftNotice({ planId }: { planId: string }) {
  const t = useText(driftText)
  const [open] = useSeekList('list_drifts', { query: { planId, state: 'open' } }).rows
  if (!open) return null
  const link = <LinkButton to={portalPath('drift', { driftId: open.id })}>{t.open}</LinkButton>
  return <Alert className="dt-problem" type="warning" showIcon title={t.notice} action={link} />
}
