import type { Item } from '#contract/catalog.ts'
import type { ColumnProfile, SurveyState, SurveyTable } from '#contract/ingestion/survey.ts'
import type { MappingColumn } from '#contract/ingestion.ts'
import type { Db, Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'

export interface SurveyRow {
  id: string
  source_id: string
  source_name: string
  org_id: string
  state: SurveyState
  total: number
  done: number
  started_by: string
  queued_at: Date
  finished_at: Date | null
  error_code: string | null
}

const surveys = (db: Db | Tx, scope: IngestionScope) => {
  const query = db
    .selectFrom('ingestion.survey as y')
    .innerJoin('ingestion.source as s', 's.id', 'y.source_id')
    .selectAll('y')
    .select('s.name as source_name')
  return scope === 'everything' || scope.isOverseer ? query : query.where('y.org_id', '=', scope.orgId)
}

export const selectSurvey = (db: Db | Tx, scope: IngestionScope, id: string) =>
  surveys(db, scope).where('y.id', '=', id).executeTakeFirst() as unknown as Promise<SurveyRow | undefined>

/** Newest first, after `cursor`. */
export function selectSurveys(
  db: Db | Tx,
  scope: IngestionScope,
  page: { cursor?: string | undefined; limit: number; sourceId?: string | undefined },
): Promise<SurveyRow[]> {
  let query = surveys(db, scope).orderBy('y.id', 'desc').limit(page.limit)
  if (page.cursor) query = query.where('y.id', '<', page.cursor)
  if (page.sourceId) query = query.where('y.source_id', '=', page.sourceId)
  return query.execute() as unknown as Promise<SurveyRow[]>
}

export const insertSurvey = (tx: Tx, row: Omit<SurveyRow, 'source_name' | 'total' | 'done' | 'finished_at' | 'error_code'>) =>
  tx.insertInto('ingestion.survey').values(row).execute()

/** Compare-and-set by state. @returns whether the survey was still in one of them */
export async function updateSurvey(
  db: Db | Tx,
  id: string,
  states: readonly SurveyState[],
  change: Partial<Pick<SurveyRow, 'state' | 'total' | 'finished_at' | 'error_code'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('ingestion.survey')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', states)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export interface SurveyTableRow {
  survey_id: string
  object: string
  kind: SurveyTable['kind']
  comment: string
  news: SurveyTable['news']
  state: SurveyTable['state']
  estimated_rows: number | null
  sampled_rows: number | null
  columns: ColumnProfile[]
  items: Item[]
  entry_id: string | null
  revision_id: string | null
  mapping: MappingColumn[]
  plan_id: string | null
  error_code: string | null
}

/** By name, after `cursor`. */
export function selectTables(
  db: Db | Tx,
  surveyId: string,
  filter: { objects?: readonly string[]; state?: SurveyTableRow['state']; cursor?: string | undefined; limit?: number } = {},
): Promise<SurveyTableRow[]> {
  let query = db.selectFrom('ingestion.survey_table').selectAll().where('survey_id', '=', surveyId).orderBy('object')
  if (filter.objects) query = query.where('object', 'in', filter.objects)
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.cursor) query = query.where('object', '>', filter.cursor)
  if (filter.limit !== undefined) query = query.limit(filter.limit)
  return query.execute() as unknown as Promise<SurveyTableRow[]>
}

type NewTable = Pick<SurveyTableRow, 'survey_id' | 'object' | 'kind' | 'comment' | 'news' | 'state' | 'estimated_rows'>
export const insertTables = (tx: Tx, rows: readonly NewTable[]) =>
  rows.length === 0
    ? Promise.resolve()
    : tx
        .insertInto('ingestion.survey_table')
        .values([...rows])
        .execute()

type TableChange = Partial<Omit<SurveyTableRow, 'survey_id' | 'object'>>
const jsonColumns = ['columns', 'items', 'mapping'] as const

/** Compare-and-set by state. @returns whether the table was still in it */
export async function updateTable(
  tx: Tx,
  { survey_id, object, state }: Pick<SurveyTableRow, 'survey_id' | 'object' | 'state'>,
  change: TableChange,
): Promise<boolean> {
  const json = Object.fromEntries(jsonColumns.flatMap((name) => (change[name] ? [[name, JSON.stringify(change[name])]] : [])))
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.survey_table')
    .set({ ...change, ...json } as never)
    .where('survey_id', '=', survey_id)
    .where('object', '=', object)
    .where('state', '=', state)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const countDone = (tx: Tx, surveyId: string) =>
  tx
    .updateTable('ingestion.survey')
    .set((eb) => ({ done: eb('done', '+', 1) }))
    .where('id', '=', surveyId)
    .execute()

/** Accepted tables whose plan is still to be made, with the source that they are in. */
export const selectUnplanned = (db: Db): Promise<(SurveyTableRow & { source_id: string; org_id: string })[]> =>
  db
    .selectFrom('ingestion.survey_table as t')
    .innerJoin('ingestion.survey as y', 'y.id', 't.survey_id')
    .innerJoin('catalog.entry as e', 'e.id', 't.entry_id')
    .selectAll('t')
    .select(['y.source_id', 'y.org_id'])
    .where('t.state', '=', 'accepted')
    .where('t.error_code', 'is', null)
    .where('e.published_revision_id', 'is not', null)
    .limit(500)
    .execute() as never
