import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { SourceSettings } from '#contract/ingestion.ts'
import { loadThrough } from '#testing/lake/load-through.ts'
import { newId } from '../../../kernel/ids.ts'
import { type Lake, openFiles, openLake } from '../../../store/index.ts'
import { openHdfs } from './hdfs.ts'

// No Hadoop can be had here. These two keep to what is written of WebHDFS 1.0: a name node that lists and sends readers on with 307,
// a data node that gives the bytes from an offset, refusals as RemoteException.

const dir = mkdtempSync(join(tmpdir(), 'datong-hdfs-'))
const big = `id,name\n${Array.from({ length: 50_000 }, (_, i) => `${i},第${i}行`).join('\n')}\n`
interface Kept {
  content: string
  modificationTime: number
}
const files = new Map<string, Kept>()
const fill = () => {
  files.clear()
  for (const [path, content] of Object.entries({
    '/outbox/日 报+1.csv': 'id,name\n1,甲\n2,乙\n',
    '/outbox/2026/11/big.csv': big,
    '/outbox/_SUCCESS': '',
    '/outbox/_temporary/0/part.csv': 'id,name\n9,半\n',
    '/outbox/.hidden.csv': 'id\n9\n',
    '/outbox/picture.png': 'x',
    '/other/hidden.csv': 'id\n9\n',
  }))
    files.set(path, { content, modificationTime: 1_760_000_000_000 })
}
const seen: URL[] = []
let isStandby = false
let breaks = 0
let onOpen: () => void = () => {}
/** What the name node says of its data node. */
let dataHost = ''

const refuse = (answer: ServerResponse, status: number, exception: string) =>
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ RemoteException: { exception, message: '-' } }))
const statusOf = (pathSuffix: string, { content, modificationTime }: Kept) => ({
  pathSuffix,
  type: 'FILE',
  length: Buffer.byteLength(content),
  modificationTime,
  owner: 'hdfs',
  permission: '644',
})

function answerName(request: IncomingMessage, answer: ServerResponse): void {
  const url = new URL(request.url!, names)
  seen.push(url)
  const path = decodeURIComponent(url.pathname.slice('/webhdfs/v1'.length))
  const isBasic = request.headers.authorization === `Basic ${Buffer.from('clerk:口令').toString('base64')}`
  if (url.searchParams.get('user.name') !== 'clerk' && !isBasic) return void refuse(answer, 401, 'SecurityException')
  if (isStandby) return void refuse(answer, 403, 'StandbyException')
  if (path === '/closed') return void refuse(answer, 403, 'AccessControlException')
  const file = files.get(path)
  switch (url.searchParams.get('op')) {
    case 'LISTSTATUS': {
      const below = [...files].filter(([name]) => name.startsWith(path === '/' ? '/' : `${path}/`))
      if (below.length === 0) return void refuse(answer, 404, 'FileNotFoundException')
      const children = new Map<string, object>()
      for (const [name, kept] of below) {
        const [child, ...rest] = name.slice(path === '/' ? 1 : path.length + 1).split('/')
        if (rest.length === 0) children.set(child!, statusOf(child!, kept))
        else children.set(child!, { pathSuffix: child, type: 'DIRECTORY', length: 0, modificationTime: 0 })
      }
      return void answer.end(JSON.stringify({ FileStatuses: { FileStatus: [...children.values()] } }))
    }
    case 'GETFILESTATUS':
      return void (file ? answer.end(JSON.stringify({ FileStatus: statusOf('', file) })) : refuse(answer, 404, 'FileNotFoundException'))
    case 'OPEN': {
      if (!file) return void refuse(answer, 404, 'FileNotFoundException')
      return void answer.writeHead(307, { location: `${dataHost}${url.pathname}${url.search}` }).end()
    }
    default:
      refuse(answer, 400, 'IllegalArgumentException')
  }
}

function answerData(request: IncomingMessage, answer: ServerResponse): void {
  const url = new URL(request.url!, data)
  seen.push(url)
  assert.equal(request.headers.authorization, undefined, 'the account is for the server that it was given for')
  const bytes = Buffer.from(files.get(decodeURIComponent(url.pathname.slice('/webhdfs/v1'.length)))!.content)
  const rest = bytes.subarray(Number(url.searchParams.get('offset') ?? 0))
  onOpen()
  answer.writeHead(200, { 'content-length': rest.length })
  if (breaks === 0) return void answer.end(rest)
  breaks--
  answer.write(rest.subarray(0, Math.floor(rest.length / 3)), () => answer.destroy())
}

const [nameNode, dataNode] = [createServer(answerName), createServer(answerData)]
let [names, data] = ['', '']
let lake: Lake
const listen = async (server: Server) => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
before(async () => {
  fill()
  names = await listen(nameNode)
  data = dataHost = await listen(dataNode)
  lake = await openLake({ dir: join(dir, 'lake') })
})
after(async () => {
  await lake.close()
  for (const server of [nameNode, dataNode]) server.close()
  rmSync(dir, { recursive: true, force: true })
})

const connector = ({ path = '/outbox', user = 'clerk', secret = '' } = {}) =>
  openHdfs(
    { lake, files: openFiles(join(dir, 'files')) },
    { id: newId(), settings: { kind: 'hdfs', endpoint: `${names}/`, user, path }, secret, allowed: ['127.0.0.1'] },
  )
const items = [
  { code: 'id', dataType: 'I' as const },
  { code: 'name', dataType: 'C' as const, length: 20 },
]

test("the files below a folder are listed, Hadoop's own and unfinished ones left out, and one becomes rows", async () => {
  assert.equal((await connector().check()).ok, true)
  assert.deepEqual(
    (await connector().listObjects()).map(({ name, sizeBytes }) => [name, sizeBytes]),
    [
      ['日 报+1.csv', Buffer.byteLength(files.get('/outbox/日 报+1.csv')!.content)],
      ['2026/11/big.csv', Buffer.byteLength(big)],
    ],
  )
  const { rows } = await loadThrough(lake, connector(), { object: '日 报+1.csv', items })
  assert.deepEqual(rows, [
    { id: '1', name: '甲' },
    { id: '2', name: '乙' },
  ])
})

test('a file arrives whole over a line that breaks twice, each time from where it broke', async () => {
  breaks = 2
  const { read, written } = await loadThrough(lake, connector(), { object: '2026/11/big.csv', items })
  assert.deepEqual({ read, written }, { read: 50_000, written: 50_000 })
  const offsets = seen.filter(({ host, searchParams }) => host === new URL(data).host && searchParams.has('offset'))
  assert.equal(offsets.length, 2)
})

test('a file that is replaced while it is read is no file', async () => {
  const path = '/outbox/2026/11/big.csv'
  onOpen = () => files.set(path, { content: big, modificationTime: 1_770_000_000_000 })
  await assert.rejects(connector().describe('2026/11/big.csv', null), { code: 'ingestion.file_changed' })
  onOpen = () => {}
  fill()
})

test('a name node leads nowhere that is not allowed', async () => {
  for (const elsewhere of ['http://169.254.169.254', 'http://10.0.0.1:9864', 'file://']) {
    dataHost = elsewhere
    await assert.rejects(connector().describe('日 报+1.csv', null), { code: /^ingestion\.(host_not_allowed|redirect_refused)$/ })
  }
  dataHost = data
})

test('a password proves the account to the gateway alone; what is refused is said in our words', async () => {
  assert.equal((await connector({ secret: '口令' }).check()).ok, true)
  assert.equal(seen.at(-1)!.searchParams.get('user.name'), null)
  assert.equal((await loadThrough(lake, connector({ secret: '口令' }), { object: '日 报+1.csv', items })).written, 2)
  await assert.rejects(connector({ secret: 'wrong' }).check(), { code: 'ingestion.source_password' })
  await assert.rejects(connector({ path: '/closed' }).check(), { code: 'ingestion.source_refused' })
  await assert.rejects(connector({ path: '/none' }).check(), { code: 'ingestion.object_unknown' })
  await assert.rejects(connector().describe('none.csv', null), { code: 'ingestion.object_unknown' })
  isStandby = true
  await assert.rejects(connector().check(), { code: 'ingestion.source_standby', kind: 'unavailable' })
  isStandby = false
})

test('a path begins at the root and leads nowhere else', () => {
  const isTaken = (path: string) => SourceSettings.safeParse({ kind: 'hdfs', endpoint: 'http://nn:9870', path }).success
  for (const path of ['/', '/a/b', '/a b/日报', '/a..b']) assert.ok(isTaken(path), path)
  for (const path of ['', 'a', '/a/../b', '/..', '/./a', '//a', '/a//b']) assert.ok(!isTaken(path), path)
})
