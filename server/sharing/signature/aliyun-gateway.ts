import { createHmac } from 'node:crypto'
import { invalid } from '../../kernel/errors.ts'
import { base64, byText, need, needMillis, type SignatureClaim, type SignedRequest, splitUrl } from './signed-request.ts'

// Headers that stand in their own lines of the text and are never among the signed ones (Aliyun API Gateway, client signature).
const ownLines = new Set(['x-ca-signature', 'x-ca-signature-headers', 'accept', 'content-md5', 'content-type', 'date'])

/**
 * The signature of Aliyun API Gateway's clients:
 * `METHOD\nAccept\nContent-MD5\nContent-Type\nDate\n` + signed headers + path?sorted query, HMAC-SHA256, base64.
 * Method, path, query and nonce must be covered, or a seen signature could be used for another call.
 */
export function readAliyunGateway(request: SignedRequest): SignatureClaim {
  const method = request.header('x-ca-signature-method')
  if (method && method !== 'HmacSHA256') throw invalid('sharing.signature_method', { method })
  const names = need(request, 'x-ca-signature-headers')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => !ownLines.has(name))
    .sort()
  for (const covered of ['x-ca-key', 'x-ca-nonce', 'x-ca-timestamp']) {
    if (!names.includes(covered)) throw invalid('sharing.signature_covers', { header: covered })
  }
  const lines = ['accept', 'content-md5', 'content-type', 'date'].map((name) => request.header(name) ?? '')
  const text = [request.method, ...lines, ...names.map((name) => `${name}:${request.header(name) ?? ''}`), target(request.url)].join('\n')
  return {
    scheme: 'aliyun-gateway',
    accessKey: need(request, 'x-ca-key'),
    timestampMs: needMillis(request, 'x-ca-timestamp'),
    windowMs: 15 * 60_000,
    nonce: need(request, 'x-ca-nonce'),
    signature: base64(request, 'x-ca-signature'),
    expected: (secret) => createHmac('sha256', secret).update(text).digest(),
  }
}

function target(url: string): string {
  const { path, pairs } = splitUrl(url)
  const query = pairs
    .sort(byText)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
  return query ? `${path}?${query}` : path
}
