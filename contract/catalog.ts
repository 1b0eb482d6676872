import { z } from 'zod'
import { defineStates } from './states.ts'
import { Can, Count, Id, Instant, LocalDate, LongText, OrgRef, ShortText } from './values.ts'

/** Business system 业务系统 (information system inventory). */
export const systemStates = { planned: '规划中', building: '在建', in_use: '在用', retired: '停用' } as const
export const SystemInput = z.strictObject({
  name: ShortText,
  shortName: z.string().trim().max(50).default(''),
  description: LongText.default(''),
  state: z.enum(Object.keys(systemStates) as [keyof typeof systemStates]).default('in_use'),
  network: z.enum(['government_extranet', 'internet', 'dedicated', 'other']).default('government_extranet'),
  protectionLevel: z.int().min(1).max(5).nullable().default(null),
  duty: z.string().trim().max(500).default(''),
  goLiveOn: LocalDate.nullable().default(null),
  builder: z.string().trim().max(200).default(''),
  /** A system may truly hold no data to catalog; then it says why. */
  noDataReason: z.string().trim().max(500).default(''),
})
export const System = SystemInput.extend({ id: Id, code: z.string(), org: OrgRef, entryCount: z.int(), version: z.int(), can: Can })
  .strip()
  .meta({ id: 'System' })
export type System = z.infer<typeof System>
export type SystemInput = z.infer<typeof SystemInput>

/** Data types of the 2017 compilation guide. */
export const dataTypes = {
  C: '字符型',
  N: '数值型',
  Y: '货币型',
  D: '日期型',
  T: '日期时间型',
  L: '逻辑型',
  M: '备注型',
  G: '通用型',
  B: '双精度型',
  I: '整型',
  F: '浮点型',
} as const
export const formatCategories = {
  1: '电子文件',
  2: '电子表格',
  3: '数据库',
  4: '图形图像',
  5: '流媒体',
  6: '自描述格式',
  7: '服务接口',
} as const
export const updateCycles = {
  realtime: '实时',
  daily: '每日',
  weekly: '每周',
  monthly: '每月',
  quarterly: '每季度',
  half_yearly: '每半年',
  yearly: '每年',
  irregular: '不定期',
} as const
export const sharingTypes = { unconditional: '无条件共享', conditional: '有条件共享', not_shared: '不予共享' } as const
export const openTypes = { open: '普遍开放', on_application: '依申请开放', not_open: '不予开放' } as const
/** GB/T 43697: general L1–L4, important, core. */
export const levels = {
  L1: '一般数据1级',
  L2: '一般数据2级',
  L3: '一般数据3级',
  L4: '一般数据4级',
  important: '重要数据',
  core: '核心数据',
} as const
export const sensitiveKinds = {
  none: '非敏感',
  name: '姓名',
  citizen_id: '公民身份号码',
  phone: '联系电话',
  address: '住址',
  birth_date: '出生日期',
  bank_account: '银行账号',
  licence_plate: '车牌号',
  email: '电子邮箱',
  passport: '护照等证件',
  social_security: '社会保障号',
  location: '精准定位',
  income: '收入',
  medical: '医疗健康',
  biometric: '生物识别',
  minor: '未满14周岁未成年人',
  religion: '宗教信仰',
  special_identity: '特定身份',
  other: '其他敏感个人信息',
} as const
export const sharingModes = { api: '服务接口', table: '批量交换（库表）', file: '文件下载' } as const
/** 类: base, theme, department. */
export const categories = { 1: '基础信息资源', 2: '主题信息资源', 3: '部门信息资源' } as const

const keysOf = <T extends Record<string, string>>(table: T) => z.enum(Object.keys(table) as [keyof T & string, ...(keyof T & string)[]])
export const DataType = keysOf(dataTypes)
export const SharingType = keysOf(sharingTypes)
export const OpenType = keysOf(openTypes)
export const UpdateCycle = keysOf(updateCycles)
export const Level = keysOf(levels)
export const SensitiveKind = keysOf(sensitiveKinds)
export const SharingMode = keysOf(sharingModes)

/** 信息项. `code` is the physical name; types are the 2017 guide's. */
export const Item = z
  .strictObject({
    code: z
      .string()
      .trim()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, { error: 'catalog.item_code' }),
    name: ShortText,
    dataType: DataType,
    length: z.int().min(1).max(1_000_000).nullable().default(null),
    scale: z.int().min(0).max(38).nullable().default(null),
    isKey: z.boolean().default(false),
    isRequired: z.boolean().default(false),
    level: Level.default('L1'),
    sensitiveKind: SensitiveKind.default('none'),
    /** Name of the code set (dictionary) the values come from. */
    dictionary: z.string().trim().max(100).default(''),
    unit: z.string().trim().max(30).default(''),
    description: z.string().trim().max(1000).default(''),
  })
  .meta({ id: 'Item' })
export type Item = z.infer<typeof Item>

/**
 * What a steward compiles: the 13 core items of the 2017 guide (发改高技〔2017〕1272号) and the 9 of Order 809 art. 13.
 * Drafts may be incomplete; submit checks completeness and answers with every problem at once.
 */
export const EntryContent = z
  .strictObject({
    name: ShortText,
    abstract: LongText.default(''),
    systemId: Id.nullable().default(null),
    category: z.enum(['1', '2', '3']).default('3'),
    /** 项 (2 digits) 目 (3 digits) 细目 (optional digits). */
    subject: z
      .string()
      .regex(/^\d{2}$/)
      .default('01'),
    topic: z
      .string()
      .regex(/^\d{3}$/)
      .default('001'),
    detail: z
      .string()
      .regex(/^\d{0,6}$/)
      .default(''),
    formatCategory: z.enum(['1', '2', '3', '4', '5', '6', '7']).default('3'),
    formatType: z.string().trim().max(60).default(''),
    items: z.array(Item).max(2000).default([]),
    sharingType: SharingType.default('unconditional'),
    /** 共享条件 for conditional; exact law, administrative regulation or State Council decision for not_shared (Order 809 art. 14). */
    sharingCondition: z.string().trim().max(1000).default(''),
    sharingBasis: z.string().trim().max(1000).default(''),
    sharingScope: z.string().trim().max(1000).default(''),
    sharingPurpose: z.string().trim().max(1000).default(''),
    sharingMode: SharingMode.default('api'),
    openType: OpenType.default('not_open'),
    openCondition: z.string().trim().max(1000).default(''),
    updateCycle: UpdateCycle.default('monthly'),
    level: Level.default('L1'),
    /** 数源部门: the lead department where several collect the same fact (art. 19). */
    leadOrgId: Id.nullable().default(null),
    relatedCodes: z
      .array(
        z
          .string()
          .max(60)
          .regex(/^[^\s;；,，、]+$/, { error: 'catalog.related_code' }),
      )
      .max(50)
      .default([]),
    /** 保密风险评估 and 个人信息保护影响评估 (art. 13, 16): done and by what conclusion. */
    secrecyReview: z.string().trim().max(500).default(''),
    privacyReview: z.string().trim().max(500).default(''),
    region: z.string().trim().max(60).default(''),
    remark: z.string().trim().max(1000).default(''),
  })
  .meta({ id: 'EntryContent' })
export type EntryContent = z.infer<typeof EntryContent>

/** Lifecycle of one revision of an entry: two gates, department and bureau (Order 809 art. 16–17). */
export const revisionStates = defineStates({
  initial: 'draft',
  states: {
    draft: { zh: '草稿', en: 'Draft', tone: 'neutral' },
    department_review: { zh: '部门审核中', en: 'Department review', tone: 'progress' },
    bureau_review: { zh: '主管部门审核中', en: 'Bureau review', tone: 'progress' },
    returned: { zh: '退回修改', en: 'Returned', tone: 'warning' },
    published: { zh: '已发布', en: 'Published', tone: 'good' },
    superseded: { zh: '历史版本', en: 'Superseded', tone: 'neutral' },
    discarded: { zh: '已作废', en: 'Discarded', tone: 'bad' },
  },
  steps: [
    { event: 'submit', from: ['draft', 'returned'], to: 'department_review', side: 'provider', needs: 'catalog:write' },
    { event: 'pass_department', from: ['department_review'], to: 'bureau_review', side: 'provider', needs: 'catalog:review' },
    { event: 'return_department', from: ['department_review'], to: 'returned', side: 'provider', needs: 'catalog:review' },
    { event: 'recall', from: ['department_review'], to: 'draft', side: 'provider', needs: 'catalog:write' },
    { event: 'publish', from: ['bureau_review'], to: 'published', side: 'authority', needs: 'catalog:publish' },
    { event: 'return_bureau', from: ['bureau_review'], to: 'returned', side: 'authority', needs: 'catalog:publish' },
    { event: 'supersede', from: ['published'], to: 'superseded', side: 'system', needs: 'system' },
    { event: 'discard', from: ['draft', 'returned'], to: 'discarded', side: 'provider', needs: 'catalog:write' },
  ],
})
export type RevisionState = keyof typeof revisionStates.states
export const RevisionState = z.enum(Object.keys(revisionStates.states) as [RevisionState])

/** The entry itself: unpublished until its first revision is; withdrawal waits until its users were told. */
export const entryStates = defineStates({
  initial: 'unpublished',
  states: {
    unpublished: { zh: '未发布', en: 'Unpublished', tone: 'neutral' },
    published: { zh: '已发布', en: 'Published', tone: 'good' },
    withdrawing: { zh: '下架告知中', en: 'Withdrawal announced', tone: 'warning' },
    withdrawn: { zh: '已下架', en: 'Withdrawn', tone: 'bad' },
  },
  steps: [
    { event: 'publish', from: ['unpublished', 'withdrawn', 'published'], to: 'published', side: 'authority', needs: 'catalog:publish' },
    { event: 'announce_withdrawal', from: ['published'], to: 'withdrawing', side: 'provider', needs: 'catalog:write' },
    { event: 'cancel_withdrawal', from: ['withdrawing'], to: 'published', side: 'provider', needs: 'catalog:write' },
    { event: 'withdraw', from: ['withdrawing'], to: 'withdrawn', side: 'authority', needs: 'catalog:publish' },
  ],
})
export type EntryState = keyof typeof entryStates.states
export const EntryState = z.enum(Object.keys(entryStates.states) as [EntryState])

export const Resource = z
  .object({
    id: Id,
    entryId: Id,
    /** `logical`: the data stay at their source and are read there. */
    kind: z.enum([...SharingMode.options, 'logical']),
    name: z.string(),
    /** Facts kept by the loads, never counted on a request. */
    rows: Count.nullable(),
    loadedAt: Instant.nullable(),
    isPastCycle: z.boolean(),
  })
  .meta({ id: 'Resource' })
export type Resource = z.infer<typeof Resource>

export const EntrySummary = z
  .object({
    id: Id,
    code: z.string(),
    name: z.string(),
    abstract: z.string(),
    provider: OrgRef,
    system: z.object({ id: Id, name: z.string() }).nullable(),
    state: EntryState,
    version: z.int(),
    sharingType: SharingType,
    openType: OpenType,
    updateCycle: UpdateCycle,
    level: Level,
    itemCount: z.int(),
    rows: Count.nullable(),
    loadedAt: Instant.nullable(),
    publishedOn: LocalDate.nullable(),
  })
  .meta({ id: 'EntrySummary' })
export type EntrySummary = z.infer<typeof EntrySummary>

export const Revision = z
  .object({
    id: Id,
    entryId: Id,
    number: z.int(),
    state: RevisionState,
    content: EntryContent.strip(),
    changeReason: z.string(),
    author: z.string(),
    updatedAt: Instant,
    opinions: z.array(z.object({ at: Instant, by: z.string(), org: z.string(), event: z.string(), opinion: z.string() })),
    dueOn: LocalDate.nullable(),
    /** Counts the edits: goes back as `If-Match`-like `edit` with each save, so two stewards never overwrite each other. */
    edit: z.int(),
    can: Can,
  })
  .meta({ id: 'Revision' })
export type Revision = z.infer<typeof Revision>

export const Entry = EntrySummary.extend({
  providerUscc: z.string().nullable(),
  leadOrg: OrgRef.nullable(),
  /** The published content, or the newest draft where the caller may see it. */
  content: EntryContent.strip(),
  resources: z.array(Resource),
  openRevision: z.object({ id: Id, number: z.int(), state: RevisionState }).nullable(),
  withdrawal: z.object({ reason: z.string(), announcedOn: LocalDate, effectiveOn: LocalDate }).nullable(),
  userCount: z.int(),
  can: Can,
}).meta({ id: 'Entry' })
export type Entry = z.infer<typeof Entry>

export const ContentProblem = z.object({ pointer: z.string(), code: z.string(), detail: z.string() })
export const Difference = z
  .object({
    pointer: z.string(),
    label: z.string(),
    kind: z.enum(['added', 'removed', 'changed']),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'Difference' })

export const searchFacets = ['provider', 'sharingType', 'openType', 'updateCycle', 'category', 'level', 'hasData'] as const
export const EntrySearchQuery = z.strictObject({
  q: z.string().max(200).default(''),
  provider: Id.optional(),
  sharingType: SharingType.optional(),
  openType: OpenType.optional(),
  updateCycle: UpdateCycle.optional(),
  category: z.enum(['1', '2', '3']).optional(),
  level: Level.optional(),
  hasData: z.enum(['yes', 'no']).optional(),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(20),
})

/** What a spreadsheet import comes to, with every problem of every row. Nothing is imported while a problem `blocks`; the others keep a draft from being submitted. */
export const ImportReport = z
  .object({
    importId: Id,
    dryRun: z.boolean(),
    entries: z.int(),
    items: z.int(),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    problems: z.array(
      z.object({ sheet: z.string(), row: z.int(), column: z.string(), code: z.string(), detail: z.string(), blocks: z.boolean() }),
    ),
  })
  .meta({ id: 'ImportReport' })
