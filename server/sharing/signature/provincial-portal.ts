import { createHmac } from 'node:crypto'
import { base64, need, needMillis, type SignatureClaim, type SignedRequest } from './signed-request.ts'

/**
 * The older form of provincial portals: `clientId + timestamp + nonce`. It covers neither path nor query, so a key takes it
 * only with a list of addresses (see verify-signature.ts) and every nonce still counts once.
 */
export function readProvincialPortal(request: SignedRequest): SignatureClaim {
  const accessKey = need(request, 'x-client-id')
  const timestamp = needMillis(request, 'x-timestamp')
  const nonce = need(request, 'x-nonce')
  return {
    scheme: 'provincial-portal',
    accessKey,
    timestampMs: timestamp,
    windowMs: 10 * 60_000,
    nonce,
    signature: base64(request, 'x-signature'),
    expected: (secret) =>
      createHmac('sha256', secret)
        .update(accessKey + timestamp + nonce)
        .digest(),
  }
}
