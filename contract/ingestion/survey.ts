import { z } from 'zod'
import { Item, SensitiveKind } from '../catalog.ts'
import { defineRoutes } from '../route.ts'
import { defineStates } from '../states.ts'
import { Can, Count, Id, Instant, PageQuery, page } from '../values.ts'

/** 整库反向编目: every table of a source is looked at, one after the other, and an entry is proposed for each. */
export const surveyStates = defineStates({
  initial: 'queued',
  states: {
    queued: { zh: '排队中', en: 'Queued', tone: 'neutral' },
    running: { zh: '探查中', en: 'Running', tone: 'progress' },
    done: { zh: '已完成', en: 'Done', tone: 'good' },
    failed: { zh: '失败', en: 'Failed', tone: 'bad' },
    cancelled: { zh: '已取消', en: 'Cancelled', tone: 'warning' },
  },
  steps: [
    { event: 'start', from: ['queued', 'running'], to: 'running', side: 'system', needs: 'system' },
    { event: 'finish', from: ['running'], to: 'done', side: 'system', needs: 'system' },
    { event: 'fail', from: ['queued', 'running'], to: 'failed', side: 'system', needs: 'system' },
    { event: 'cancel', from: ['queued', 'running'], to: 'cancelled', side: 'provider', needs: 'ingestion:write' },
  ],
})
export type SurveyState = keyof typeof surveyStates.states

/** What the table is, compared with the last survey of the same source. */
export const tableNews = {
  new: { zh: '新增', en: 'New' },
  changed: { zh: '结构有变', en: 'Changed' },
  same: { zh: '未变', en: 'Unchanged' },
  gone: { zh: '已不存在', en: 'Gone' },
} as const

/** What the values of a column look like, over a bounded sample; of a sensitive one nothing is kept unmasked. */
export const ColumnProfile = z.object({
  name: z.string(),
  type: z.string(),
  nulls: Count,
  distinct: Count,
  min: z.string().nullable(),
  max: z.string().nullable(),
  shortest: Count.nullable(),
  longest: Count.nullable(),
  /** Values of digits only, and values with characters beyond ASCII. */
  digits: Count,
  wide: Count,
  /** Every row has a value and no two the same: it may be the key. */
  isCandidateKey: z.boolean(),
  sensitiveKind: SensitiveKind,
  /** Share of the sampled values that are of the kind, or null where only the name says so. */
  rate: z.number().nullable(),
  samples: z.array(z.string()),
})
export type ColumnProfile = z.infer<typeof ColumnProfile>

export const SurveyTable = z
  .object({
    object: z.string(),
    kind: z.enum(['table', 'view', 'file', 'topic']),
    comment: z.string(),
    news: z.enum(Object.keys(tableNews) as [keyof typeof tableNews]),
    /** `accepted`: there is a draft. `planned`: it is published and has its plan. */
    state: z.enum(['waiting', 'profiled', 'failed', 'accepted', 'planned']),
    estimatedRows: Count.nullable(),
    sampledRows: Count.nullable(),
    proposedName: z.string(),
    level: z.string(),
    sensitiveColumns: z.int(),
    entryId: Id.nullable(),
    revisionId: Id.nullable(),
    planId: Id.nullable(),
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'SurveyTable' })
export type SurveyTable = z.infer<typeof SurveyTable>

export const SurveyProfile = z
  .object({ object: z.string(), sampledRows: Count, columns: z.array(ColumnProfile), items: z.array(Item.strip()) })
  .meta({ id: 'SurveyProfile' })

export const Survey = z
  .object({
    id: Id,
    sourceId: Id,
    sourceName: z.string(),
    state: z.enum(Object.keys(surveyStates.states) as [SurveyState]),
    total: z.int(),
    done: z.int(),
    startedBy: z.string(),
    queuedAt: Instant,
    finishedAt: Instant.nullable(),
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    can: Can,
  })
  .meta({ id: 'Survey' })
export type Survey = z.infer<typeof Survey>

const base = '/api/v1/ingestion'
const surveyParams = z.strictObject({ surveyId: Id })

export const surveyRoutes = defineRoutes({
  start_survey: {
    method: 'POST',
    path: `${base}/sources/:sourceId/surveys`,
    needs: 'ingestion:write',
    summary: '整库反向编目',
    params: z.strictObject({ sourceId: Id }),
    output: Survey,
  },
  list_surveys: {
    method: 'GET',
    path: `${base}/surveys`,
    needs: 'ingestion:read',
    summary: '整库反向编目记录',
    query: PageQuery.extend({ sourceId: Id.optional() }),
    output: page(Survey),
  },
  get_survey: {
    method: 'GET',
    path: `${base}/surveys/:surveyId`,
    needs: 'ingestion:read',
    summary: '整库反向编目进度',
    params: surveyParams,
    output: Survey,
  },
  cancel_survey: {
    method: 'POST',
    path: `${base}/surveys/:surveyId/cancel`,
    needs: 'ingestion:write',
    summary: '取消整库反向编目',
    params: surveyParams,
    output: Survey,
  },
  list_survey_tables: {
    method: 'GET',
    path: `${base}/surveys/:surveyId/tables`,
    needs: 'ingestion:read',
    summary: '整库反向编目的表',
    params: surveyParams,
    query: PageQuery,
    output: page(SurveyTable),
  },
  get_survey_profile: {
    method: 'GET',
    path: `${base}/surveys/:surveyId/profile`,
    needs: 'ingestion:read',
    summary: '一张表的数据特征',
    effect: 'data',
    params: surveyParams,
    query: z.strictObject({ object: z.string().min(1).max(1000) }),
    output: SurveyProfile,
  },
  accept_survey_tables: {
    method: 'POST',
    path: `${base}/surveys/:surveyId/accept`,
    needs: 'ingestion:write',
    summary: '批量采纳为目录草稿',
    params: surveyParams,
    body: z.strictObject({
      tables: z
        .array(
          z.strictObject({
            object: z.string().min(1).max(1000),
            name: z.string().trim().min(1).max(200).optional(),
            /** Columns that are not to be cataloged. */
            leftOut: z.array(z.string()).max(2000).default([]),
            /** Corrections of what the profile takes a column for. */
            kinds: z.record(z.string(), SensitiveKind).default({}),
          }),
        )
        .min(1)
        .max(500),
    }),
    output: z.object({ accepted: z.int() }),
  },
})
