import { randomBytes } from 'node:crypto'
import type { TxCtx } from '../../store/index.ts'
import { tokenHash } from './session-store.ts'

/** GB/T 22239 8.1.4.1b (DJ-02): a session ends after a quarter of an hour without a request and after half a day. */
export const sessionLimits = { idleMinutes: 15, absoluteHours: 12, touchSeconds: 30 }

/** A new token at every sign-in and change of organisation or right: an old one is never promoted (V17). The caller emits. */
export async function startSession(ctx: TxCtx, personId: string, orgId: string): Promise<{ token: string; csrf: string }> {
  const token = randomBytes(32).toString('base64url')
  const csrf = randomBytes(24).toString('base64url')
  const now = ctx.now()
  await ctx.db
    .insertInto('security.session')
    .values({
      token_hash: tokenHash(token),
      person_id: personId,
      org_id: orgId,
      csrf_token: csrf,
      created_at: now,
      last_seen_at: now,
      expires_at: new Date(now.getTime() + sessionLimits.absoluteHours * 3_600_000),
      address: ctx.address,
    })
    .execute()
  return { token, csrf }
}
