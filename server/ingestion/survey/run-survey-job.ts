import { z } from 'zod'
import { Id } from '#contract/values.ts'

/** The queue's name for a survey; open-ingestion.ts gives it its worker. */
export const runSurveyJob = { name: 'ingestion.run_survey', input: z.strictObject({ surveyId: Id }) }
