import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { postgresBin, startPostgres } from '#testing/postgres.ts'
import { openPostgresql } from './postgresql.ts'

const isMissing = !postgresBin() && process.env.CI !== 'true'

test('a connection that its administrator ended while it was idle is a source that was lost, to be tried again', {
  skip: isMissing && "Debian's package postgresql is not installed",
}, async () => {
  const server = await startPostgres()
  const admin = new pg.Client(server.url)
  await admin.connect()
  try {
    await admin.query('create table firm as select 1 as id')
    const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', schema: 'public' } as const
    const connector = openPostgresql({ ...settings, user: 'postgres', certificate: '' }, '', ['127.0.0.1'])
    const reading = await connector.openReading('firm', null, [], new AbortController().signal)
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'datong'")
    // Its farewell arrives before anything is asked, and the line is closed after it: asked at any moment between the answer is the same.
    for (let asked = 0; asked < 20; asked++) {
      await assert.rejects(reading.count(), { code: 'ingestion.source_lost', kind: 'unavailable' })
      await sleep(5)
    }
    await reading.close()
  } finally {
    await admin.end()
    await server.stop()
  }
})
