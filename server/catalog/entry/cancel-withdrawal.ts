import type { Entry } from '#contract/catalog.ts'
import type { Ctx } from '../../store/index.ts'
import { stepEntry } from './step-entry.ts'

/** The provider keeps the entry after all; its users are told by sharing. */
export const cancelWithdrawal = (ctx: Ctx, { entryId }: { entryId: string }): Promise<Entry> =>
  stepEntry(ctx, {
    entryId,
    event: 'cancel_withdrawal',
    action: 'catalog.withdrawal_cancelled',
    prepare: async () => ({ change: { withdrawal_reason: null, announced_on: null, effective_on: null }, detail: {} }),
  })
