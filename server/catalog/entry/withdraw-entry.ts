import type { Entry } from '#contract/catalog.ts'
import { conflict } from '../../kernel/errors.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx } from '../../store/index.ts'
import { isNoticeOver } from './present-entry.ts'
import { stepEntry } from './step-entry.ts'

/**
 * The data authority confirms a withdrawal once its notice is over. The entry stays on record and readable; sharing ends
 * its grants. @throws conflict `catalog.withdrawal_too_early`
 */
export const withdrawEntry = (ctx: Ctx, { entryId, opinion }: { entryId: string; opinion: string }): Promise<Entry> =>
  stepEntry(ctx, {
    entryId,
    event: 'withdraw',
    action: 'catalog.entry_withdrawn',
    async prepare(ctx, row) {
      if (!isNoticeOver(row, toLocalDate(ctx.now()))) throw conflict('catalog.withdrawal_too_early', { date: row.effective_on ?? '' })
      return { change: {}, detail: { opinion, reason: row.withdrawal_reason } }
    },
  })
