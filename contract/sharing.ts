import { z } from 'zod'
import { SharingMode, SharingType } from './catalog.ts'
import { defineStates } from './states.ts'
import { Can, Count, Id, Instant, LocalDate, OrgRef } from './values.ts'

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
