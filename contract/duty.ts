import { z } from 'zod'
import { defineRoutes } from './route.ts'
import { Id, LocalDate, OrgRef, PageQuery, page } from './values.ts'

/** What a clock measures; each rule's days are in the city's profile with their citation. */
export const clockRules = {
  catalog_update: '目录更新',
  catalog_review: '目录审核',
  request_reply_unconditional: '无条件共享答复',
  request_reply_conditional: '有条件共享答复',
  supply: '提供数据',
  withdrawal_notice: '下架告知',
} as const
export const ClockRule = z.enum(Object.keys(clockRules) as [keyof typeof clockRules])
export type ClockRule = z.infer<typeof ClockRule>

/** A legal clock on one object. Due dates are dates in working days; `provisional`: the year's calendar is not known yet. */
export const Clock = z
  .object({
    id: Id,
    rule: ClockRule,
    objectType: z.enum(['revision', 'request', 'grant']),
    objectId: Id,
    objectName: z.string(),
    owner: OrgRef,
    startedOn: LocalDate,
    dueOn: LocalDate,
    provisional: z.boolean(),
    state: z.enum(['running', 'paused', 'met', 'met_late', 'cancelled']),
    phase: z.enum(['normal', 'due_soon', 'overdue']),
    /** Working days left; negative when overdue. */
    remainingDays: z.int(),
    extendedDays: z.int(),
    citation: z.string(),
  })
  .meta({ id: 'Clock' })
export type Clock = z.infer<typeof Clock>

/** With what the reader may do; `extend`: consent to more days, at most `maxExtensionDays`. */
export const ListedClock = Clock.extend({ maxExtensionDays: z.int(), can: z.object({ extend: z.boolean() }) }).meta({ id: 'ListedClock' })
export type ListedClock = z.infer<typeof ListedClock>

export const CalendarYear = z
  .strictObject({
    year: z.int().min(2000).max(2100),
    /** Days off, weekend days inside a holiday included. */
    off: z.array(LocalDate).max(150),
    /** Saturdays and Sundays that are worked. */
    makeUp: z.array(LocalDate).max(60),
    source: z.string().trim().min(4).max(300),
  })
  .meta({ id: 'CalendarYear' })
export type CalendarYear = z.infer<typeof CalendarYear>

export const dutyRoutes = defineRoutes({
  list_clocks: {
    method: 'GET',
    path: '/api/v1/duty/clocks',
    needs: 'assessment:read',
    summary: '时限清单',
    query: PageQuery.extend({
      phase: z.enum(['normal', 'due_soon', 'overdue']).optional(),
      dueBefore: LocalDate.optional(),
      rule: ClockRule.optional(),
      state: z.enum(['running', 'paused', 'met', 'met_late', 'cancelled']).optional(),
    }),
    output: page(ListedClock),
  },
  list_calendar_years: {
    method: 'GET',
    path: '/api/v1/duty/calendar',
    needs: 'session',
    summary: '工作日历',
    output: z.object({ years: z.array(CalendarYear) }),
  },
  import_calendar_year: {
    method: 'PUT',
    path: '/api/v1/duty/calendar/:year',
    needs: 'duty:calendar',
    summary: '导入某年工作日历，临时到期日随之重算',
    params: z.strictObject({ year: z.coerce.number().int() }),
    body: CalendarYear,
    output: z.object({ recomputed: z.int() }),
  },
  get_profile: {
    method: 'GET',
    path: '/api/v1/duty/profile',
    needs: 'session',
    summary: '本市政策参数与出处',
    output: z.object({
      id: z.string(),
      name: z.string(),
      values: z.array(
        z.object({
          key: z.string(),
          value: z.unknown(),
          cite: z.string(),
          note: z.string().nullable(),
          /** The source leaves a doubt, or has expired: the authority is asked to confirm. */
          isUnsure: z.boolean(),
          isExpired: z.boolean(),
        }),
      ),
    }),
  },
})
