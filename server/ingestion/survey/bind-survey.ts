import { surveyRoutes } from '#contract/ingestion/survey.ts'
import { bind } from '../../http/index.ts'
import { acceptTables } from './accept-tables.ts'
import { cancelSurvey, getSurveyProfile, getSurveyRow, listSurveys, listSurveyTables, presentSurvey } from './present-survey.ts'
import { startSurvey } from './start-survey.ts'

export const boundSurveyRoutes = bind(surveyRoutes, {
  start_survey: (ctx, { params }) => startSurvey(ctx, params.sourceId),
  list_surveys: (ctx, { query }) => listSurveys(ctx, query),
  get_survey: async (ctx, { params }) => presentSurvey(ctx, await getSurveyRow(ctx, params.surveyId)),
  cancel_survey: (ctx, { params }) => cancelSurvey(ctx, params.surveyId),
  list_survey_tables: (ctx, { params, query }) => listSurveyTables(ctx, params.surveyId, query),
  get_survey_profile: (ctx, { params, query }) => getSurveyProfile(ctx, params.surveyId, query.object),
  accept_survey_tables: (ctx, { params, body }) => acceptTables(ctx, params.surveyId, body.tables),
})
