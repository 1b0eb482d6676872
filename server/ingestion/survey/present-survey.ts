import { type Survey, type SurveyTable, surveyStates } from '#contract/ingestion/survey.ts'
import { type Language, messageOf } from '#contract/messages/index.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import { canStep, statesBefore, step } from '../../kernel/step.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { canWrite, visibleTo } from '../access.ts'
import { stepperOf } from '../load/present-load.ts'
import { levelOf } from '../source/build-proposal.ts'
import { refuseForeign } from '../source/present-source.ts'
import { type SurveyRow, type SurveyTableRow, selectSurvey, selectSurveys, selectTables, updateSurvey } from './survey-store.ts'

const errorOf = (code: string | null, language: Language) => (code === null ? null : { code, detail: messageOf(code, language) })

export const presentSurvey = ({ actor, language }: Pick<Ctx, 'actor' | 'language'>, row: SurveyRow): Survey => ({
  id: row.id,
  sourceId: row.source_id,
  sourceName: row.source_name,
  state: row.state,
  total: row.total,
  done: row.done,
  startedBy: row.started_by,
  queuedAt: row.queued_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  error: errorOf(row.error_code, language),
  can: {
    cancel: canStep(surveyStates, row.state, 'cancel', stepperOf(actor, row.org_id)),
    accept: canWrite(actor, row.org_id),
    readProfile: canWrite(actor, row.org_id),
  },
})

/** @throws value.not_found, also where it belongs to somebody else */
export async function getSurveyRow(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<SurveyRow> {
  const row = await selectSurvey(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}

export async function listSurveys(
  ctx: Ctx,
  { cursor, limit, sourceId }: { cursor?: string | undefined; limit: number; sourceId?: string | undefined },
) {
  const rows = await selectSurveys(ctx.db, visibleTo(ctx.actor), { cursor: idCursor(cursor), limit: limit + 1, sourceId })
  return cutPage(
    rows,
    limit,
    ({ id }) => id,
    (row) => presentSurvey(ctx, row),
  )
}

/** The tables of a survey without their content: names, counts, grades. */
export async function listSurveyTables(ctx: Ctx, id: string, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
  await getSurveyRow(ctx, id)
  const rows = await selectTables(ctx.db, id, { cursor, limit: limit + 1 })
  return cutPage(
    rows,
    limit,
    ({ object }) => object,
    (row) => presentTable(row, ctx.language),
  )
}

const presentTable = (row: SurveyTableRow, language: Language): SurveyTable => ({
  object: row.object,
  kind: row.kind,
  comment: row.comment,
  news: row.news,
  state: row.state,
  estimatedRows: row.estimated_rows,
  sampledRows: row.sampled_rows,
  proposedName: row.comment || row.object,
  level: levelOf(row.items),
  sensitiveColumns: row.columns.filter(({ sensitiveKind }) => sensitiveKind !== 'none').length,
  entryId: row.entry_id,
  revisionId: row.revision_id,
  planId: row.plan_id,
  error: errorOf(row.error_code, language),
})

/** What the values of one table look like: content, so it is its owner's and leaves an audit entry. */
export async function getSurveyProfile(ctx: Ctx, id: string, object: string) {
  const survey = await getSurveyRow(ctx, id)
  refuseForeign(ctx.actor, survey.org_id)
  const [table] = await selectTables(ctx.db, id, { objects: [object] })
  if (!table) throw notFound('value.not_found')
  await inTx(ctx, async (ctx) =>
    emit(ctx, {
      action: 'ingestion.profile_read',
      object: { type: 'source', id: survey.source_id, name: survey.source_name },
      isData: true,
      detail: { surveyId: id, object },
    }),
  )
  return { object, sampledRows: table.sampled_rows ?? 0, columns: table.columns, items: table.items }
}

/** The table that is being looked at is finished; no other is begun. @throws conflict `state.refused` */
export async function cancelSurvey(ctx: Ctx, id: string): Promise<Survey> {
  const before = await getSurveyRow(ctx, id)
  step(surveyStates, before.state, 'cancel', stepperOf(ctx.actor, before.org_id))
  await inTx(ctx, async (ctx) => {
    const isCancelled = await updateSurvey(ctx.db, id, statesBefore(surveyStates, 'cancel'), { state: 'cancelled', finished_at: ctx.now() })
    if (!isCancelled) throw conflict('value.stale')
    emit(ctx, {
      action: 'ingestion.survey_cancelled',
      object: { type: 'source', id: before.source_id, name: before.source_name },
      detail: { surveyId: id },
    })
  })
  return presentSurvey(ctx, await getSurveyRow(ctx, id))
}
