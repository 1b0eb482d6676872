import { z } from 'zod'
import { Clock } from './duty.ts'
import { EntryLineage } from './ingestion/lineage.ts'
import { defineRoutes } from './route.ts'
import { Count, Id, Instant, OrgRef } from './values.ts'

/** Numbers of the ledger, by `key`, in the order in which they are shown. */
export const ledgerNumbers = {
  systems: { zh: '业务系统', en: 'Systems' },
  entries: { zh: '已发布目录', en: 'Published entries' },
  entries_with_data: { zh: '已挂接数据的目录', en: 'Entries with data' },
  records: { zh: '汇聚数据条数', en: 'Records collected' },
  requests: { zh: '共享申请', en: 'Sharing requests' },
  requests_approved: { zh: '同意共享', en: 'Requests approved' },
  grants_active: { zh: '生效中的授权', en: 'Active grants' },
  calls: { zh: '接口调用次数', en: 'API calls' },
} as const
export const ledgerProblems = {
  systems_without_entries: { zh: '未编目录的系统', en: 'Systems without entries' },
  entries_without_data: { zh: '未挂接数据的目录', en: 'Entries without data' },
  past_cycle: { zh: '超过更新周期的目录', en: 'Data past its update cycle' },
  clocks_overdue: { zh: '已超期的事项', en: 'Overdue items' },
} as const
/** Counts of "my work", by `key`: 我的草稿 / 待我办理 / 夜间汇聚待处理 / 我的申请 / 我的授权. */
export const workLists = {
  my_drafts: { zh: '我的草稿', en: 'My drafts' },
  revisions_to_handle: { zh: '待我审核的目录', en: 'Entries to review' },
  requests_to_handle: { zh: '待我办理的申请', en: 'Requests to handle' },
  night_problems: { zh: '夜间汇聚待处理', en: 'Loads to settle' },
  drifts_to_decide: { zh: '待我确认的结构变更', en: 'Structure changes to decide' },
  streams_troubled: { zh: '异常的变更流', en: 'Streams in trouble' },
  quarantines_past: { zh: '超期未处理的隔离数据', en: 'Quarantined rows past their time' },
  destructions_to_decide: { zh: '待我审批的数据销毁', en: 'Destructions to decide' },
  my_requests: { zh: '我的申请', en: 'My requests' },
  my_grants: { zh: '我的授权', en: 'My grants' },
} as const

/** 一本账. Every number opens the list behind it: `link` is a portal path. */
export const LedgerNumber = z.object({ key: z.string(), value: Count, link: z.string() })
export const Ledger = z
  .object({
    numbers: z.array(LedgerNumber),
    /** Requests answered in favour over all decided, and answered within the clock over all answered; null when none. */
    fulfilment: z.number().nullable(),
    onTime: z.number().nullable(),
    problems: z.array(LedgerNumber),
    clocksThisWeek: z.array(Clock),
    byProvider: z.array(
      z.object({
        org: OrgRef,
        systems: z.int(),
        entries: z.int(),
        entriesWithData: z.int(),
        rows: Count,
        requestsReceived: z.int(),
        overdue: z.int(),
      }),
    ),
    bySharingType: z.array(z.object({ value: z.string(), count: z.int() })),
    loadsLast30Days: z.array(z.object({ date: z.string(), succeeded: z.int(), failed: z.int(), rows: Count })),
    asOf: Instant,
  })
  .meta({ id: 'Ledger' })
export type Ledger = z.infer<typeof Ledger>

export const WorkCount = z.object({ key: z.string(), count: z.int(), link: z.string() })

export const assessmentRoutes = defineRoutes({
  get_ledger: { method: 'GET', path: '/api/v1/assessment/ledger', needs: 'assessment:read', summary: '一本账', output: Ledger },
  get_my_work: {
    method: 'GET',
    path: '/api/v1/assessment/my-work',
    needs: 'session',
    summary: '我的待办数',
    output: z.object({ counts: z.array(WorkCount) }),
  },
  export_ledger: { method: 'GET', path: '/api/v1/assessment/ledger/export', needs: 'assessment:read', summary: '导出台账', output: 'file' },
  get_entry_lineage: {
    method: 'GET',
    path: '/api/v1/assessment/lineage/:entryId',
    needs: 'catalog:read',
    summary: '目录的数据血缘',
    params: z.strictObject({ entryId: Id }),
    output: EntryLineage,
  },
})
