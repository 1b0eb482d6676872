import type { TxCtx } from '../store/index.ts'
import { toLocalDate } from '../kernel/working-days.ts'

/** `GX` 共享申请, `SQ` 授权: `GX-2026-000123`. Numbers of a year have no gaps: the row stays locked until the transaction ends. */
export async function nextNumber(ctx: TxCtx, kind: 'GX' | 'SQ'): Promise<string> {
  const ofYear = `${kind}-${toLocalDate(ctx.now()).slice(0, 4)}`
  const { last } = await ctx.db
    .insertInto('sharing.serial')
    .values({ class: ofYear, last: 1 })
    .onConflict((conflict) => conflict.column('class').doUpdateSet((eb) => ({ last: eb('sharing.serial.last', '+', 1) })))
    .returning('last')
    .executeTakeFirstOrThrow()
  return `${ofYear}-${String(last).padStart(6, '0')}`
}
