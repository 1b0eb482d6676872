import { z } from 'zod'
import { EntryContent } from './catalog.ts'
import { Drift, DriftState } from './ingestion/drift.ts'
import { CorrectionRule, RuleEffect } from './ingestion/correction-rule.ts'
import { RunEvent, RunEventQuery } from './ingestion/lineage.ts'
import { streamRoutes } from './stream/stream.ts'
import { defineRoutes } from './route.ts'
import { LoadSlice, SourceStatement } from './source-settings.ts'
import { Count, Id, Instant, PageQuery, page } from './values.ts'
import {
  FileDialect,
  HistoryPage,
  Load,
  LoadedFile,
  LoadState,
  MappingColumn,
  ObjectDescription,
  Plan,
  PlanInput,
  QuarantinedRow,
  Source,
  SourceInput,
  SourceObject,
} from './ingestion.ts'

const base = '/api/v1/ingestion'
const sourceParams = z.strictObject({ sourceId: Id })
const planParams = z.strictObject({ planId: Id })
/** A load that too many wrong rows have stopped: what was in its quarantine by then, to be looked at. */
const refusedLoad = { loadId: Id.optional() }
const driftParams = z.strictObject({ driftId: Id })
const loadParams = z.strictObject({ loadId: Id })
const objectQuery = z.strictObject({ object: z.string().min(1).max(1000) })

/** The reading that the steward has chosen, as JSON; without it everything is detected. */
const DialectText = z
  .string()
  .max(2000)
  .default('')
  .transform((text, context): FileDialect | null => {
    if (text === '') return null
    const parsed = FileDialect.safeParse(parseJson(text))
    if (parsed.success) return parsed.data
    context.addIssue({ code: 'custom', message: 'not a FileDialect' })
    return z.NEVER
  })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const ingestionRoutes = defineRoutes({
  list_sources: {
    method: 'GET',
    path: `${base}/sources`,
    needs: 'ingestion:read',
    summary: '数据源',
    query: PageQuery,
    output: page(Source),
  },
  get_source: {
    method: 'GET',
    path: `${base}/sources/:sourceId`,
    needs: 'ingestion:read',
    summary: '数据源详情',
    params: sourceParams,
    output: Source,
  },
  create_source: {
    method: 'POST',
    path: `${base}/sources`,
    needs: 'ingestion:write',
    summary: '登记数据源',
    body: SourceInput,
    output: Source,
  },
  update_source: {
    method: 'PUT',
    path: `${base}/sources/:sourceId`,
    needs: 'ingestion:write',
    summary: '修改数据源',
    params: sourceParams,
    body: SourceInput.extend({ version: z.int() }).strict(),
    output: Source,
  },
  check_source: {
    method: 'POST',
    path: `${base}/sources/:sourceId/check`,
    needs: 'ingestion:write',
    summary: '检查连接',
    params: sourceParams,
    output: Source,
  },
  stop_source: {
    method: 'POST',
    path: `${base}/sources/:sourceId/stop`,
    needs: 'ingestion:write',
    summary: '立即停止对数据源的一切读取',
    params: sourceParams,
    body: z.strictObject({ reason: z.string().trim().min(2).max(300) }),
    output: Source,
  },
  release_source: {
    method: 'POST',
    path: `${base}/sources/:sourceId/release`,
    needs: 'ingestion:write',
    summary: '恢复对数据源的读取',
    params: sourceParams,
    output: Source,
  },
  list_source_statements: {
    method: 'GET',
    path: `${base}/sources/:sourceId/statements`,
    needs: 'ingestion:read',
    summary: '在数据源上执行过的语句',
    params: sourceParams,
    query: PageQuery.extend({ loadId: Id.optional() }),
    output: page(SourceStatement),
  },
  list_source_objects: {
    method: 'GET',
    path: `${base}/sources/:sourceId/objects`,
    needs: 'ingestion:read',
    summary: '表与文件',
    params: sourceParams,
    output: z.object({ items: z.array(SourceObject) }),
  },
  describe_source_object: {
    method: 'GET',
    path: `${base}/sources/:sourceId/description`,
    needs: 'ingestion:read',
    summary: '表或文件的结构',
    effect: 'data',
    params: sourceParams,
    query: objectQuery.extend({ dialect: DialectText }),
    output: ObjectDescription,
  },
  preview_source_object: {
    method: 'POST',
    path: `${base}/sources/:sourceId/preview`,
    needs: 'ingestion:read',
    summary: '预览前若干行',
    effect: 'data',
    params: sourceParams,
    body: objectQuery.extend({ dialect: FileDialect.nullable().default(null), limit: z.int().min(1).max(100).default(20) }).strict(),
    output: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string().nullable())) }),
  },
  upload_file: {
    method: 'POST',
    path: `${base}/uploads`,
    needs: 'ingestion:write',
    summary: '上传文件',
    query: z.strictObject({ fileName: z.string().min(1).max(200), sourceId: Id }),
    body: 'file',
    output: z.object({ object: z.string(), sizeBytes: Count, sha256: z.string() }),
  },
  propose_entry: {
    method: 'POST',
    path: `${base}/sources/:sourceId/propose-entry`,
    needs: 'ingestion:write',
    summary: '由库表反向编目',
    params: sourceParams,
    body: objectQuery,
    output: z.object({ content: EntryContent, columns: z.array(z.object({ item: z.string(), column: z.string() })) }),
  },

  list_plans: {
    method: 'GET',
    path: `${base}/plans`,
    needs: 'ingestion:read',
    summary: '汇聚任务',
    query: PageQuery.extend({ entryId: Id.optional() }),
    output: page(Plan),
  },
  get_plan: {
    method: 'GET',
    path: `${base}/plans/:planId`,
    needs: 'ingestion:read',
    summary: '汇聚任务详情',
    params: planParams,
    output: Plan,
  },
  suggest_mapping: {
    method: 'POST',
    path: `${base}/plans/suggest-mapping`,
    needs: 'ingestion:write',
    summary: '自动匹配信息项',
    body: objectQuery.extend({ entryId: Id, sourceId: Id, dialect: FileDialect.nullable().default(null) }).strict(),
    output: z.object({ mapping: z.array(MappingColumn), unmatchedItems: z.array(z.string()), unmatchedColumns: z.array(z.string()) }),
  },
  create_plan: { method: 'POST', path: `${base}/plans`, needs: 'ingestion:write', summary: '新建汇聚任务', body: PlanInput, output: Plan },
  update_plan: {
    method: 'PUT',
    path: `${base}/plans/:planId`,
    needs: 'ingestion:write',
    summary: '修改汇聚任务',
    params: planParams,
    body: PlanInput.extend({ version: z.int() }).strict(),
    output: Plan,
  },
  start_load: {
    method: 'POST',
    path: `${base}/plans/:planId/loads`,
    needs: 'ingestion:write',
    summary: '执行装载',
    params: planParams,
    /** From an empty table, whatever the mode builds on. */
    query: z.strictObject({ afresh: z.stringbool().default(false) }),
    output: Load,
  },
  list_loads: {
    method: 'GET',
    path: `${base}/loads`,
    needs: 'ingestion:read',
    summary: '装载记录',
    query: PageQuery.extend({ planId: Id.optional(), entryId: Id.optional(), state: LoadState.optional() }),
    output: page(Load),
  },
  get_load: {
    method: 'GET',
    path: `${base}/loads/:loadId`,
    needs: 'ingestion:read',
    summary: '装载详情',
    params: loadParams,
    output: Load,
  },
  list_load_slices: {
    method: 'GET',
    path: `${base}/loads/:loadId/slices`,
    needs: 'ingestion:read',
    summary: '装载的分片',
    params: loadParams,
    output: z.object({ items: z.array(LoadSlice) }),
  },
  cancel_load: {
    method: 'POST',
    path: `${base}/loads/:loadId/cancel`,
    needs: 'ingestion:write',
    summary: '取消装载',
    params: loadParams,
    output: Load,
  },

  list_drifts: {
    method: 'GET',
    path: `${base}/drifts`,
    needs: 'ingestion:read',
    summary: '结构变更',
    query: PageQuery.extend({ planId: Id.optional(), state: DriftState.optional() }),
    output: page(Drift),
  },
  get_drift: {
    method: 'GET',
    path: `${base}/drifts/:driftId`,
    needs: 'ingestion:read',
    summary: '结构变更详情',
    params: driftParams,
    output: Drift,
  },
  accept_drift: {
    method: 'POST',
    path: `${base}/drifts/:driftId/accept`,
    needs: 'ingestion:write',
    summary: '接受结构变更',
    params: driftParams,
    body: z.strictObject({ reason: z.string().trim().max(300).default('') }),
    output: Drift,
  },
  refuse_drift: {
    method: 'POST',
    path: `${base}/drifts/:driftId/refuse`,
    needs: 'ingestion:write',
    summary: '不接受结构变更',
    params: driftParams,
    body: z.strictObject({ reason: z.string().trim().min(2).max(300) }),
    output: Drift,
  },

  list_run_events: {
    method: 'GET',
    path: `${base}/run-events`,
    needs: 'ingestion:read',
    summary: '血缘运行事件',
    query: PageQuery.extend(RunEventQuery.shape),
    output: page(RunEvent),
  },
  export_run_events: {
    method: 'GET',
    path: `${base}/run-events/export`,
    needs: 'ingestion:read',
    summary: '导出血缘运行事件',
    query: RunEventQuery,
    output: 'file',
  },

  list_loaded_files: {
    method: 'GET',
    path: `${base}/plans/:planId/files`,
    needs: 'ingestion:read',
    summary: '追加任务的文件',
    params: planParams,
    query: PageQuery,
    output: page(LoadedFile),
  },
  read_entry_as_of: {
    method: 'GET',
    path: `${base}/entries/:entryId/as-of`,
    needs: 'ingestion:read',
    summary: '查询某一时刻的数据',
    effect: 'data',
    params: z.strictObject({ entryId: Id }),
    query: PageQuery.extend({ at: Instant }),
    output: HistoryPage,
  },

  list_quarantine: {
    method: 'GET',
    path: `${base}/plans/:planId/quarantine`,
    needs: 'ingestion:read',
    summary: '隔离的行',
    effect: 'data',
    params: planParams,
    query: PageQuery.extend({
      reason: z.string().max(80).optional(),
      column: z.string().max(300).optional(),
      state: z.enum(['open', 'corrected', 'replayed', 'discarded']).default('open'),
      ...refusedLoad,
    }),
    output: page(QuarantinedRow),
  },
  export_quarantine: {
    method: 'GET',
    path: `${base}/plans/:planId/quarantine/export`,
    needs: 'ingestion:read',
    summary: '导出隔离的行',
    effect: 'data',
    params: planParams,
    query: z.strictObject(refusedLoad),
    output: 'file',
  },
  correct_quarantined_row: {
    method: 'PUT',
    path: `${base}/plans/:planId/quarantine/:rowId`,
    needs: 'ingestion:write',
    summary: '更正隔离的行',
    params: z.strictObject({ planId: Id, rowId: z.string().max(80) }),
    body: z.strictObject({ values: z.record(z.string(), z.string().max(10_000).nullable()) }),
    output: QuarantinedRow,
  },
  correct_by_rule: {
    method: 'POST',
    path: `${base}/plans/:planId/quarantine/correct-by-rule`,
    needs: 'ingestion:write',
    summary: '按规则批量更正隔离的行',
    params: planParams,
    body: CorrectionRule.extend({ preview: z.boolean() }).strict(),
    output: RuleEffect,
  },
  discard_quarantined_rows: {
    method: 'POST',
    path: `${base}/plans/:planId/quarantine/discard`,
    needs: 'ingestion:write',
    summary: '放弃隔离的行',
    params: planParams,
    body: z.strictObject({ rowIds: z.array(z.string().max(80)).min(1).max(1000), reason: z.string().trim().min(2).max(300) }),
    output: z.object({ discarded: z.int() }),
  },
  replay_quarantine: {
    method: 'POST',
    path: `${base}/plans/:planId/quarantine/replay`,
    needs: 'ingestion:write',
    summary: '回放更正后的行',
    params: planParams,
    output: Load,
  },

  ...streamRoutes,
})
