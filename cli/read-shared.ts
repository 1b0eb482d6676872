import { createHmac, randomUUID } from 'node:crypto'
import { settings } from './http-client.ts'
import { UsageError } from './parse-flags.ts'

const usage = '用法：DATONG_SECRET=密钥串 datong share <授权编号> --access-key AK [--信息项 运算.值 …] [--limit n]'

/**
 * Calls the shared API as a consumer's program does: signed with AK and SK (Aliyun API Gateway form, docs/API.md).
 * The secret comes from the environment, never from the command line.
 */
export async function readShared(args: string[]): Promise<string> {
  const [grantNumber, ...rest] = args
  const secret = process.env.DATONG_SECRET
  if (!grantNumber || !secret) throw new UsageError(usage)
  const query: [string, string][] = []
  let accessKey = ''
  for (let index = 0; index < rest.length; index += 2) {
    const name = rest[index]?.replace(/^--/, '')
    const value = rest[index + 1]
    if (!name || value === undefined) throw new UsageError(usage)
    if (name === 'access-key') accessKey = value
    else query.push([name, value])
  }
  const path = `/share/v1/${encodeURIComponent(grantNumber)}`
  const headers = sign({ accessKey, secret, path, query })
  const search = new URLSearchParams(query).toString()
  const response = await fetch(`${settings.url}${path}${search && `?${search}`}`, {
    headers: { ...headers, 'accept-language': settings.language },
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${response.status} ${(answer as { detail: string }).detail}`)
  return JSON.stringify(answer, null, 2)
}

interface Signing {
  accessKey: string
  secret: string
  path: string
  query: [string, string][]
}

/** Headers of the Aliyun API Gateway signature: method, accept, empty MD5/type/date, signed headers, path with sorted query. */
function sign({ accessKey, secret, path, query }: Signing): Record<string, string> {
  const signed: Record<string, string> = { 'x-ca-key': accessKey, 'x-ca-nonce': randomUUID(), 'x-ca-timestamp': String(Date.now()) }
  const names = Object.keys(signed).sort()
  const sorted = [...query]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
  const text = [
    'GET',
    'application/json',
    '',
    '',
    '',
    ...names.map((name) => `${name}:${signed[name]}`),
    path + (sorted && `?${sorted}`),
  ].join('\n')
  return {
    accept: 'application/json',
    ...signed,
    'x-ca-signature-headers': names.join(','),
    'x-ca-signature-method': 'HmacSHA256',
    'x-ca-signature': createHmac('sha256', secret).update(text).digest('base64'),
  }
}
