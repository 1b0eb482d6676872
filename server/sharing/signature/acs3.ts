import { createHmac, hash } from 'node:crypto'
import { invalid } from '../../kernel/errors.ts'
import { byText, need, type SignatureClaim, type SignedRequest, splitUrl } from './signed-request.ts'

const digests = { 'ACS3-HMAC-SHA256': 'sha256', 'ACS3-HMAC-SM3': 'sm3' } as const

// RFC 3986: everything but unreserved characters, which encodeURIComponent leaves five of.
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * Aliyun OpenAPI version 3 (`Authorization: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`) and its SM3 variant
 * for commercial cryptography: covers method, path, query, host and the body's hash. Recommended for new consumers.
 */
export function readAcs3(request: SignedRequest): SignatureClaim {
  const match = /^(ACS3-HMAC-(?:SHA256|SM3)) Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
    need(request, 'authorization'),
  )
  if (!match) throw invalid('sharing.signature_header', { header: 'authorization' })
  const [, method, accessKey, signedHeaders, signature] = match as unknown as [string, keyof typeof digests, string, string, string]
  const digest = digests[method]
  const names = signedHeaders.split(';')
  for (const covered of ['host', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256']) {
    if (!names.includes(covered)) throw invalid('sharing.signature_covers', { header: covered })
  }
  const bodyHash = hash(digest, '', 'hex')
  if (need(request, 'x-acs-content-sha256') !== bodyHash) throw invalid('sharing.signature_header', { header: 'x-acs-content-sha256' })
  const canonical = canonicalRequest(request, names, bodyHash)
  const date = Date.parse(need(request, 'x-acs-date'))
  if (Number.isNaN(date)) throw invalid('sharing.signature_header', { header: 'x-acs-date' })
  return {
    scheme: digest === 'sm3' ? 'acs3-hmac-sm3' : 'acs3-hmac-sha256',
    accessKey,
    timestampMs: date,
    windowMs: 15 * 60_000,
    nonce: need(request, 'x-acs-signature-nonce'),
    signature: Buffer.from(signature, 'hex'),
    expected: (secret) =>
      createHmac(digest, secret)
        .update(`${method}\n${hash(digest, canonical, 'hex')}`)
        .digest(),
  }
}

function canonicalRequest(request: SignedRequest, names: string[], bodyHash: string): string {
  const { path, pairs } = splitUrl(request.url)
  const query = pairs
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(byText)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const headers = [...names]
    .sort()
    .map((name) => `${name}:${(request.header(name) ?? '').trim()}\n`)
    .join('')
  return [request.method, path, query, headers, names.join(';'), bodyHash].join('\n')
}
