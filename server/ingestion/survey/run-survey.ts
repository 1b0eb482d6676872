import { setTimeout as sleep } from 'node:timers/promises'
import { surveyStates } from '#contract/ingestion/survey.ts'
import { AppError, conflict } from '../../kernel/errors.ts'
import { statesBefore } from '../../kernel/step.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import type { Connector } from '../connectors/connector.ts'
import { readStructure } from '../drift/read-structure.ts'
import type { Access } from '../load/load-full.ts'
import { connectorOf } from '../source/connector-of.ts'
import { selectSource } from '../source/source-store.ts'
import { profileColumns } from './profile-columns.ts'
import { profileRows } from './profile-rows.ts'
import {
  countDone,
  insertTables,
  type SurveyRow,
  type SurveyTableRow,
  selectSurvey,
  selectSurveys,
  selectTables,
  updateSurvey,
  updateTable,
} from './survey-store.ts'

/** Between two tables the source has a moment for its own users. */
const pauseMs = 100

/** Looks at one table after the other. Safe to run again after a kill: tables that were looked at are left alone. */
export async function runSurvey(ctx: Ctx, access: Access, surveyId: string): Promise<void> {
  const survey = await selectSurvey(ctx.db, 'everything', surveyId)
  if (!survey || survey.finished_at) return
  const source = await selectSource(ctx.db, 'everything', survey.source_id)
  try {
    if (!source) throw conflict('ingestion.source_gone')
    const connector = connectorOf(ctx, access, source)
    const earlier = await lastTables(ctx, survey)
    if (survey.state === 'queued') await listTables(ctx, survey, connector, earlier)
    for (let table = await nextTable(ctx, surveyId); table; table = await nextTable(ctx, surveyId)) {
      access.stopping.throwIfAborted()
      await profileTable(ctx, connector, table, earlier.get(table.object))
      await sleep(pauseMs)
    }
    await end(ctx, survey, 'done', null)
  } catch (error) {
    if (access.stopping.aborted || !(error instanceof AppError)) throw error
    await end(ctx, survey, 'failed', error.code)
  }
}

/** Null when all are done or somebody has cancelled. */
async function nextTable(ctx: Ctx, surveyId: string): Promise<SurveyTableRow | null> {
  const survey = await selectSurvey(ctx.db, 'everything', surveyId)
  if (survey?.state !== 'running') return null
  return (await selectTables(ctx.db, surveyId, { state: 'waiting', limit: 1 }))[0] ?? null
}

/** What the last finished survey of the source found, by name. */
async function lastTables(ctx: Ctx, { id, source_id }: SurveyRow): Promise<Map<string, SurveyTableRow>> {
  const earlier = await selectSurveys(ctx.db, 'everything', { sourceId: source_id, limit: 20 })
  const last = earlier.find((one) => one.id !== id && one.state === 'done')
  const tables = last ? await selectTables(ctx.db, last.id) : []
  return new Map(tables.filter(({ news }) => news !== 'gone').map((table) => [table.object, table]))
}

async function listTables(ctx: Ctx, { id }: SurveyRow, connector: Connector, earlier: Map<string, SurveyTableRow>): Promise<void> {
  const objects = await connector.listObjects()
  const names = new Set(objects.map(({ name }) => name))
  const common = { survey_id: id }
  const found = objects.map(({ name, kind, comment, estimatedRows }) => {
    const news = earlier.has(name) ? ('same' as const) : ('new' as const)
    return { ...common, object: name, kind, comment, news, state: 'waiting' as const, estimated_rows: estimatedRows }
  })
  const gone = [...earlier.values()].flatMap(({ object, kind, comment }) =>
    names.has(object)
      ? []
      : [{ ...common, object, kind, comment, news: 'gone' as const, state: 'profiled' as const, estimated_rows: null }],
  )
  await inTx(ctx, async (ctx) => {
    const change = { state: 'running', total: found.length } as const
    if (await updateSurvey(ctx.db, id, ['queued'], change)) await insertTables(ctx.db, [...found, ...gone])
  })
}

async function profileTable(ctx: Ctx, connector: Connector, table: SurveyTableRow, before: SurveyTableRow | undefined): Promise<void> {
  const change = await profileOf(ctx, connector, table.object)
  const shape = (columns: SurveyTableRow['columns']) => JSON.stringify(columns.map(({ name, type }) => [name, type]))
  const isChanged = before && 'columns' in change && shape(before.columns) !== shape(change.columns)
  await inTx(ctx, async (ctx) => {
    if (await updateTable(ctx.db, table, { ...change, ...(isChanged && { news: 'changed' }) })) await countDone(ctx.db, table.survey_id)
  })
}

/** One table that cannot be read does not stop the others. */
async function profileOf(ctx: Ctx, connector: Connector, object: string) {
  try {
    // What some databases declare is less than what their tables hold.
    const { columns } = connector.profile ? await readStructure(connector, object, null) : await connector.describe(object, null)
    const raw = connector.profile ? await connector.profile(object) : profileRows(await connector.preview(object, null, 100))
    const profiled = profileColumns(columns, raw, { profile: ctx.profile, today: toLocalDate(ctx.now()) })
    return { ...profiled, state: 'profiled' as const, sampled_rows: raw.sampled }
  } catch (error) {
    ctx.log.warn({ err: error, object }, 'a table could not be surveyed')
    return { state: 'failed' as const, error_code: error instanceof AppError ? error.code : 'ingestion.internal' }
  }
}

async function end(ctx: Ctx, survey: SurveyRow, state: 'done' | 'failed', code: string | null): Promise<void> {
  await inTx(ctx, async (ctx) => {
    const states = statesBefore(surveyStates, state === 'done' ? 'finish' : 'fail')
    if (!(await updateSurvey(ctx.db, survey.id, states, { state, finished_at: ctx.now(), error_code: code }))) return
    emit(ctx, {
      action: `ingestion.survey_${state}`,
      ...(state === 'failed' && { result: 'failed' as const }),
      object: { type: 'source', id: survey.source_id, name: survey.source_name },
      detail: { surveyId: survey.id, ...(code && { code }) },
    })
  })
}
