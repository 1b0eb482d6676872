import ipaddr from 'ipaddr.js'
import type { Actor } from '../../kernel/actor.ts'
import { AppError, forbidden, notFound } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import type { Compiled } from '../grant/compile-grant.ts'
import { whyUnavailable } from '../grant/present-grant.ts'
import { readSignature, verifySignature } from '../signature/verify-signature.ts'
import type { SignedRequest } from '../signature/signed-request.ts'
import type { Gateway, HeldGrant, HeldKey } from './open-gateway.ts'

export interface CallableGrant extends HeldGrant {
  compiled: Compiled
}

const scopes: Actor['scopes'] = new Set()

/** A key acts for its organisation and can do nothing but call. */
export const actorOf = (key: HeldKey): Actor => ({
  kind: 'key',
  id: key.access_key,
  name: key.name,
  org: { id: key.org_id, name: key.org_name, kind: key.org_kind },
  roles: [],
  scopes,
})

/**
 * Whose signature a call bears. A revoked or expired key and a key of a closed organisation are told apart only to who
 * proves to hold the secret.
 * @throws as `readSignature` and `verifySignature`; unauthenticated `sharing.key_not_valid`; forbidden `sharing.key_address`;
 * unavailable `sharing.rights_unknown`
 */
export async function admitKey(
  gateway: Gateway,
  ctx: Ctx,
  today: string,
  request: SignedRequest,
): Promise<{ key: HeldKey; nonce: string }> {
  const claim = readSignature(request)
  if (!(await gateway.isCurrent())) throw new AppError('unavailable', 'sharing.rights_unknown', { retryAfterSeconds: 1 })
  const key = await gateway.keys.get(claim.accessKey)
  verifySignature(claim, key && { secret: key.secret, allowedAddresses: key.allowed_addresses }, ctx.now().getTime())
  const held = key!
  if (held.state !== 'active' || !held.org_active || held.expires_on < today)
    throw new AppError('unauthenticated', 'sharing.key_not_valid', { params: { name: held.name, expiresOn: held.expires_on } })
  if (held.ranges.length > 0 && !isWithin(held.ranges, ctx.address))
    throw forbidden('sharing.address_not_allowed', { address: ctx.address ?? '—' })
  return { key: held, nonce: claim.nonce }
}

function isWithin(ranges: HeldKey['ranges'], address: string | null): boolean {
  if (!address || !ipaddr.isValid(address)) return false
  const from = ipaddr.process(address)
  return ranges.some(([range, bits]) => range.kind() === from.kind() && from.match(range as never, bits))
}

/**
 * The grant that is called, in effect now, for its holder only: another organisation's grant and none are the same answer.
 * @throws not_found `sharing.grant_unknown`; forbidden `sharing.grant_not_in_effect`; unavailable `sharing.data_not_ready`
 */
export async function admitGrant(gateway: Gateway, key: HeldKey, today: string, number: string): Promise<CallableGrant> {
  const held = await gateway.grants.get(number)
  if (!held || held.row.consumer_org_id !== key.org_id) throw notFound('sharing.grant_unknown')
  const reason = whyUnavailable(held.row, today)
  if (reason) throw forbidden('sharing.grant_not_in_effect', { grant: number, reason })
  if (!held.compiled)
    throw new AppError('unavailable', 'sharing.data_not_ready', { params: { provider: held.row.provider_name }, retryAfterSeconds: 60 })
  return { row: held.row, compiled: held.compiled }
}
