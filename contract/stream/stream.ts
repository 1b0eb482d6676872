import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { defineStates } from '../states.ts'
import { Can, Count, Id, Instant, OrgRef, PageQuery, page } from '../values.ts'

/** 变更流: one entry's table that follows one table of a source, change by change. */
export const streamStates = defineStates({
  initial: 'starting',
  states: {
    starting: { zh: '启动中', en: 'Starting', tone: 'neutral' },
    copying: { zh: '复制中', en: 'Copying', tone: 'progress' },
    streaming: { zh: '同步中', en: 'Streaming', tone: 'good' },
    lagging: { zh: '滞后', en: 'Lagging', tone: 'warning' },
    paused: { zh: '已暂停', en: 'Paused', tone: 'warning' },
    failed: { zh: '失败', en: 'Failed', tone: 'bad' },
    stopped: { zh: '已停止', en: 'Stopped', tone: 'neutral' },
  },
  steps: [
    { event: 'copy', from: ['starting'], to: 'copying', side: 'system', needs: 'system' },
    { event: 'catch_up', from: ['starting', 'copying', 'lagging'], to: 'streaming', side: 'system', needs: 'system' },
    { event: 'fall_behind', from: ['starting', 'streaming'], to: 'lagging', side: 'system', needs: 'system' },
    { event: 'resume', from: ['paused'], to: 'starting', side: 'provider', needs: 'ingestion:write' },
    { event: 'pause', from: ['starting', 'copying', 'streaming', 'lagging'], to: 'paused', side: 'provider', needs: 'ingestion:write' },
    { event: 'drift', from: ['starting', 'copying', 'streaming', 'lagging'], to: 'paused', side: 'system', needs: 'system' },
    { event: 'fail', from: ['starting', 'copying', 'streaming', 'lagging', 'paused'], to: 'failed', side: 'system', needs: 'system' },
    {
      event: 'stop',
      from: ['starting', 'copying', 'streaming', 'lagging', 'paused', 'failed'],
      to: 'stopped',
      side: 'provider',
      needs: 'ingestion:write',
    },
    { event: 'copy_anew', from: ['paused', 'failed', 'stopped'], to: 'starting', side: 'provider', needs: 'ingestion:write' },
  ],
})
export type StreamState = keyof typeof streamStates.states
export const StreamState = z.enum(Object.keys(streamStates.states) as [StreamState])

/** What a comparison of a stream's contents with its source found. */
export const StreamProof = z
  .object({
    at: Instant,
    /** Null where it could not be made. */
    agrees: z.boolean().nullable(),
    /** Rows that the source had. */
    rows: Count,
    /** Rows that changed while they were compared: the next proof looks at them. */
    moving: Count,
    lacking: Count,
    extra: Count,
    changed: Count,
    /** Keys of rows that differ, at most 100. */
    keys: z.array(z.string()),
    /** Why it could not be made, and what to do. */
    error: z.string().nullable(),
  })
  .meta({ id: 'StreamProof' })
export type StreamProof = z.infer<typeof StreamProof>

export const Stream = z
  .object({
    id: Id,
    planId: Id,
    entryId: Id,
    entryName: z.string(),
    sourceName: z.string(),
    object: z.string(),
    org: OrgRef,
    state: StreamState,
    /** Place in the source's log up to which everything is in the lake, as the source writes it. */
    position: z.string().nullable(),
    /** Since when the source has changes that are not yet in the lake; 0 where it has none. */
    lagSeconds: Count,
    /** Changes that have arrived and are not yet in the lake. */
    lagRows: Count,
    /** Log that the source keeps for this stream, and the most that it may keep before the stream lets go of it. */
    retainedBytes: Count.nullable(),
    retainedLimitBytes: Count,
    /** What the source itself keeps at most (`max_slot_wal_keep_size`, `binlog_expire_logs_seconds`), as it writes it. */
    sourceLimit: z.string().nullable(),
    /** Changes a second, over the last while. */
    rate: z.number(),
    /** Changes applied since the last copy. */
    changes: Count,
    rows: Count.nullable(),
    quarantined: Count,
    reasons: z.array(z.object({ column: z.string(), reason: z.string(), detail: z.string(), count: Count })),
    startedBy: z.string(),
    startedAt: Instant,
    /** Since when the table is the entry's data. */
    liveAt: Instant.nullable(),
    /** The last comparison of contents; with plans that verify contents there is one a day. */
    proof: StreamProof.nullable(),
    isProving: z.boolean(),
    /** What went wrong, and what to do. A stream that tries again by itself has one too. */
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    can: Can,
  })
  .meta({ id: 'Stream' })
export type Stream = z.infer<typeof Stream>

const base = '/api/v1/ingestion'
const params = z.strictObject({ streamId: Id })

export const streamRoutes = defineRoutes({
  list_streams: {
    method: 'GET',
    path: `${base}/streams`,
    needs: 'ingestion:read',
    summary: '变更流',
    /** `troubled`: those that somebody should look at: behind, failed, paused by the system, or different from their source. */
    query: PageQuery.extend({ planId: Id.optional(), state: StreamState.optional(), troubled: z.stringbool().optional() }),
    output: page(Stream),
  },
  get_stream: { method: 'GET', path: `${base}/streams/:streamId`, needs: 'ingestion:read', summary: '变更流详情', params, output: Stream },
  start_stream: {
    method: 'POST',
    path: `${base}/plans/:planId/stream`,
    needs: 'ingestion:write',
    summary: '启动变更流（全量复制后持续同步）',
    params: z.strictObject({ planId: Id }),
    output: Stream,
  },
  pause_stream: {
    method: 'POST',
    path: `${base}/streams/:streamId/pause`,
    needs: 'ingestion:write',
    summary: '暂停变更流',
    params,
    output: Stream,
  },
  resume_stream: {
    method: 'POST',
    path: `${base}/streams/:streamId/resume`,
    needs: 'ingestion:write',
    summary: '继续变更流',
    params,
    output: Stream,
  },
  prove_stream: {
    method: 'POST',
    path: `${base}/streams/:streamId/prove`,
    needs: 'ingestion:write',
    summary: '核对变更流内容与数据源是否一致',
    params,
    output: Stream,
  },
  stop_stream: {
    method: 'POST',
    path: `${base}/streams/:streamId/stop`,
    needs: 'ingestion:write',
    summary: '停止变更流并释放数据源的日志',
    params,
    output: Stream,
  },
})
