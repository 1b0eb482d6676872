import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadThrough } from '#testing/lake/load-through.ts'
import { hasSshd, type SshServer, startSshd } from '#testing/servers/sshd.ts'
import { newId } from '../../../kernel/ids.ts'
import { type Lake, openFiles, openLake } from '../../../store/index.ts'
import { openSftp } from './sftp.ts'

const isMissing = !hasSshd()
if (isMissing) {
  console.log('openssh-server is not installed: the tests of SFTP sources do not run')
  assert.notEqual(process.env.CI, 'true', 'CI has openssh-server')
}
const dir = mkdtempSync(join(tmpdir(), 'datong-sftp-'))
const root = join(dir, 'outbox')
const files = openFiles(join(dir, 'files'))
let server: SshServer
let lake: Lake
before(async () => {
  if (isMissing) return
  server = await startSshd()
  lake = await openLake({ dir: join(dir, 'lake') })
  mkdirSync(join(root, '日报'), { recursive: true })
  writeFileSync(
    join(root, '日报', '十一月.csv'),
    Buffer.concat([Buffer.from('id,name\n1,'), Buffer.from([0xbc, 0xd7]), Buffer.from('\n2,b\n')]),
  )
  writeFileSync(join(root, 'readme.exe'), 'no data')
  symlinkSync('/etc', join(root, 'etc'))
})
after(async () => {
  if (isMissing) return
  await lake.close()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

const settings = (more: object = {}) => ({
  kind: 'sftp' as const,
  host: '127.0.0.1',
  port: server.port,
  user: server.user,
  path: root,
  hostKey: server.fingerprint,
  ...more,
})
const connector = (more: object = {}, secret = server.key, id = newId()) =>
  openSftp({ lake, files }, { id, settings: settings(more), secret, allowed: ['127.0.0.1'] })
const items = [
  { code: 'id', dataType: 'I' as const },
  { code: 'name', dataType: 'C' as const, length: 20 },
]

test('files below the folder are listed, and one becomes rows like a file of this server', { skip: isMissing }, async () => {
  assert.deepEqual(
    (await connector().listObjects()).map(({ name }) => name),
    ['日报/十一月.csv'],
  )
  const { rows, read, written } = await loadThrough(lake, connector(), { object: '日报/十一月.csv', items })
  assert.deepEqual({ read, written }, { read: 2, written: 2 })
  assert.deepEqual(rows, [
    { id: '1', name: '甲' },
    { id: '2', name: 'b' },
  ])
})

test('a line that breaks while a file is fetched is taken up where it broke', { skip: isMissing }, async () => {
  const lines = 1_500_000
  writeFileSync(join(root, 'big.csv'), `id,name\n${Array.from({ length: lines }, (_, i) => `${i},${'x'.repeat(60)}`).join('\n')}\n`)
  const id = newId()
  const loading = loadThrough(lake, connector({}, server.key, id), { object: 'big.csv', items: [items[0]!] })
  const folder = join(files.root, 'fetched', id)
  const isOnItsWay = () => {
    try {
      return readdirSync(folder)
        .flatMap((name) => readdirSync(join(folder, name)))
        .some((name) => name.endsWith('.part'))
    } catch {
      return false
    }
  }
  for (let i = 0; i < 1000 && !isOnItsWay(); i++) await new Promise((done) => setTimeout(done, 2))
  assert.ok(isOnItsWay(), 'the file is on its way')
  server.cut()
  const { read, written } = await loading
  assert.deepEqual({ read, written }, { read: lines, written: lines })
})

test('a file that has changed is fetched again, and the earlier one makes room', { skip: isMissing }, async () => {
  const id = newId()
  const path = join(root, 'moving.csv')
  writeFileSync(path, 'id,name\n1,a\n')
  utimesSync(path, 1, 1)
  const load = async () => (await loadThrough(lake, connector({}, server.key, id), { object: 'moving.csv', items })).written
  assert.equal(await load(), 1)
  appendFileSync(path, '2,b\n')
  assert.equal(await load(), 2)
  const folder = join(files.root, 'fetched', id)
  assert.equal(readdirSync(folder).flatMap((name) => readdirSync(join(folder, name))).length, 1)
})

test('no password is shown to a server that is not the registered one, and its key is told', { skip: isMissing }, async () => {
  for (const hostKey of ['', `SHA256:${'A'.repeat(43)}`])
    await assert.rejects(connector({ hostKey }).check(), (error: { code: string; details: { params: object } }) => {
      assert.equal(error.code, 'ingestion.host_key')
      assert.deepEqual(error.details.params, { code: server.fingerprint })
      return true
    })
})

test('what cannot be reached or read is said in our words', { skip: isMissing }, async () => {
  await assert.rejects(connector({}, 'wrong password').check(), { code: 'ingestion.source_password' })
  await assert.rejects(connector({}, '-----BEGIN NOTHING').check(), { code: 'ingestion.private_key' })
  await assert.rejects(connector({ path: '/没有' }).check(), { code: 'ingestion.remote_folder_unknown' })
  await assert.rejects(connector({ port: 1 }).check(), { code: 'ingestion.source_unreachable' })
  await assert.rejects(connector({ host: '10.0.0.1' }).check(), { code: 'ingestion.host_not_allowed' })
  await assert.rejects(connector().describe('../../etc/passwd', null), { code: 'ingestion.object_unknown' })
})
