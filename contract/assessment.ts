import { z } from 'zod'
import { Clock } from './duty.ts'
import { defineRoutes } from './route.ts'
import { Count, Instant, OrgRef } from './values.ts'

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
})
