import { PageHeader, useText } from '../ui/index.ts'
import { assessmentText } from './text.ts'

export function LedgerPage() {
  const t = useText(assessmentText).ledger
  return <PageHeader title={t.title} purpose={t.purpose} />
}
