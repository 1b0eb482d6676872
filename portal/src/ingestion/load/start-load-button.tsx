import { useNavigate } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction } from '../../api/index.ts'
import { ConfirmButton, useText } from '../../ui/index.ts'
import { loadText } from './text.ts'

export function StartLoadButton({ planId, label }: { planId: string; label?: string }) {
  const t = useText(loadText).start
  const navigate = useNavigate()
  const start = useAction('start_load', {
    invalidates: ['get_plan', 'list_plans', 'list_loads'],
    onDone: (load) => navigate(portalPath('load', { loadId: load.id })),
  })
  return (
    <ConfirmButton
      type="primary"
      label={label ?? t.label}
      question={t.question}
      onConfirm={() => start.run({ params: { planId } })}
      error={start.error}
    />
  )
}
