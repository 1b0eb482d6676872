import { type ChainCheck, type Ctx, emit, inTx, verifyChain } from '../../store/index.ts'

/** Walks the whole chain and says whether every entry still is what was written. The check is itself an entry. */
export async function verifyAudit(ctx: Ctx): Promise<ChainCheck & { checkedAt: string }> {
  const check = await verifyChain(ctx.db)
  const { entries, intact, firstBadSeq } = check
  await inTx(ctx, async (ctx) =>
    emit(ctx, { action: 'security.audit_verified', result: intact ? 'ok' : 'failed', detail: { entries, intact, firstBadSeq } }),
  )
  return { ...check, checkedAt: ctx.now().toISOString() }
}
