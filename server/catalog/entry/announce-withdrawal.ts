import type { Entry } from '#contract/catalog.ts'
import { selectCalendar } from '../../duty/index.ts'
import { addWorkingDays, toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx } from '../../store/index.ts'
import { stepEntry } from './step-entry.ts'

/**
 * The provider says that an entry will go (Order 809 art. 27: not without its users and not without filing with the data
 * authority). Whoever holds a grant is told by sharing, which reads the event; until `effectiveOn` everything goes on as
 * before. A profile without a number of days leaves the day to the bureau.
 */
export const announceWithdrawal = (ctx: Ctx, { entryId, reason }: { entryId: string; reason: string }): Promise<Entry> =>
  stepEntry(ctx, {
    entryId,
    event: 'announce_withdrawal',
    action: 'catalog.withdrawal_announced',
    async prepare(ctx, row) {
      const announcedOn = toLocalDate(ctx.now())
      const days = ctx.profile.clocks.withdrawal_notice.days.value ?? 0
      const effectiveOn = addWorkingDays(await selectCalendar(ctx.db), announcedOn, days).due
      return {
        change: { withdrawal_reason: reason, announced_on: announcedOn, effective_on: effectiveOn },
        detail: { reason, announcedOn, effectiveOn, users: row.user_count },
      }
    },
  })
