import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startTestMongodb } from '#testing/servers/test-mongodb.ts'
import { openMongodb } from './mongodb.ts'

const openssl = '/usr/bin/openssl'
const isMissing = !existsSync(openssl)
if (isMissing && process.env.CI === 'true') throw new Error('openssl is not installed')
const dir = mkdtempSync(join(tmpdir(), 'datong-mongodb-'))
after(() => rmSync(dir, { recursive: true, force: true }))

/** A key and a certificate of its own for a host. */
function certify(name: string, subject: string) {
  const [key, cert] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)]
  const how = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=datong'.split(' ')
  execFileSync(openssl, [...how, '-addext', `subjectAltName=${subject}`, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

test('with a certificate the line is encrypted and the server proved; without, or with another, nobody logs in', {
  skip: isMissing,
}, async (t) => {
  const own = certify('own', 'IP:127.0.0.1')
  const elsewhere = certify('elsewhere', 'DNS:elsewhere.example')
  const check = async (shown: typeof own, certificate: string) => {
    const server = await startTestMongodb({}, shown)
    t.after(() => server.close())
    const address = { host: '127.0.0.1', port: server.port, database: 'd', user: 'reader', authSource: 'admin' }
    const connector = openMongodb({ kind: 'mongodb', ...address, certificate }, 'secret', {
      lake: undefined as never,
      allowed: ['127.0.0.1'],
      care: undefined,
    })
    try {
      return await connector.check()
    } finally {
      server.close()
    }
  }
  const { ok, readOnly } = await check(own, own.cert.toString())
  assert.deepEqual([ok, readOnly], [true, true])
  await assert.rejects(check(own, elsewhere.cert.toString()), { code: 'ingestion.source_certificate' })
  await assert.rejects(check(elsewhere, elsewhere.cert.toString()), { code: 'ingestion.source_certificate' })
  await assert.rejects(check(own, ''), { code: 'ingestion.source_unreachable' })
})
