import { z } from 'zod'
import { UpdateCycle } from '../catalog.ts'
import { Load } from '../ingestion.ts'
import { defineRoutes } from '../route.ts'
import { defineStates } from '../states.ts'
import { Can, Count, Id, Instant, LocalDate, OrgRef, page, PageQuery } from '../values.ts'

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'value.time' })

export const priorities = {
  high: { zh: '优先', en: 'First' },
  normal: { zh: '一般', en: 'Normal' },
  low: { zh: '靠后', en: 'Last' },
} as const
export const Priority = z.enum(Object.keys(priorities) as [keyof typeof priorities])

/** When a plan is due 汇聚时点. Times are Asia/Shanghai's; what a cycle has no use for is kept and ignored. */
const ruleFields = {
  /** HH:MM. */
  at: TimeOfDay.default('02:00'),
  /** A real-time cycle is due every so many minutes from midnight. */
  everyMinutes: z.int().min(5).max(720).default(15),
  /** 1: Monday … 7: Sunday. */
  weekday: z.int().min(1).max(7).default(1),
  /** A month without this day takes its last one. */
  day: z.int().min(1).max(31).default(1),
  /** Which month of the quarter, half-year or year. */
  month: z.int().min(1).max(12).default(1),
  /** A turn on a day off moves to the next working day. */
  workingDaysOnly: z.boolean().default(false),
}
export type TurnRule = z.infer<z.ZodObject<typeof ruleFields>> & { cycle: z.infer<typeof UpdateCycle> }

export const ScheduleInput = z.strictObject({
  /** Null: as the catalog entry says. */
  cycle: UpdateCycle.exclude(['irregular']).nullable().default(null),
  ...ruleFields,
  /** Minutes after the time that is due within which a load may begin and should end. */
  windowMinutes: z.int().min(5).max(1440).default(240),
  priority: Priority.default('normal'),
  /** Plans whose turn of the same night must have succeeded before. */
  after: z.array(Id).max(20).default([]),
})
export type ScheduleInput = z.infer<typeof ScheduleInput>

export const Schedule = ScheduleInput.extend({
  planId: Id,
  /** The cycle in force: the schedule's own or the catalog's. */
  follows: UpdateCycle,
  isPaused: z.boolean(),
  /** Null while it is paused, or where the cycle is irregular. */
  nextDueAt: Instant.nullable(),
  /** The turn after it lies in a year whose holidays are not announced yet. */
  isProvisional: z.boolean(),
  /** Who is asked when a load fails: whoever set the schedule last. */
  responsible: z.string(),
  afterPlans: z.array(z.object({ planId: Id, entryName: z.string() })),
  version: z.int(),
})
  .strip()
  .meta({ id: 'Schedule' })
export type Schedule = z.infer<typeof Schedule>

export const turnStates = defineStates({
  initial: 'waiting',
  states: {
    waiting: { zh: '等待', en: 'Waiting', tone: 'neutral' },
    running: { zh: '装载中', en: 'Running', tone: 'progress' },
    succeeded: { zh: '成功', en: 'Succeeded', tone: 'good' },
    failed: { zh: '失败', en: 'Failed', tone: 'bad' },
    cancelled: { zh: '已取消', en: 'Cancelled', tone: 'warning' },
    missed: { zh: '错过时段', en: 'Missed', tone: 'bad' },
  },
  steps: [
    { event: 'start', from: ['waiting'], to: 'running', side: 'system', needs: 'system' },
    { event: 'retry', from: ['running'], to: 'waiting', side: 'system', needs: 'system' },
    { event: 'succeed', from: ['running'], to: 'succeeded', side: 'system', needs: 'system' },
    { event: 'fail', from: ['waiting', 'running'], to: 'failed', side: 'system', needs: 'system' },
    { event: 'cancel', from: ['waiting', 'running'], to: 'cancelled', side: 'system', needs: 'system' },
    { event: 'miss', from: ['waiting'], to: 'missed', side: 'system', needs: 'system' },
  ],
})
export type TurnState = keyof typeof turnStates.states
export const TurnState = z.enum(Object.keys(turnStates.states) as [TurnState])

/** Why a turn has not begun. */
export const waitReasons = {
  node: { zh: '排队：平台同时装载数已满', en: 'Queued: the node loads as many as it may' },
  source: { zh: '排队：该数据源同时装载数已满', en: 'Queued: the source is read as often as it may' },
  after: { zh: '等前置任务装载成功', en: 'Waits for the plans before it' },
  busy: { zh: '该任务的另一次装载未结束', en: 'Another load of the plan has not ended' },
  retry: { zh: '来源暂时不可用，稍后自动重试', en: 'The source was away; tried again later' },
} as const
export const WaitReason = z.enum(Object.keys(waitReasons) as [keyof typeof waitReasons])

export const turnOrigins = {
  cycle: { zh: '到期', en: 'Due' },
  catch_up: { zh: '停机后补跑', en: 'Caught up' },
  backfill: { zh: '人工补跑', en: 'Backfill' },
} as const

/** 班次: one plan at one due time. There is at most one of each, whatever restarts or runs twice. */
export const Turn = z
  .object({
    id: Id,
    planId: Id,
    entryId: Id,
    entryName: z.string(),
    sourceId: Id,
    sourceName: z.string(),
    org: OrgRef,
    dueAt: Instant,
    origin: z.enum(Object.keys(turnOrigins) as [keyof typeof turnOrigins]),
    /** Turns before this one that passed while the node was down; they are not run. */
    overtaken: z.int(),
    state: TurnState,
    waitReason: WaitReason.nullable(),
    /** Not before: a retry's time. */
    notBefore: Instant.nullable(),
    tries: z.int(),
    isLate: z.boolean(),
    startedAt: Instant.nullable(),
    endedAt: Instant.nullable(),
    /** When a load that runs will have ended, by its progress or by how long the last one took. */
    estimatedEnd: Instant.nullable(),
    load: Load.pick({
      id: true,
      state: true,
      progress: true,
      read: true,
      written: true,
      quarantined: true,
      waiting: true,
      can: true,
    }).nullable(),
    /** What went wrong: a code of `causes` or of the messages. */
    code: z.string().nullable(),
    can: Can,
  })
  .meta({ id: 'Turn' })
export type Turn = z.infer<typeof Turn>

export const NightCounts = z
  .object({
    due: Count,
    succeeded: Count,
    running: Count,
    waiting: Count,
    failed: Count,
    missed: Count,
    cancelled: Count,
    /** Ended, or still not ended, after their window; they are counted above too. */
    late: Count,
  })
  .meta({ id: 'NightCounts' })
export type NightCounts = z.infer<typeof NightCounts>

/** What is wrong with a plan in the morning: the last turn of the night that was not good, or is late. */
export const NightProblem = z.object({
  turn: Turn,
  /** One of `causes`. */
  cause: z.string(),
  /** The load's own message, with names and numbers. */
  detail: z.string(),
  owner: z.object({ org: OrgRef, person: z.string() }),
  /** One of `nextSteps`, and the page where it is done. */
  step: z.object({ key: z.string(), link: z.string() }),
  /** A later load of the plan succeeded: nothing is left to be done. */
  isSettled: z.boolean(),
})
export type NightProblem = z.infer<typeof NightProblem>

export const MorningReport = z
  .object({
    night: LocalDate,
    from: Instant,
    until: Instant,
    counts: NightCounts,
    byOrg: z.array(z.object({ org: OrgRef, counts: NightCounts, open: Count })),
    problems: z.array(NightProblem),
    /** Problems that wait for somebody. */
    open: Count,
    asOf: Instant,
  })
  .meta({ id: 'MorningReport' })
export type MorningReport = z.infer<typeof MorningReport>

const base = '/api/v1/ingestion'
const planParams = z.strictObject({ planId: Id })
const nightQuery = z.strictObject({ night: LocalDate.optional(), orgId: Id.optional() })

export const scheduleRoutes = defineRoutes({
  get_schedule: {
    method: 'GET',
    path: `${base}/plans/:planId/schedule`,
    needs: 'ingestion:read',
    summary: '任务的调度设置',
    params: planParams,
    output: z.object({ schedule: Schedule.nullable(), catalogCycle: UpdateCycle, can: Can }),
  },
  set_schedule: {
    method: 'PUT',
    path: `${base}/plans/:planId/schedule`,
    needs: 'ingestion:write',
    summary: '设置调度',
    params: planParams,
    /** `version` 0: there is none yet. */
    body: ScheduleInput.extend({ version: z.int().min(0) }).strict(),
    output: Schedule,
  },
  pause_schedule: {
    method: 'POST',
    path: `${base}/plans/:planId/schedule/pause`,
    needs: 'ingestion:write',
    summary: '暂停调度',
    params: planParams,
    output: Schedule,
  },
  resume_schedule: {
    method: 'POST',
    path: `${base}/plans/:planId/schedule/resume`,
    needs: 'ingestion:write',
    summary: '恢复调度',
    params: planParams,
    output: Schedule,
  },
  backfill_turns: {
    method: 'POST',
    path: `${base}/plans/:planId/schedule/backfill`,
    needs: 'ingestion:write',
    summary: '补跑一段时间的班次',
    params: planParams,
    body: z.strictObject({ from: LocalDate, to: LocalDate }),
    output: z.object({ created: Count }),
  },
  list_turns: {
    method: 'GET',
    path: `${base}/turns`,
    needs: 'ingestion:read',
    summary: '一夜的班次',
    query: PageQuery.extend({
      ...nightQuery.shape,
      planId: Id.optional(),
      state: TurnState.optional(),
      late: z.stringbool().optional(),
    }),
    output: page(Turn),
  },
  count_turns: {
    method: 'GET',
    path: `${base}/turns/counts`,
    needs: 'ingestion:read',
    summary: '一夜的班次数',
    query: nightQuery,
    output: z.object({ night: LocalDate, counts: NightCounts, asOf: Instant }),
  },
  cancel_turn: {
    method: 'POST',
    path: `${base}/turns/:turnId/cancel`,
    needs: 'ingestion:write',
    summary: '取消未开始的班次',
    params: z.strictObject({ turnId: Id }),
    output: Turn,
  },
  get_morning_report: {
    method: 'GET',
    path: `${base}/morning-report`,
    needs: 'ingestion:read',
    summary: '汇聚晨报',
    query: nightQuery,
    output: MorningReport,
  },
  export_morning_report: {
    method: 'GET',
    path: `${base}/morning-report/export`,
    needs: 'ingestion:read',
    summary: '导出汇聚晨报',
    query: nightQuery,
    output: 'file',
  },
})
