import { z } from 'zod'
import { Level } from '../catalog.ts'
import { defineRoutes } from '../route.ts'
import { defineStates } from '../states.ts'
import { Can, Count, Id, Instant, LocalDate, LongText, OrgRef, page, PageQuery } from '../values.ts'

/** What can be destroyed, always of one entry. */
export const destructionKinds = {
  entry: { zh: '目录的全部数据', en: 'all data of the entry' },
  rows: { zh: '超过保存期限的记录', en: 'records past their retention' },
  quarantine: { zh: '隔离的问题数据', en: 'quarantined rows' },
} as const
export const DestructionKind = z.enum(Object.keys(destructionKinds) as [keyof typeof destructionKinds])
export type DestructionKind = z.infer<typeof DestructionKind>

/** 数据销毁. Two people: who proposes never approves. */
export const destructionStates = defineStates({
  initial: 'proposed',
  states: {
    proposed: { zh: '待审批', en: 'Waiting for approval', tone: 'progress' },
    approved: { zh: '待销毁', en: 'Approved', tone: 'warning' },
    destroyed: { zh: '已销毁', en: 'Destroyed', tone: 'good' },
    refused: { zh: '不同意', en: 'Refused', tone: 'bad' },
    withdrawn: { zh: '已撤回', en: 'Withdrawn', tone: 'neutral' },
  },
  steps: [
    { event: 'approve', from: ['proposed'], to: 'approved', side: 'provider', needs: 'ingestion:destroy' },
    { event: 'refuse', from: ['proposed'], to: 'refused', side: 'provider', needs: 'ingestion:destroy' },
    { event: 'withdraw', from: ['proposed'], to: 'withdrawn', side: 'provider', needs: 'ingestion:write' },
    { event: 'destroy', from: ['approved'], to: 'destroyed', side: 'system', needs: 'system' },
  ],
})
export const DestructionState = z.enum(Object.keys(destructionStates.states) as [keyof typeof destructionStates.states])
export type DestructionState = z.infer<typeof DestructionState>

/** What was there before it was destroyed: for the certificate, made by the job itself. */
export const DestructionEvidence = z.object({
  measuredAt: Instant,
  tables: z.array(z.object({ name: z.string(), rows: Count, bytes: Count.nullable(), digest: z.string() })),
  files: z.array(z.object({ name: z.string(), bytes: Count, sha256: z.string() })),
})
export type DestructionEvidence = z.infer<typeof DestructionEvidence>

export const Destruction = z
  .object({
    id: Id,
    number: z.int(),
    org: OrgRef,
    entryId: Id,
    entryName: z.string(),
    kind: DestructionKind,
    state: DestructionState,
    reason: z.string(),
    /** Law, regulation or schedule of retention that allows it, with the article. */
    citation: z.string(),
    /** Records dated before this day; null for the other kinds. */
    cutoff: LocalDate.nullable(),
    proposedBy: z.string(),
    proposedAt: Instant,
    decidedBy: z.string().nullable(),
    decidedAt: Instant.nullable(),
    opinion: z.string().nullable(),
    evidence: DestructionEvidence.nullable(),
    destroyedAt: Instant.nullable(),
    can: Can,
  })
  .meta({ id: 'Destruction' })
export type Destruction = z.infer<typeof Destruction>

/** How long one entry's records are kept 保存期限, where that is decided for it; else the profile says it by level. */
export const RetentionInput = z.strictObject({
  /** The date item by which a record's age is told; null: the age is that of the load. */
  dateItem: z.string().max(63).nullable(),
  months: z.int().min(1).max(1200),
  basis: z.string().trim().min(2).max(500),
  version: z.int().min(0),
})
export type RetentionInput = z.infer<typeof RetentionInput>

/** Storage of one entry's data 存储周期. */
export const EntryStorage = z
  .object({
    entryId: Id,
    entryName: z.string(),
    org: OrgRef,
    level: Level,
    rows: Count,
    loadedAt: Instant,
    /** Written anew with the profile's codec for data that nobody has loaded for long. */
    isCold: z.boolean(),
    retention: z
      .object({ months: z.int(), dateItem: z.string().nullable(), basis: z.string(), isOwn: z.boolean(), version: z.int() })
      .nullable(),
    /** From this day on the records may be destroyed; with a date item: records dated before it. */
    keptUntil: LocalDate.nullable(),
    isPast: z.boolean(),
    /** Rows that wait to be corrected or given up; null: none. After `keptUntil` somebody is to settle them or to propose their destruction. */
    quarantine: z.object({ rows: Count, since: Instant, keptUntil: LocalDate.nullable(), isPast: z.boolean() }).nullable(),
    can: Can,
  })
  .meta({ id: 'EntryStorage' })
export type EntryStorage = z.infer<typeof EntryStorage>

const base = '/api/v1/ingestion'
const destructionParams = z.strictObject({ destructionId: Id })
const Opinion = z.strictObject({ opinion: LongText.default('') })

export const retentionRoutes = defineRoutes({
  list_entry_storage: {
    method: 'GET',
    path: `${base}/storage`,
    needs: 'ingestion:read',
    summary: '存储周期',
    /** `quarantinePast`: those whose quarantined rows have waited for longer than the profile says. */
    query: PageQuery.extend({ quarantinePast: z.stringbool().optional() }),
    output: page(EntryStorage),
  },
  set_retention: {
    method: 'PUT',
    path: `${base}/storage/:entryId/retention`,
    needs: 'ingestion:write',
    summary: '规定目录的保存期限',
    params: z.strictObject({ entryId: Id }),
    body: RetentionInput,
    output: EntryStorage,
  },
  list_destructions: {
    method: 'GET',
    path: `${base}/destructions`,
    needs: 'ingestion:read',
    summary: '数据销毁',
    /** `toDecide`: those that the caller may approve or refuse. */
    query: PageQuery.extend({ state: DestructionState.optional(), toDecide: z.stringbool().optional() }),
    output: page(Destruction),
  },
  get_destruction: {
    method: 'GET',
    path: `${base}/destructions/:destructionId`,
    needs: 'ingestion:read',
    summary: '数据销毁详情',
    params: destructionParams,
    output: Destruction,
  },
  propose_destruction: {
    method: 'POST',
    path: `${base}/destructions`,
    needs: 'ingestion:write',
    summary: '提出数据销毁',
    body: z.strictObject({
      entryId: Id,
      kind: DestructionKind,
      reason: z.string().trim().min(2).max(1000),
      citation: z.string().trim().min(2).max(500),
    }),
    output: Destruction,
  },
  withdraw_destruction: {
    method: 'POST',
    path: `${base}/destructions/:destructionId/withdraw`,
    needs: 'ingestion:write',
    summary: '撤回数据销毁',
    params: destructionParams,
    output: Destruction,
  },
  approve_destruction: {
    method: 'POST',
    path: `${base}/destructions/:destructionId/approve`,
    needs: 'ingestion:destroy',
    summary: '同意数据销毁',
    params: destructionParams,
    body: Opinion,
    output: Destruction,
  },
  refuse_destruction: {
    method: 'POST',
    path: `${base}/destructions/:destructionId/refuse`,
    needs: 'ingestion:destroy',
    summary: '不同意数据销毁',
    params: destructionParams,
    body: z.strictObject({ opinion: z.string().trim().min(2).max(1000) }),
    output: Destruction,
  },
  print_destruction: {
    method: 'GET',
    path: `${base}/destructions/:destructionId/certificate`,
    needs: 'ingestion:read',
    summary: '数据销毁证明',
    params: destructionParams,
    output: 'file',
  },
})
