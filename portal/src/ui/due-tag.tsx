import { Tooltip } from 'antd'
import { useText } from './language.tsx'
import { ToneTag } from './state-tag.tsx'
import { uiText } from './text.ts'

export interface Due {
  dueOn: string
  /** Working days; negative when overdue. */
  remainingDays: number
  phase: 'normal' | 'due_soon' | 'overdue'
  provisional: boolean
  extendedDays?: number
}

const tones = { normal: 'neutral', due_soon: 'warning', overdue: 'bad' } as const

/** The due date with the working days that are left, and whether the date is provisional. */
export function DueTag({ dueOn, remainingDays, phase, provisional, extendedDays = 0 }: Due) {
  const t = useText(uiText)
  return (
    <span className="dt-due">
      <ToneTag tone={tones[phase]}>{remainingDays < 0 ? t.overdue(-remainingDays) : t.remaining(remainingDays)}</ToneTag>
      <span className="dt-muted">{t.dueOn(dueOn)}</span>
      {extendedDays > 0 && <span className="dt-muted">{t.extended(extendedDays)}</span>}
      {provisional && (
        <Tooltip title={t.provisionalWhy}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be readable by keyboard */}
          <span tabIndex={0} className="dt-tag dt-tag-progress">
            {t.provisional}
          </span>
        </Tooltip>
      )}
    </span>
  )
}
