import assert from 'node:assert/strict'
import { createHmac, hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError } from '../../kernel/errors.ts'
import type { SignedRequest } from './signed-request.ts'
import { readSignature, verifySignature } from './verify-signature.ts'

const secret = 'k7Zq0e9sQx'
const now = Date.parse('2026-03-02T01:02:03Z')
const request = (url: string, headers: Record<string, string>): SignedRequest => ({ method: 'GET', url, header: (name) => headers[name] })
const key = { secret, allowedAddresses: ['10.0.0.0/8'] }

// Written from the public description alone, apart from the code under test.
function signAliyun(url: string, nonce = 'b931bc77-645a-4299-b24b-f3669be577ac', timestamp = now): Record<string, string> {
  const headers = { 'x-ca-key': 'AK1', 'x-ca-nonce': nonce, 'x-ca-timestamp': String(timestamp) }
  const u = new URL(url, 'http://x')
  const pairs = [...u.searchParams].sort((a, b) => (a.join('=') < b.join('=') ? -1 : 1)).map(([k, v]) => (v ? `${k}=${v}` : k))
  const text = `GET\napplication/json\n\n\n\nx-ca-key:AK1\nx-ca-nonce:${nonce}\nx-ca-timestamp:${timestamp}\n${u.pathname}${pairs.length ? `?${pairs.join('&')}` : ''}`
  return {
    accept: 'application/json',
    ...headers,
    'x-ca-signature-headers': 'x-ca-timestamp,x-ca-key,x-ca-nonce',
    'x-ca-signature': createHmac('sha256', secret).update(text).digest('base64'),
  }
}

function signAcs3(url: string, digest: 'sha256' | 'sm3'): Record<string, string> {
  const [path, query = ''] = url.split('?')
  const method = digest === 'sm3' ? 'ACS3-HMAC-SM3' : 'ACS3-HMAC-SHA256'
  const body = hash(digest, '', 'hex')
  const headers: Record<string, string> = {
    host: 'city.example',
    'x-acs-content-sha256': body,
    'x-acs-date': new Date(now).toISOString(),
    'x-acs-signature-nonce': 'aaaa-bbbb-cccc',
  }
  const names = Object.keys(headers).sort()
  const canonical = `GET\n${path}\n${query}\n${names.map((n) => `${n}:${headers[n]}\n`).join('')}\n${names.join(';')}\n${body}`
  const signature = createHmac(digest, secret)
    .update(`${method}\n${hash(digest, canonical, 'hex')}`)
    .digest('hex')
  return { ...headers, authorization: `${method} Credential=AK1,SignedHeaders=${names.join(';')},Signature=${signature}` }
}

const refusal = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'accepted'
}
const verify = (url: string, headers: Record<string, string>, at = now) =>
  refusal(() => verifySignature(readSignature(request(url, headers)), key, at))

test('every accepted form of signature verifies as its public description says', () => {
  const url = '/share/v1/G-1?id=eq.5&name=eq.%E5%8E%A6%E9%97%A8'
  assert.equal(verify(url, signAliyun(url)), 'accepted')
  assert.equal(verify('/share/v1/G-1?a=1&b=2', signAcs3('/share/v1/G-1?a=1&b=2', 'sha256')), 'accepted')
  assert.equal(verify('/share/v1/G-1?a=1&b=2', signAcs3('/share/v1/G-1?a=1&b=2', 'sm3')), 'accepted')
  const portal = {
    'x-client-id': 'AK1',
    'x-timestamp': String(now),
    'x-nonce': 'nonce-123',
    'x-signature': createHmac('sha256', secret).update(`AK1${now}nonce-123`).digest('base64'),
  }
  assert.equal(verify(url, portal), 'accepted')
  assert.equal(
    refusal(() => verifySignature(readSignature(request(url, portal)), { secret, allowedAddresses: [] }, now)),
    'sharing.weak_signature',
  )
})

test('a change of any covered part, a wrong secret and an unknown key are one and the same refusal', () => {
  const url = '/share/v1/G-1?id=eq.5'
  const headers = signAliyun(url)
  assert.equal(verify('/share/v1/G-1?id=eq.6', headers), 'sharing.wrong_signature')
  assert.equal(verify('/share/v1/G-2?id=eq.5', headers), 'sharing.wrong_signature')
  assert.equal(verify(`${url}&id=eq.6`, headers), 'sharing.wrong_signature')
  assert.equal(verify(url, { ...headers, 'x-ca-nonce': 'another-nonce' }), 'sharing.wrong_signature')
  assert.equal(
    refusal(() => verifySignature(readSignature(request(url, headers)), { ...key, secret: 'x' }, now)),
    'sharing.wrong_signature',
  )
  assert.equal(
    refusal(() => verifySignature(readSignature(request(url, headers)), undefined, now)),
    'sharing.wrong_signature',
  )
})

test('a clock that is off is told by how much, and an uncovered header is named', () => {
  const url = '/share/v1/G-1'
  assert.equal(verify(url, signAliyun(url), now + 16 * 60_000), 'sharing.clock_skew')
  assert.equal(verify(url, signAliyun(url), now - 16 * 60_000), 'sharing.clock_skew')
  assert.equal(verify(url, { ...signAliyun(url), 'x-ca-signature-headers': 'x-ca-key,x-ca-timestamp' }), 'sharing.signature_covers')
  assert.equal(verify(url, {}), 'sharing.unsigned')
})

test('no flipped bit of a signature is accepted', () => {
  const url = '/share/v1/G-1?x=1'
  const headers = signAliyun(url)
  fc.assert(
    fc.property(fc.nat(31), fc.nat(7), (byte, bit) => {
      const signature = Buffer.from(headers['x-ca-signature']!, 'base64')
      signature[byte]! ^= 1 << bit
      return verify(url, { ...headers, 'x-ca-signature': signature.toString('base64') }) === 'sharing.wrong_signature'
    }),
    { numRuns: 256 },
  )
})
