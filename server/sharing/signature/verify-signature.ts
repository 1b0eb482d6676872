import { timingSafeEqual } from 'node:crypto'
import { AppError } from '../../kernel/errors.ts'
import { readAcs3 } from './acs3.ts'
import { readAliyunGateway } from './aliyun-gateway.ts'
import { readProvincialPortal } from './provincial-portal.ts'
import type { SignatureClaim, SignedRequest } from './signed-request.ts'

/** The claim that a request carries, whichever of the accepted forms it has (field-lessons D.5). @throws unauthenticated `sharing.unsigned` */
export function readSignature(request: SignedRequest): SignatureClaim {
  if (request.header('authorization')?.startsWith('ACS3-')) return readAcs3(request)
  if (request.header('x-ca-key')) return readAliyunGateway(request)
  if (request.header('x-client-id')) return readProvincialPortal(request)
  throw new AppError('unauthenticated', 'sharing.unsigned')
}

export interface VerifyingKey {
  secret: string
  allowedAddresses: readonly string[]
}

/**
 * Compares a claim with what the key's holder would have signed. An unknown key takes the same path with a decoy, so that
 * it cannot be told from a wrong signature.
 * @throws unauthenticated `sharing.clock_skew` with the measured skew, `sharing.wrong_signature`, `sharing.weak_signature`
 */
export function verifySignature(claim: SignatureClaim, key: VerifyingKey | undefined, nowMs: number): void {
  const skewMs = claim.timestampMs - nowMs
  if (Math.abs(skewMs) > claim.windowMs) {
    const params = { skew: Math.round(skewMs / 1000), limit: claim.windowMs / 1000, serverTime: new Date(nowMs).toISOString() }
    throw new AppError('unauthenticated', 'sharing.clock_skew', { params })
  }
  if (!/^[\w.:-]{8,80}$/.test(claim.nonce)) throw new AppError('unauthenticated', 'sharing.wrong_signature')
  const expected = claim.expected(key?.secret ?? 'no such key')
  const isEqual = expected.length === claim.signature.length && timingSafeEqual(expected, claim.signature)
  if (!isEqual || !key) throw new AppError('unauthenticated', 'sharing.wrong_signature')
  if (claim.scheme === 'provincial-portal' && key.allowedAddresses.length === 0)
    throw new AppError('unauthenticated', 'sharing.weak_signature')
}
