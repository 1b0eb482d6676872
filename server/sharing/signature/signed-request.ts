import { invalid } from '../../kernel/errors.ts'

/** What a signature is made over. Shared calls are reads: they carry no body. */
export interface SignedRequest {
  method: string
  /** Path and query exactly as sent. */
  url: string
  header(name: string): string | undefined
}

/** A claim read from a request's headers; nothing of it is trusted until `expected` was compared. */
export interface SignatureClaim {
  scheme: 'aliyun-gateway' | 'provincial-portal' | 'acs3-hmac-sha256' | 'acs3-hmac-sm3'
  accessKey: string
  timestampMs: number
  /** How far the caller's clock may be off. */
  windowMs: number
  nonce: string
  signature: Buffer
  /** The signature that the holder of `secret` would have made. */
  expected(secret: string): Buffer
}

/** The header's value. @throws invalid `sharing.signature_header` naming the header */
export function need(request: SignedRequest, name: string): string {
  const value = request.header(name)
  if (!value) throw invalid('sharing.signature_header', { header: name })
  return value
}

/** Path and decoded query pairs of the request. A pair sent twice stays twice: it must not mean another thing to the signer. */
export function splitUrl(url: string): { path: string; pairs: [string, string][] } {
  const at = url.indexOf('?')
  const path = at < 0 ? url : url.slice(0, at)
  return { path, pairs: at < 0 ? [] : [...new URLSearchParams(url.slice(at + 1))] }
}

export const byText = ([a, x]: [string, string], [b, y]: [string, string]): number => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0)

/** Milliseconds since 1970 in a header. @throws invalid `sharing.signature_header` */
export function needMillis(request: SignedRequest, name: string): number {
  const value = need(request, name)
  if (!/^\d{13}$/.test(value)) throw invalid('sharing.signature_header', { header: name })
  return Number(value)
}

export const base64 = (request: SignedRequest, name: string): Buffer => Buffer.from(need(request, name), 'base64')
