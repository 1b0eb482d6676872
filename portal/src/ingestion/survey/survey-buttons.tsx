import { useNavigate } from 'react-router'
import type { Source } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction, useSeekList } from '../../api/index.ts'
import { ConfirmButton, LinkButton, useText } from '../../ui/index.ts'
import { surveyText } from './text.ts'

/** The two ways into surveys of a source: a new one, and the last. */
export function SurveyButtons({ source }: { source: Source }) {
  const t = useText(surveyText)
  const navigate = useNavigate()
  const [last] = useSeekList('list_surveys', { query: { sourceId: source.id } }).rows
  const start = useAction('start_survey', {
    invalidates: ['list_surveys'],
    onDone: ({ id }) => void navigate(portalPath('survey', { surveyId: id })),
  })
  return (
    <>
      {last && <LinkButton to={portalPath('survey', { surveyId: last.id })}>{t.last}</LinkButton>}
      <ConfirmButton
        label={t.start}
        question={t.startAsk}
        onConfirm={() => start.run({ params: { sourceId: source.id } })}
        error={start.error}
      />
    </>
  )
}
