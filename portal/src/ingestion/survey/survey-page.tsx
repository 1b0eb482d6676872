import { Alert, Progress } from 'antd'
import { useEffect } from 'react'
import { useParams } from 'react-router'
import { type Survey, surveyStates } from '#contract/ingestion/survey.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction, useForget, useRoute } from '../../api/index.ts'
import { ConfirmButton, formatInstant, LinkButton, Loaded, PageHeader, StateTag, useText } from '../../ui/index.ts'
import { SurveyTables } from './survey-tables.tsx'
import { surveyText } from './text.ts'

const isRunning = ({ finishedAt }: Survey) => finishedAt === null
const pollEveryMs = 1000

export function SurveyPage() {
  const { surveyId } = useParams() as { surveyId: string }
  const query = useRoute('get_survey', { params: { surveyId } }, { pollWhile: isRunning, pollEveryMs })
  return <Loaded query={query}>{(survey) => <SurveyDetail survey={survey} />}</Loaded>
}

function SurveyDetail({ survey }: { survey: Survey }) {
  const t = useText(surveyText)
  const forget = useForget()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is asked again as the survey goes on
  useEffect(() => forget('list_survey_tables', 'list_surveys'), [survey.done, survey.state])
  return (
    <>
      <PageHeader
        title={survey.sourceName}
        purpose={t.purpose(survey.startedBy, formatInstant(survey.queuedAt))}
        tags={<StateTag table={surveyStates} state={survey.state} />}
        actions={
          <>
            {survey.can.cancel && <CancelButton surveyId={survey.id} />}
            <LinkButton to={portalPath('source', { sourceId: survey.sourceId })}>{t.source}</LinkButton>
          </>
        }
      />
      {survey.error && <Alert className="dt-problem" type="error" showIcon title={survey.error.detail} />}
      <section className="dt-panel" role="status">
        <Progress
          percent={survey.total === 0 ? 0 : Math.round((survey.done / survey.total) * 100)}
          status={isRunning(survey) ? 'active' : 'normal'}
          aria-label={t.progress(survey.done, survey.total)}
        />
        <p>{t.progress(survey.done, survey.total)}</p>
      </section>
      <SurveyTables survey={survey} />
    </>
  )
}

function CancelButton({ surveyId }: { surveyId: string }) {
  const t = useText(surveyText)
  const cancel = useAction('cancel_survey', { invalidates: ['get_survey'] })
  return (
    <ConfirmButton label={t.cancel} question={t.cancelAsk} onConfirm={() => cancel.run({ params: { surveyId } })} error={cancel.error} />
  )
}
