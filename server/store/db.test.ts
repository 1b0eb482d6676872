import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { postgresBin, startPostgres } from '#testing/postgres.ts'
import { openDb } from './db.ts'

test('a connection that the server ends between two statements of a transaction fails the transaction, and the process goes on', {
  skip: !postgresBin() && process.env.CI !== 'true' && "Debian's package postgresql is not installed",
}, async () => {
  const server = await startPostgres()
  const { db, close } = await openDb({ home: tmpdir(), databaseUrl: server.url })
  try {
    const broken = db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(db)
      // The word of the end arrives while nobody asks.
      await sleep(500)
      await sql`select 1`.execute(tx)
    })
    await assert.rejects(broken)
    assert.equal((await sql<{ one: number }>`select 1 as one`.execute(db)).rows[0]!.one, 1)
  } finally {
    await close()
    await server.stop()
  }
})
