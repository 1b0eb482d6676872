import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { loadThrough } from '#testing/lake/load-through.ts'
import { postgresBin, startPostgres, type TestServer } from '#testing/postgres.ts'
import { type Lake, openLake } from '../../store/index.ts'
import { openPostgresql } from './postgresql.ts'

const isMissing = postgresBin() === undefined
if (isMissing && process.env.CI === 'true') throw new Error('Debian package postgresql is not installed')

if (!isMissing) {
  const dir = mkdtempSync(join(tmpdir(), 'datong-encrypted-'))
  let lake: Lake
  let server: TestServer
  /** A certificate of its own for a host. */
  const certify = (name: string, subject: string) => {
    const [key, certificate] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)]
    execFileSync(
      '/usr/bin/openssl',
      [
        ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' '),
        '-subj',
        '/CN=datong',
        '-addext',
        `subjectAltName=${subject}`,
        '-keyout',
        key,
        '-out',
        certificate,
      ],
      { stdio: 'ignore' },
    )
    return { key, certificate }
  }
  const startEncrypted = ({ key, certificate }: ReturnType<typeof certify>) => {
    if (process.getuid?.() === 0) execFileSync('/usr/bin/chown', ['postgres', key])
    return startPostgres({ ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key })
  }
  before(async () => {
    chmodSync(dir, 0o755)
    lake = await openLake({ dir: join(dir, 'lake') })
    server = await startEncrypted(certify('server', 'IP:127.0.0.1'))
    const client = new pg.Client(server.url)
    await client.connect()
    // The account has a password by SCRAM, which binds itself to the line where it can.
    await client.query(
      "CREATE ROLE reader LOGIN PASSWORD 'right-pass'; SET password_encryption = 'scram-sha-256'; GRANT pg_read_all_stats TO reader",
    )
    await client.query(
      'CREATE VIEW lines AS SELECT i AS id, (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS version FROM generate_series(1, 50000) AS i',
    )
    await client.query('GRANT SELECT ON lines TO reader')
    const { rows } = await client.query('SHOW hba_file')
    execFileSync('/bin/sh', ['-c', `echo 'hostssl all all 127.0.0.1/32 scram-sha-256' > ${rows[0].hba_file}`])
    await client.query('SELECT pg_reload_conf()')
    await client.end()
  })
  after(async () => {
    await server.stop()
    await lake.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const pem = (name: string) => readFileSync(join(dir, `${name}.pem`), 'utf8')
  const connector = (certificate: string | undefined, port = server.port) =>
    openPostgresql(
      { kind: 'postgresql', host: '127.0.0.1', port, database: 'postgres', schema: 'public', user: 'reader', certificate },
      'right-pass',
      ['127.0.0.1'],
    )
  const items = [
    { code: 'id', dataType: 'I', isKey: true },
    { code: 'version', dataType: 'C', length: 20 },
  ] as const

  test('with a certificate the engine reads over an encrypted line, though it talks plainly itself', async () => {
    assert.equal((await connector(pem('server')).check()).ok, true)
    const { rows, read, agrees } = await loadThrough(lake, connector(pem('server')), { object: 'lines', items: [...items] })
    assert.deepEqual([read, agrees, rows.length], [50_000, true, 50_000])
    assert.deepEqual([...new Set(rows.map(({ version }) => version))], ['TLSv1.3'])
  })

  test('another certificate, and one of another host, are refused before a password is sent', async () => {
    certify('stranger', 'IP:127.0.0.1')
    await assert.rejects(connector(pem('stranger')).check(), { code: 'ingestion.source_certificate' })
    const other = certify('other', 'DNS:elsewhere')
    const elsewhere = await startEncrypted(other)
    try {
      await assert.rejects(connector(pem('other'), elsewhere.port).check(), { code: 'ingestion.source_certificate' })
    } finally {
      await elsewhere.stop()
    }
  })

  test('a server that wants encryption is not read without', async () => {
    await assert.rejects(connector(undefined).check(), { code: 'ingestion.source_refused' })
  })

  test('there is no falling back to a plain line', async () => {
    const plain = await startPostgres()
    try {
      await assert.rejects(connector(pem('server'), plain.port).check(), { code: 'ingestion.source_plain' })
    } finally {
      await plain.stop()
    }
  })
}
