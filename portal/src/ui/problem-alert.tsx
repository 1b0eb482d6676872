import { Alert, Button } from 'antd'
import { roles } from '#contract/security.ts'
import type { Problem } from '#contract/values.ts'
import { useLanguage, useText } from './language.tsx'
import { uiText } from './text.ts'

/** Anything that failed with a problem: the error of a query or of an act. */
export type Failed = { problem: Problem } | null

interface ProblemAlertProps {
  error: Failed
  /** The field's name for a JSON pointer, where the page knows it. */
  labelOf?: (pointer: string) => string | undefined
  /** Brings the reader to the field. */
  onJump?: (pointer: string) => void
  onRetry?: () => void
}

/** What went wrong and what to do, each field that is wrong, and who can settle it. Nothing when nothing failed. */
export function ProblemAlert({ error, labelOf, onJump, onRetry }: ProblemAlertProps) {
  const t = useText(uiText)
  const { language } = useLanguage()
  if (!error) return null
  const { detail, errors, actor, status, instance } = error.problem
  const who = actor ? (actor in roles ? roles[actor as keyof typeof roles][language] : actor) : undefined
  const lines = errors.map((field) => {
    const label = labelOf?.(field.pointer)
    return { ...field, words: label ? t.labelled(label, field.detail) : field.detail }
  })
  return (
    <Alert
      className="dt-problem"
      type={status >= 500 || status === 0 ? 'error' : 'warning'}
      showIcon
      role="alert"
      title={detail}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t.retry}
          </Button>
        )
      }
      description={
        (lines.length > 0 || who || status >= 500) && (
          <>
            {who && <p>{t.whoActs(who)}</p>}
            {lines.length > 0 && (
              <ul>
                {lines.map((line) => (
                  <li key={line.pointer + line.code}>
                    {onJump ? (
                      <Button type="link" size="small" onClick={() => onJump(line.pointer)}>
                        {line.words}
                      </Button>
                    ) : (
                      line.words
                    )}
                  </li>
                ))}
              </ul>
            )}
            {status >= 500 && instance && <p>{t.reference(instance)}</p>}
          </>
        )
      }
    />
  )
}
