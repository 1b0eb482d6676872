import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { SourceSettings } from '#contract/ingestion.ts'
import { loadThrough } from '#testing/lake/load-through.ts'
import { newId } from '../../../kernel/ids.ts'
import { type Lake, openFiles, openLake } from '../../../store/index.ts'
import { openHttpFile } from './http-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'datong-http-'))
const body = Buffer.from(`id,name\n${Array.from({ length: 50_000 }, (_, i) => `${i},第${i}行`).join('\n')}\n`)
const seen: IncomingMessage[] = []
let lake: Lake
let breaks = 0
let isDead = false
const pages: Record<string, (request: IncomingMessage, answer: ServerResponse) => void> = {
  '/a.csv': (request, answer) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    answer.writeHead(from > 0 ? 206 : 200, { etag: '"v1"', 'content-length': body.length - from })
    // Each break sends a third and cuts the line.
    if (!isDead && (request.headers.range !== undefined || breaks === 0)) return answer.end(body.subarray(from))
    breaks--
    if (from > 0) return answer.destroy()
    answer.write(body.subarray(0, Math.floor(body.length / 3)), () => answer.destroy())
  },
  '/plain.csv': (_, answer) => answer.end('id,name\n1,甲\n'),
  '/secret.csv': (request, answer) => {
    answer.writeHead(request.headers.authorization === `Basic ${Buffer.from('u:口令').toString('base64')}` ? 200 : 401)
    answer.end('id,name\n1,甲\n')
  },
  '/away': (_, answer) => answer.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
  '/file': (_, answer) => answer.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/loop': (_, answer) => answer.writeHead(302, { location: '/loop' }).end(),
  '/moved': (_, answer) => answer.writeHead(301, { location: '/plain.csv' }).end(),
}
const server = createServer((request, answer) => {
  seen.push(request)
  const page = pages[request.url ?? '']
  if (page) page(request, answer)
  else answer.writeHead(404).end()
})
let base = ''
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

const connector = (url: string, { user = '', secret = '', id = newId(), allowed = ['127.0.0.1'] } = {}) =>
  openHttpFile({ lake, files: openFiles(join(dir, 'files')) }, { id, settings: { kind: 'http', url, user }, secret, allowed })
const items = [{ code: 'id', dataType: 'I' as const }]

test('a file at an address becomes rows, over a line that breaks twice', async () => {
  breaks = 2
  const { read, written } = await loadThrough(lake, connector(`${base}/a.csv`), { object: 'a.csv', items })
  assert.deepEqual({ read, written }, { read: 50_000, written: 50_000 })
  assert.ok(seen.some(({ headers }) => headers.range && headers['if-range'] === '"v1"'))
})

test('what came before the machine was started anew is not continued: it may have its size and not its bytes', async () => {
  const id = newId()
  isDead = true
  await assert.rejects(connector(`${base}/a.csv`, { id }).describe('a.csv', null), { kind: 'unavailable' })
  const folder = join(dir, 'files', 'fetched', id)
  const [part, ...others] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.part'))
  assert.deepEqual(others, [])
  const [version] = part!.split('.')
  rmSync(join(folder, part!))
  writeFileSync(join(folder, `${version}.0badcafe.part`), Buffer.alloc(1_000))
  writeFileSync(join(folder, `${version}.part`), Buffer.alloc(1_000))
  isDead = false
  breaks = 0
  const { read, written } = await loadThrough(lake, connector(`${base}/a.csv`, { id }), { object: 'a.csv', items })
  assert.deepEqual({ read, written }, { read: 50_000, written: 50_000 })
})

test('an account is sent, and not to where an answer leads', async () => {
  const options = { user: 'u', secret: '口令' }
  assert.equal((await loadThrough(lake, connector(`${base}/secret.csv`, options), { object: 'secret.csv', items })).written, 1)
  await assert.rejects(connector(`${base}/secret.csv`).check(), { code: 'ingestion.source_password' })
  assert.equal((await connector(`${base}/moved`).check()).ok, true)
})

test('no address leads to a host that is not allowed, and none but http is followed', async () => {
  const { length } = seen
  for (const host of ['169.254.169.254', '10.0.0.1', '[::ffff:169.254.169.254]', '[fe80::1]', '0'])
    await assert.rejects(connector(`http://${host}/x.csv`, { allowed: ['127.0.0.1', '169.254.0.0/24'] }).check(), {
      code: 'ingestion.host_not_allowed',
    })
  assert.equal(seen.length, length, 'nothing was asked')
  await assert.rejects(connector(`${base}/away`).check(), { code: 'ingestion.host_not_allowed' })
  await assert.rejects(connector(`${base}/file`).check(), { code: 'ingestion.redirect_refused' })
  await assert.rejects(connector(`${base}/loop`).check(), { code: 'ingestion.redirect_refused' })
  await assert.rejects(connector(`${base}/none`).check(), { code: 'ingestion.object_unknown' })
})

test('settings take no other protocol, no account in the address and no control characters', () => {
  const isTaken = (url: string) => SourceSettings.safeParse({ kind: 'http', url }).success
  assert.ok(isTaken('https://data.example.cn/a.csv'))
  for (const url of [
    'file:///etc/passwd',
    'gopher://127.0.0.1/x',
    'unix:/var/run/docker.sock',
    'http://user@127.0.0.1/a.csv',
    'http://allowed.cn@10.0.0.1/a.csv',
    'http://127.0.0.1\r\nHost: x/a.csv',
  ])
    assert.equal(isTaken(url), false, url)
})
