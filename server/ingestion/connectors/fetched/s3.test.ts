import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { loadThrough } from '#testing/lake/load-through.ts'
import { writeTables } from '#testing/lakehouse/write-tables.ts'
import { newId } from '../../../kernel/ids.ts'
import { type Lake, openFiles, openLake } from '../../../store/index.ts'
import { openS3 } from './s3.ts'
import { signS3 } from './sign-s3.ts'

const dir = mkdtempSync(join(tmpdir(), 'datong-s3-'))
const account = { region: 'cn-xiamen', accessKey: 'AKID', secret: 'ke/y+secret' }
const objects: Record<string, string | Buffer> = {
  'out/日 报+1.csv': 'id,name\n1,甲\n2,乙\n',
  'out/2.jsonl': '{"id":3}\n',
  'out/picture.png': 'x',
  'other/hidden.csv': 'id\n9\n',
}
let lake: Lake
let base = ''

// No S3 server can be had here. This one keeps to what is written of the protocol: path addressing, ListObjectsV2 in pages of one, ranges.
const server = createServer((request, answer) => {
  const url = new URL(request.url!, base)
  const [, date] = /^(\d{8}T\d{6}Z)$/.exec(String(request.headers['x-amz-date'])) ?? []
  const now = new Date(String(date).replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'))
  if (request.headers.authorization !== signS3(url, account, now).authorization) return answer.writeHead(403).end()
  const key = decodeURIComponent(url.pathname).slice('/bucket/'.length)
  if (key === '') {
    const keys = Object.keys(objects).filter((name) => name.startsWith(url.searchParams.get('prefix')!))
    const at = Number(url.searchParams.get('continuation-token') ?? 0)
    const next = at + 1 < keys.length ? `<NextContinuationToken>${at + 1}</NextContinuationToken>` : ''
    const name = keys[at]!
    return answer.end(
      `<?xml version="1.0"?><ListBucketResult><Name>bucket</Name><Contents><Key>${name.replace('&', '&amp;')}</Key><Size>${Buffer.byteLength(objects[name]!)}</Size><LastModified>2026-11-01T00:00:00.000Z</LastModified><ETag>&quot;e${at}&quot;</ETag></Contents>${next}</ListBucketResult>`,
    )
  }
  const content = objects[key]
  return content === undefined ? answer.writeHead(404).end() : answer.end(content)
})
before(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  lake = await openLake({ dir: join(dir, 'lake') })
})
after(async () => {
  await lake.close()
  server.close()
  rmSync(dir, { recursive: true, force: true })
})

const connector = (secret = account.secret, more: object = {}) =>
  openS3(
    { lake, files: openFiles(join(dir, 'files')) },
    {
      id: newId(),
      settings: {
        kind: 's3',
        endpoint: base,
        region: account.region,
        bucket: 'bucket',
        prefix: 'out/',
        accessKey: account.accessKey,
        addressing: 'path',
        ...more,
      },
      secret,
      allowed: ['127.0.0.1'],
    },
  )

test('the files below the prefix are listed over all pages, and one becomes rows', async () => {
  assert.deepEqual(
    (await connector().listObjects()).map(({ name, sizeBytes }) => [name, sizeBytes]),
    [
      ['日 报+1.csv', Buffer.byteLength(objects['out/日 报+1.csv']!)],
      ['2.jsonl', 9],
    ],
  )
  const items = [
    { code: 'id', dataType: 'I' as const },
    { code: 'name', dataType: 'C' as const, length: 9 },
  ]
  const { rows } = await loadThrough(lake, connector(), { object: '日 报+1.csv', items })
  assert.deepEqual(rows, [
    { id: '1', name: '甲' },
    { id: '2', name: '乙' },
  ])
})

test('a table below the prefix is fetched file by file, as the engine asks for them', async () => {
  const written = join(dir, 'written')
  mkdirSync(written)
  await writeTables(written, [
    `CREATE TABLE t (id Int64, name String) ENGINE = IcebergLocal('${written}/t/')`,
    "INSERT INTO t SELECT number, 'a' FROM numbers(20)",
    'ALTER TABLE t DELETE WHERE id < 3',
  ])
  for (const entry of readdirSync(written, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name)
    objects[`lake/${relative(written, path)}`] = readFileSync(path)
  }
  objects['lake/beside.csv'] = 'id\n1\n'
  const source = connector(account.secret, { prefix: 'lake/' })
  assert.deepEqual(
    (await source.listObjects()).map(({ name, kind }) => [name, kind]),
    [
      ['t/', 'table'],
      ['beside.csv', 'file'],
    ],
  )
  const items = [{ code: 'id', dataType: 'I' as const }]
  assert.deepEqual((await loadThrough(lake, source, { object: 't/', items })).written, 17)
  const data = Object.keys(objects).find((name) => name.endsWith('.parquet'))!
  delete objects[data]
  await assert.rejects(loadThrough(lake, connector(account.secret, { prefix: 'lake/' }), { object: 't/', items }), {
    code: 'ingestion.table_file_gone',
  })
  await assert.rejects(connector(account.secret, { prefix: 'lake/' }).describe('none/', null), { code: 'ingestion.object_unknown' })
})

test('a signature is the one of the published example', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Bucket (List Objects)"
  const signed = signS3(
    new URL('https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J'),
    { region: 'us-east-1', accessKey: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    new Date('2013-05-24T00:00:00Z'),
  )
  assert.match(signed.authorization!, /Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7$/)
})

test('a wrong key, a missing object and a host that is not allowed are said in our words', async () => {
  await assert.rejects(connector('wrong').check(), { code: 'ingestion.source_refused' })
  await assert.rejects(connector().describe('none.csv', null), { code: 'ingestion.object_unknown' })
  await assert.rejects(connector(account.secret, { endpoint: 'http://10.0.0.1' }).check(), { code: 'ingestion.host_not_allowed' })
})
