import { z } from 'zod'
import { SharingMode, SharingType } from './catalog.ts'
import { defineRoutes } from './route.ts'
import { defineStates } from './states.ts'
import { Can, Count, Id, Instant, LocalDate, OrgRef, PageQuery, page, ShortText } from './values.ts'

/** 共享申请: what the law lets a department ask for (Order 809 art. 20–22), who answers by when. */
export const requestStates = defineStates({
  initial: 'draft',
  states: {
    draft: { zh: '草稿', en: 'Draft', tone: 'neutral' },
    consumer_review: { zh: '本部门审批中', en: 'Own department review', tone: 'progress' },
    provider_review: { zh: '提供部门办理中', en: 'Provider handling', tone: 'progress' },
    returned: { zh: '一次性告知补正', en: 'Returned for completion', tone: 'warning' },
    approved: { zh: '同意共享', en: 'Approved', tone: 'good' },
    refused: { zh: '不同意共享', en: 'Refused', tone: 'bad' },
    rejected: { zh: '本部门未通过', en: 'Rejected by own department', tone: 'bad' },
    withdrawn: { zh: '已撤回', en: 'Withdrawn', tone: 'neutral' },
  },
  steps: [
    { event: 'submit', from: ['draft'], to: 'consumer_review', side: 'consumer', needs: 'sharing:apply' },
    { event: 'pass', from: ['consumer_review'], to: 'provider_review', side: 'consumer', needs: 'sharing:review' },
    { event: 'reject', from: ['consumer_review'], to: 'rejected', side: 'consumer', needs: 'sharing:review' },
    /** Direct refusal of an incomplete application is forbidden: one notice of everything to add. */
    { event: 'return', from: ['provider_review'], to: 'returned', side: 'provider', needs: 'sharing:decide' },
    { event: 'complete', from: ['returned'], to: 'provider_review', side: 'consumer', needs: 'sharing:apply' },
    { event: 'approve', from: ['provider_review'], to: 'approved', side: 'provider', needs: 'sharing:decide' },
    { event: 'refuse', from: ['provider_review'], to: 'refused', side: 'provider', needs: 'sharing:decide' },
    {
      event: 'withdraw',
      from: ['draft', 'consumer_review', 'provider_review', 'returned'],
      to: 'withdrawn',
      side: 'consumer',
      needs: 'sharing:apply',
    },
  ],
})
export type RequestState = keyof typeof requestStates.states
export const RequestState = z.enum(Object.keys(requestStates.states) as [RequestState])

/** Decided and in effect are different states: a grant waits for its resource (supply clock), then is active. */
export const grantStates = defineStates({
  initial: 'pending',
  states: {
    pending: { zh: '待提供', en: 'Awaiting supply', tone: 'warning' },
    active: { zh: '生效中', en: 'Active', tone: 'good' },
    suspended: { zh: '已暂停', en: 'Suspended', tone: 'bad' },
    terminated: { zh: '已终止', en: 'Terminated', tone: 'bad' },
    expired: { zh: '已到期', en: 'Expired', tone: 'neutral' },
  },
  steps: [
    { event: 'activate', from: ['pending'], to: 'active', side: 'system', needs: 'system' },
    // Order 809 art. 27: the provider or the authority suspends and terminates.
    { event: 'suspend', from: ['active', 'pending'], to: 'suspended', side: 'provider', needs: 'sharing:decide' },
    { event: 'suspend', from: ['active', 'pending'], to: 'suspended', side: 'authority', needs: 'sharing:supervise' },
    { event: 'resume', from: ['suspended'], to: 'active', side: 'provider', needs: 'sharing:decide' },
    { event: 'resume', from: ['suspended'], to: 'active', side: 'authority', needs: 'sharing:supervise' },
    // What was suspended before it could be supplied goes on waiting for its data.
    { event: 'resume_waiting', from: ['suspended'], to: 'pending', side: 'provider', needs: 'sharing:decide' },
    { event: 'resume_waiting', from: ['suspended'], to: 'pending', side: 'authority', needs: 'sharing:supervise' },
    { event: 'terminate', from: ['active', 'pending', 'suspended'], to: 'terminated', side: 'provider', needs: 'sharing:decide' },
    { event: 'terminate', from: ['active', 'pending', 'suspended'], to: 'terminated', side: 'authority', needs: 'sharing:supervise' },
    // The entry was withdrawn, or nothing of what was granted exists any more.
    { event: 'terminate', from: ['active', 'pending', 'suspended'], to: 'terminated', side: 'system', needs: 'system' },
    { event: 'suspend', from: ['active', 'pending'], to: 'suspended', side: 'system', needs: 'system' },
    { event: 'expire', from: ['active', 'pending', 'suspended'], to: 'expired', side: 'system', needs: 'system' },
  ],
})
export type GrantState = keyof typeof grantStates.states
export const GrantState = z.enum(Object.keys(grantStates.states) as [GrantState])

/** Masks of server/kernel/mask.ts by name; `none` shows the value. */
export const maskNames = [
  'none',
  'name',
  'citizen_id',
  'phone',
  'landline',
  'address',
  'bank_card',
  'licence_plate',
  'email',
  'passport',
  'birth_date',
  'last4',
  'coordinate',
  'band',
  'ip',
  'full',
  'hash',
] as const
export const MaskName = z.enum(maskNames)
export type MaskName = z.infer<typeof MaskName>

export const filterOperators = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'in', 'is'] as const
/** Rows that are asked for and granted: all conditions must hold. Values are text, compared in the item's type. */
export const RowCondition = z
  .strictObject({
    item: z.string().max(63),
    operator: z.enum(filterOperators),
    value: z.union([z.string().max(500), z.array(z.string().max(500)).max(1000)]),
  })
  .meta({ id: 'RowCondition' })
export type RowCondition = z.infer<typeof RowCondition>

export const GrantedItem = z.strictObject({ item: z.string().max(63), mask: MaskName.default('none') }).meta({ id: 'GrantedItem' })

/** art. 20: basis, scenario, scope, mode, period; true, lawful, necessary. */
export const RequestContent = z
  .strictObject({
    basis: z.string().trim().max(1000).default(''),
    scenario: z.string().trim().max(1000).default(''),
    purpose: z.string().trim().max(1000).default(''),
    items: z.array(z.string().max(63)).max(2000).default([]),
    rows: z.array(RowCondition).max(20).default([]),
    mode: SharingMode.default('api'),
    from: LocalDate.nullable().default(null),
    to: LocalDate.nullable().default(null),
    callsPerDay: z.int().min(1).max(100_000_000).default(10_000),
    contact: z.string().trim().max(200).default(''),
  })
  .meta({ id: 'RequestContent' })
export type RequestContent = z.infer<typeof RequestContent>

export const Decision = z
  .strictObject({
    opinion: z.string().trim().max(1000).default(''),
    items: z.array(GrantedItem).min(1).max(2000),
    rows: z.array(RowCondition).max(20).default([]),
    from: LocalDate,
    to: LocalDate,
    callsPerDay: z.int().min(1).max(100_000_000),
    maxRowsPerCall: z.int().min(1).max(10_000).default(1000),
  })
  .meta({ id: 'Decision' })
export type Decision = z.infer<typeof Decision>

export const SharingRequest = z
  .object({
    id: Id,
    number: z.string(),
    state: RequestState,
    consumer: OrgRef,
    provider: OrgRef,
    entry: z.object({ id: Id, name: z.string(), code: z.string(), sharingType: SharingType }),
    content: RequestContent.strip(),
    decision: Decision.strip().nullable(),
    /** For whoever decides: what was asked, with the city's default mask for every sensitive item. */
    suggestion: Decision.strip().nullable(),
    grantId: Id.nullable(),
    author: z.string(),
    opinions: z.array(z.object({ at: Instant, by: z.string(), org: z.string(), event: z.string(), opinion: z.string() })),
    clock: z
      .object({
        dueOn: LocalDate,
        remainingDays: z.int(),
        phase: z.enum(['normal', 'due_soon', 'overdue']),
        state: z.string(),
        provisional: z.boolean(),
        extendedDays: z.int(),
      })
      .nullable(),
    /** Who acts next, in words. */
    waitingFor: z.string(),
    submittedAt: Instant.nullable(),
    edit: z.int(),
    can: Can,
  })
  .meta({ id: 'SharingRequest' })
export type SharingRequest = z.infer<typeof SharingRequest>

export const Grant = z
  .object({
    id: Id,
    number: z.string(),
    state: GrantState,
    requestId: Id,
    consumer: OrgRef,
    provider: OrgRef,
    entry: z.object({ id: Id, name: z.string(), code: z.string() }),
    items: z.array(GrantedItem.strip().extend({ name: z.string(), dataType: z.string(), isKey: z.boolean() })),
    rows: z.array(RowCondition),
    purpose: z.string(),
    from: LocalDate,
    to: LocalDate,
    callsPerDay: z.int(),
    maxRowsPerCall: z.int(),
    callsToday: Count,
    callsTotal: Count,
    rowsTotal: Count,
    endpoint: z.string(),
    stateReason: z.string(),
    isAvailable: z.boolean(),
    unavailableReason: z.string().nullable(),
    /** What its user must know before it happens: the entry's withdrawal was announced. */
    notice: z.string().nullable(),
    can: Can,
  })
  .meta({ id: 'Grant' })
export type Grant = z.infer<typeof Grant>

export const AccessKey = z
  .object({
    id: Id,
    accessKey: z.string(),
    name: z.string(),
    org: OrgRef,
    state: z.enum(['active', 'revoked']),
    allowedAddresses: z.array(z.string()),
    createdAt: Instant,
    expiresOn: LocalDate,
    lastUsedAt: Instant.nullable(),
    can: Can,
  })
  .meta({ id: 'AccessKey' })

const base = '/api/v1/sharing'
const requestParams = z.strictObject({ requestId: Id })
const grantParams = z.strictObject({ grantId: Id })
const opinion = z.strictObject({ opinion: z.string().trim().max(1000).default('') })
const reason = z.strictObject({ reason: z.string().trim().min(2).max(500) })

export const sharingRoutes = defineRoutes({
  create_request: {
    method: 'POST',
    path: `${base}/requests`,
    needs: 'sharing:apply',
    summary: '发起共享申请',
    body: z.strictObject({ entryId: Id, content: RequestContent }),
    output: SharingRequest,
  },
  update_request: {
    method: 'PUT',
    path: `${base}/requests/:requestId`,
    needs: 'sharing:apply',
    summary: '保存申请',
    params: requestParams,
    body: z.strictObject({ content: RequestContent, edit: z.int() }),
    output: SharingRequest,
  },
  get_request: {
    method: 'GET',
    path: `${base}/requests/:requestId`,
    needs: 'sharing:read',
    summary: '申请详情',
    params: requestParams,
    output: SharingRequest,
  },
  list_my_requests: {
    method: 'GET',
    path: `${base}/requests/mine`,
    needs: 'sharing:read',
    summary: '我的申请',
    query: PageQuery.extend({ state: RequestState.optional() }),
    output: page(SharingRequest),
  },
  list_requests_to_handle: {
    method: 'GET',
    path: `${base}/requests/to-handle`,
    needs: 'sharing:read',
    summary: '待我办理的申请',
    query: PageQuery,
    output: page(SharingRequest),
  },
  list_requests: {
    method: 'GET',
    path: `${base}/requests`,
    needs: 'sharing:read',
    summary: '申请台账（本部门提出或收到；主管部门可见全部）',
    query: PageQuery.extend({ state: RequestState.optional(), orgId: Id.optional(), overdue: z.stringbool().optional() }),
    output: page(SharingRequest),
  },
  submit_request: {
    method: 'POST',
    path: `${base}/requests/:requestId/submit`,
    needs: 'sharing:apply',
    summary: '提交申请',
    params: requestParams,
    output: SharingRequest,
  },
  withdraw_request: {
    method: 'POST',
    path: `${base}/requests/:requestId/withdraw`,
    needs: 'sharing:apply',
    summary: '撤回申请',
    params: requestParams,
    output: SharingRequest,
  },
  pass_request: {
    method: 'POST',
    path: `${base}/requests/:requestId/pass`,
    needs: 'sharing:review',
    summary: '本部门审批通过',
    params: requestParams,
    body: opinion,
    output: SharingRequest,
  },
  reject_request: {
    method: 'POST',
    path: `${base}/requests/:requestId/reject`,
    needs: 'sharing:review',
    summary: '本部门不予提出',
    params: requestParams,
    body: reason,
    output: SharingRequest,
  },
  return_request: {
    method: 'POST',
    path: `${base}/requests/:requestId/return`,
    needs: 'sharing:decide',
    summary: '一次性告知补正（时限暂停）',
    params: requestParams,
    body: reason,
    output: SharingRequest,
  },
  complete_request: {
    method: 'POST',
    path: `${base}/requests/:requestId/complete`,
    needs: 'sharing:apply',
    summary: '补正后再次提交',
    params: requestParams,
    output: SharingRequest,
  },
  approve_request: {
    method: 'POST',
    path: `${base}/requests/:requestId/approve`,
    needs: 'sharing:decide',
    summary: '同意共享并作出授权决定',
    params: requestParams,
    body: Decision,
    output: SharingRequest,
  },
  refuse_request: {
    method: 'POST',
    path: `${base}/requests/:requestId/refuse`,
    needs: 'sharing:decide',
    summary: '不同意共享（须说明理由）',
    params: requestParams,
    body: reason,
    output: SharingRequest,
  },
  extend_request: {
    method: 'POST',
    path: `${base}/requests/:requestId/extend`,
    needs: 'sharing:supervise',
    summary: '同意延期一次并告知申请部门',
    params: requestParams,
    body: z.strictObject({ days: z.int().min(1).max(30), reason: z.string().trim().min(2).max(500) }),
    output: SharingRequest,
  },

  list_grants: {
    method: 'GET',
    path: `${base}/grants`,
    needs: 'sharing:read',
    summary: '授权清单',
    query: PageQuery.extend({
      side: z.enum(['consumer', 'provider', 'all']).default('consumer'),
      state: GrantState.optional(),
      entryId: Id.optional(),
    }),
    output: page(Grant),
  },
  get_grant: {
    method: 'GET',
    path: `${base}/grants/:grantId`,
    needs: 'sharing:read',
    summary: '授权详情',
    params: grantParams,
    output: Grant,
  },
  preview_grant: {
    method: 'GET',
    path: `${base}/grants/:grantId/preview`,
    needs: 'sharing:read',
    summary: '按授权预览（脱敏后）',
    effect: 'data',
    params: grantParams,
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
    output: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string().nullable())) }),
  },
  suspend_grant: {
    method: 'POST',
    path: `${base}/grants/:grantId/suspend`,
    needs: 'sharing:read',
    summary: '暂停授权（提供部门或主管部门）',
    params: grantParams,
    body: reason,
    output: Grant,
  },
  resume_grant: {
    method: 'POST',
    path: `${base}/grants/:grantId/resume`,
    needs: 'sharing:read',
    summary: '恢复授权',
    params: grantParams,
    body: reason,
    output: Grant,
  },
  terminate_grant: {
    method: 'POST',
    path: `${base}/grants/:grantId/terminate`,
    needs: 'sharing:read',
    summary: '终止授权',
    params: grantParams,
    body: reason,
    output: Grant,
  },

  list_keys: {
    method: 'GET',
    path: `${base}/keys`,
    needs: 'sharing:read',
    summary: '本部门的访问密钥',
    query: PageQuery,
    output: page(AccessKey),
  },
  create_key: {
    method: 'POST',
    path: `${base}/keys`,
    needs: 'sharing:apply',
    summary: '申领密钥（密钥串只显示一次）',
    body: z.strictObject({
      name: ShortText.max(50),
      allowedAddresses: z.array(z.string().max(60)).max(20).default([]),
      expiresOn: LocalDate,
    }),
    output: z.object({ key: AccessKey, secret: z.string() }),
  },
  revoke_key: {
    method: 'POST',
    path: `${base}/keys/:keyId/revoke`,
    needs: 'sharing:apply',
    summary: '吊销密钥',
    params: z.strictObject({ keyId: Id }),
    output: AccessKey,
  },

  /** The shared API: `?item=operator.value` on granted items, `limit`, `cursor`. */
  read_shared_records: {
    method: 'GET',
    path: '/share/v1/:grantNumber',
    needs: 'signature',
    summary: '调用共享接口',
    effect: 'data',
    params: z.strictObject({ grantNumber: z.string().max(40) }),
    query: z.looseObject({ limit: z.coerce.number().int().min(1).max(10_000).default(100), cursor: z.string().max(500).optional() }),
    output: z.object({
      items: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
      next: z.string().nullable(),
    }),
  },
})
