import { createHash, createHmac } from 'node:crypto'

export interface S3Account {
  region: string
  accessKey: string
  secret: string
}

/** SHA-256 of an empty body: requests here only read. */
const emptyHash = createHash('sha256').digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
/** RFC 3986: encodeURIComponent leaves five characters that AWS does not. */
const encode = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** A key as the path of an address: every segment encoded, slashes kept. */
export const encodeKey = (key: string): string => key.split('/').map(encode).join('/')

/**
 * Headers of a GET without body by AWS Signature Version 4, which OSS, COS, OBS, MinIO and Ceph take as well.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signS3(url: URL, { region, accessKey, secret }: S3Account, now: Date): Record<string, string> {
  const at = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${at.slice(0, 8)}/${region}/s3/aws4_request`
  const headers = { host: url.host, 'x-amz-content-sha256': emptyHash, 'x-amz-date': at }
  const names = Object.keys(headers).sort()
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const canonical = [
    'GET',
    url.pathname,
    query,
    ...names.map((name) => `${name}:${headers[name as keyof typeof headers]}`),
    '',
    names.join(';'),
    emptyHash,
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', at, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const key = [region, 's3', 'aws4_request'].reduce((key, part) => hmac(key, part), hmac(`AWS4${secret}`, at.slice(0, 8)))
  const signature = hmac(key, toSign).toString('hex')
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}
