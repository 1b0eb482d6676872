import { createHmac, randomUUID } from 'node:crypto'

export interface KeyPair {
  accessKey: string
  secret: string
}

/** Headers of a GET as the clients of Aliyun's API Gateway make them, written from the public description. */
export function signCall(key: KeyPair, url: string, { nonce = randomUUID(), now = Date.now() }: { nonce?: string; now?: number } = {}) {
  const signed = { 'x-ca-key': key.accessKey, 'x-ca-nonce': nonce, 'x-ca-timestamp': String(now) }
  const { pathname, searchParams } = new URL(url, 'http://city')
  const pairs = [...searchParams]
    .sort((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1))
    .map(([name, value]) => (value ? `${name}=${value}` : name))
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}`)
  const text = ['GET', 'application/json', '', '', '', ...lines, pathname + (pairs.length > 0 ? `?${pairs.join('&')}` : '')].join('\n')
  return {
    accept: 'application/json',
    ...signed,
    'x-ca-signature-headers': Object.keys(signed).join(','),
    'x-ca-signature': createHmac('sha256', key.secret).update(text).digest('base64'),
  }
}
