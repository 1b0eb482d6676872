import { Steps as AntSteps } from 'antd'
import { useText } from './language.tsx'
import { uiText } from './text.ts'

export interface Step {
  title: string
  /** Who acts in this step, in words. */
  who: string
}

/** The way of a matter: what is done, where it stands, who acts next. `current` = steps.length when all is done. */
export function Steps({ steps, current, isStopped = false }: { steps: Step[]; current: number; isStopped?: boolean }) {
  const t = useText(uiText)
  return (
    <AntSteps
      className="dt-steps"
      size="small"
      current={current}
      status={isStopped ? 'error' : 'process'}
      items={steps.map((step, index) => ({
        title: step.title,
        content: index === current ? t.labelled(t.now, step.who) : index === current + 1 ? t.labelled(t.whoIsNext, step.who) : step.who,
      }))}
    />
  )
}
