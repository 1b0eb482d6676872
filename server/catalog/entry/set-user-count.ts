import type { TxCtx } from '../../store/index.ts'
import { updateFacts } from './entry-store.ts'

/** Kept by sharing: how many organisations hold an active grant on the entry. */
export const setUserCount = (ctx: TxCtx, entryId: string, userCount: number) => updateFacts(ctx.db, entryId, { user_count: userCount })
