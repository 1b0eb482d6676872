import { type Survey, surveyStates } from '#contract/ingestion/survey.ts'
import { conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { getOwnSource } from '../source/present-source.ts'
import { getSurveyRow, presentSurvey } from './present-survey.ts'
import { runSurveyJob } from './run-survey-job.ts'
import { insertSurvey, selectSurveys } from './survey-store.ts'

/** Queues a look at every table of a source. @throws conflict `ingestion.survey_running` */
export async function startSurvey(ctx: Ctx, sourceId: string): Promise<Survey> {
  const source = await getOwnSource(ctx, sourceId)
  const id = newId(ctx.now().getTime())
  await inTx(ctx, async (ctx) => {
    // The source's row is locked, so that of two who press the button one is told.
    await ctx.db.selectFrom('ingestion.source').select('id').where('id', '=', sourceId).forUpdate().execute()
    const [last] = await selectSurveys(ctx.db, 'everything', { sourceId, limit: 1 })
    if (last && last.finished_at === null) throw conflict('ingestion.survey_running')
    const row = { id, source_id: sourceId, org_id: source.org_id, state: surveyStates.initial, started_by: ctx.actor.name }
    await insertSurvey(ctx.db, { ...row, queued_at: ctx.now() })
    // Samples of every table are read: the one entry stands for all of them.
    emit(ctx, {
      action: 'ingestion.survey_started',
      object: { type: 'source', id: sourceId, name: source.name },
      isData: true,
      detail: { surveyId: id },
    })
    await ctx.enqueue(ctx, runSurveyJob, { surveyId: id })
  })
  return presentSurvey(ctx, await getSurveyRow(ctx, id))
}
