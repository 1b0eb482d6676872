import { z } from 'zod'
import { defineRoutes } from './route.ts'
import { defineStates } from './states.ts'
import { Can, Count, Id, Instant, LocalDate, LongText, OrgRef, PageQuery, page, ShortText } from './values.ts'

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
    kind: SharingMode,
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

const base = '/api/v1/catalog'
const entryParams = z.strictObject({ entryId: Id })
const revisionParams = z.strictObject({ revisionId: Id })
const opinion = z.strictObject({ opinion: z.string().trim().max(1000).default('') })

export const catalogRoutes = defineRoutes({
  list_systems: {
    method: 'GET',
    path: `${base}/systems`,
    needs: 'catalog:read',
    summary: '业务系统清单',
    query: PageQuery.extend({
      q: z.string().max(100).optional(),
      orgId: Id.optional(),
      /** In use, without a published entry and without a reason for that. */
      withoutEntries: z.stringbool().optional(),
    }),
    output: page(System),
  },
  get_system: {
    method: 'GET',
    path: `${base}/systems/:systemId`,
    needs: 'catalog:read',
    summary: '业务系统',
    params: z.strictObject({ systemId: Id }),
    output: System,
  },
  create_system: {
    method: 'POST',
    path: `${base}/systems`,
    needs: 'catalog:write',
    summary: '登记业务系统',
    body: SystemInput,
    output: System,
  },
  update_system: {
    method: 'PUT',
    path: `${base}/systems/:systemId`,
    needs: 'catalog:write',
    summary: '修改业务系统',
    params: z.strictObject({ systemId: Id }),
    body: SystemInput.extend({ version: z.int() }).strict(),
    output: System,
  },

  search_entries: {
    method: 'GET',
    path: `${base}/search`,
    needs: 'catalog:read',
    summary: '检索目录',
    query: EntrySearchQuery,
    output: z.object({
      total: z.int(),
      items: z.array(
        EntrySummary.extend({
          highlights: z.array(z.object({ field: z.string(), text: z.string(), ranges: z.array(z.tuple([z.int(), z.int()])) })),
        }),
      ),
      facets: z.record(z.string(), z.array(z.object({ value: z.string(), label: z.string(), count: z.int() }))),
    }),
  },
  list_entries: {
    method: 'GET',
    path: `${base}/entries`,
    needs: 'catalog:read',
    summary: '目录清单',
    query: PageQuery.extend({
      orgId: Id.optional(),
      systemId: Id.optional(),
      state: EntryState.optional(),
      /** Published, announced withdrawals included: what the ledger counts. */
      inCatalog: z.stringbool().optional(),
      hasData: z.stringbool().optional(),
      problem: z.enum(['without_data', 'past_cycle']).optional(),
    }),
    output: page(EntrySummary),
  },
  get_entry: {
    method: 'GET',
    path: `${base}/entries/:entryId`,
    needs: 'catalog:read',
    summary: '目录详情',
    params: entryParams,
    output: Entry,
  },
  create_entry: {
    method: 'POST',
    path: `${base}/entries`,
    needs: 'catalog:write',
    summary: '新建目录（草稿）',
    body: z.strictObject({ content: EntryContent }),
    output: Revision,
  },
  start_revision: {
    method: 'POST',
    path: `${base}/entries/:entryId/revisions`,
    needs: 'catalog:write',
    summary: '变更目录（新版本草稿）',
    params: entryParams,
    body: z.strictObject({ changeReason: z.string().trim().min(2).max(500) }),
    output: Revision,
  },
  list_revisions: {
    method: 'GET',
    path: `${base}/entries/:entryId/revisions`,
    needs: 'catalog:read',
    summary: '目录版本',
    params: entryParams,
    output: z.object({ items: z.array(Revision) }),
  },
  announce_withdrawal: {
    method: 'POST',
    path: `${base}/entries/:entryId/announce-withdrawal`,
    needs: 'catalog:write',
    summary: '发起下架：先告知用户',
    params: entryParams,
    body: z.strictObject({ reason: z.string().trim().min(4).max(500) }),
    output: Entry,
  },
  cancel_withdrawal: {
    method: 'POST',
    path: `${base}/entries/:entryId/cancel-withdrawal`,
    needs: 'catalog:write',
    summary: '撤回下架',
    params: entryParams,
    output: Entry,
  },
  withdraw_entry: {
    method: 'POST',
    path: `${base}/entries/:entryId/withdraw`,
    needs: 'catalog:publish',
    summary: '主管部门确认下架',
    params: entryParams,
    body: opinion,
    output: Entry,
  },

  list_my_revisions: {
    method: 'GET',
    path: `${base}/revisions/mine`,
    needs: 'catalog:write',
    summary: '我的草稿与在办',
    query: PageQuery,
    output: page(Revision.extend({ name: z.string() })),
  },
  list_revisions_to_handle: {
    method: 'GET',
    path: `${base}/revisions/to-handle`,
    needs: 'catalog:read',
    summary: '待我审核',
    query: PageQuery,
    output: page(Revision.extend({ name: z.string(), provider: OrgRef })),
  },
  get_revision: {
    method: 'GET',
    path: `${base}/revisions/:revisionId`,
    needs: 'catalog:read',
    summary: '版本详情',
    params: revisionParams,
    output: Revision,
  },
  update_revision: {
    method: 'PUT',
    path: `${base}/revisions/:revisionId`,
    needs: 'catalog:write',
    summary: '保存草稿',
    params: revisionParams,
    body: z.strictObject({ content: EntryContent, edit: z.int() }),
    output: Revision,
  },
  check_revision: {
    method: 'GET',
    path: `${base}/revisions/:revisionId/problems`,
    needs: 'catalog:read',
    summary: '提交前检查',
    params: revisionParams,
    output: z.object({ problems: z.array(ContentProblem) }),
  },
  compare_revision: {
    method: 'GET',
    path: `${base}/revisions/:revisionId/differences`,
    needs: 'catalog:read',
    summary: '与上一版本比较',
    params: revisionParams,
    query: z.strictObject({ against: z.coerce.number().int().optional() }),
    output: z.object({ against: z.int().nullable(), differences: z.array(Difference) }),
  },
  submit_revision: {
    method: 'POST',
    path: `${base}/revisions/:revisionId/submit`,
    needs: 'catalog:write',
    summary: '提交部门审核',
    params: revisionParams,
    output: Revision,
  },
  recall_revision: {
    method: 'POST',
    path: `${base}/revisions/:revisionId/recall`,
    needs: 'catalog:write',
    summary: '撤回',
    params: revisionParams,
    output: Revision,
  },
  discard_revision: {
    method: 'POST',
    path: `${base}/revisions/:revisionId/discard`,
    needs: 'catalog:write',
    summary: '作废草稿',
    params: revisionParams,
    output: Revision,
  },
  pass_department_review: {
    method: 'POST',
    path: `${base}/revisions/:revisionId/pass-department`,
    needs: 'catalog:review',
    summary: '部门审核通过',
    params: revisionParams,
    body: opinion,
    output: Revision,
  },
  return_department_review: {
    method: 'POST',
    path: `${base}/revisions/:revisionId/return-department`,
    needs: 'catalog:review',
    summary: '部门退回',
    params: revisionParams,
    body: z.strictObject({ opinion: z.string().trim().min(2).max(1000) }),
    output: Revision,
  },
  publish_revision: {
    method: 'POST',
    path: `${base}/revisions/:revisionId/publish`,
    needs: 'catalog:publish',
    summary: '主管部门审核通过并发布',
    params: revisionParams,
    body: opinion,
    output: Revision,
  },
  return_bureau_review: {
    method: 'POST',
    path: `${base}/revisions/:revisionId/return-bureau`,
    needs: 'catalog:publish',
    summary: '主管部门退回',
    params: revisionParams,
    body: z.strictObject({ opinion: z.string().trim().min(2).max(1000) }),
    output: Revision,
  },

  import_entries: {
    method: 'POST',
    path: `${base}/imports`,
    needs: 'catalog:write',
    summary: '表格导入目录（可先试导入）',
    query: z.strictObject({ dryRun: z.stringbool().default(true), fileName: z.string().max(200) }),
    body: 'file',
    output: ImportReport,
  },
  export_entries: {
    method: 'GET',
    path: `${base}/export`,
    needs: 'catalog:read',
    summary: '导出目录表格',
    query: z.strictObject({ orgId: Id.optional(), state: EntryState.optional() }),
    output: 'file',
  },
  get_import_template: { method: 'GET', path: `${base}/import-template`, needs: 'catalog:write', summary: '导入模板', output: 'file' },
  get_search_health: {
    method: 'GET',
    path: `${base}/search/health`,
    needs: 'catalog:read',
    summary: '检索与目录是否一致',
    output: z.object({ stored: z.int(), indexed: z.int(), drift: z.int(), checkedAt: Instant }),
  },
})
