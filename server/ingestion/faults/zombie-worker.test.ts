import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import {
  type Acknowledged,
  assertSwept,
  assertWhole,
  interruptedLoads,
  live,
  paceOf,
  remember,
  stateOf,
} from '#testing/faults/interrupted-city.ts'
import { postgresBin, startPostgres } from '#testing/postgres.ts'

// F10. Two processes of one city on the same servers; that an embedded home has one owner is proved in store/lock.test.ts.
const isMissing = !postgresBin() && process.env.CI !== 'true'

/** A second home of the city: its files and keys are those of the first, as on a shared disk. */
function joinHome(first: string): string {
  const home = mkdtempSync(join(tmpdir(), 'datong-second-'))
  for (const name of ['files', 'keys']) {
    mkdirSync(join(first, name), { recursive: true, mode: 0o700 })
    symlinkSync(join(first, name), join(home, name))
  }
  return home
}

async function hangUp(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await client.end()
}

test('a worker that was stopped in the middle of a load, for longer than its lease, changes nothing when it wakes', {
  skip: isMissing && "Debian's package postgresql is not installed",
}, async (t) => {
  const [database, lake] = [await startPostgres(), await startClickHouse()]
  const env = { ...process.env, DATABASE_URL: database.url, CLICKHOUSE_URL: lake.urls.join(',') }
  const first = mkdtempSync(join(tmpdir(), 'datong-first-'))
  const second = joinHome(first)
  const acknowledged: Acknowledged = { queued: new Set(), ended: new Map() }
  try {
    const whole = await live(first, 0, env, { times: 1 })
    assert.equal(whole.code, 0, whole.errors)
    remember(whole, acknowledged)
    const { loadMs } = paceOf(whole)
    const taken = new Set<string>()
    for (const [i, share] of [0.15, 0.4, 0.65, 0.9].entries()) {
      const { promise: asleep, resolve: sleeps } = Promise.withResolvers<ChildProcess>()
      const moment = { after: 'queued', time: 1, ms: Math.round(share * loadMs), times: 2 } as const
      const zombie = live(first, 2 * i, env, moment, (city) => {
        city.kill('SIGSTOP')
        sleeps(city)
      })
      const city = await asleep
      // The clock of the second process is half an hour ahead: for it the first has long been silent.
      const heir = await live(second, 2 * i + 1, env, { times: 1 })
      assert.equal(heir.code, 0, `${heir.errors} ${JSON.stringify(heir.facts.at(-1))}`)
      const [found, left] = stateOf(heir)
      for (const id of interruptedLoads(found!)) taken.add(id)
      assertWhole(found!, acknowledged, `what the heir of ${share} found`)
      remember(heir, acknowledged)
      assertWhole(left!, acknowledged, `what the heir of ${share} left`)
      // Asleep for longer than the database waits for a transaction: it has hung up.
      if (i % 2 === 1) await hangUp(database.url)
      city.kill('SIGCONT')
      const woken = await zombie
      assert.equal(woken.code, 0, `${woken.errors} ${JSON.stringify(woken.facts.at(-1))}`)
      // It found its load ended by the other, and went on with one of its own: the next one to open finds what it left.
      remember(woken, acknowledged)
    }
    const last = await live(second, 9, env, { times: 1 })
    assert.equal(last.code, 0, last.errors)
    const [found, left] = stateOf(last)
    assertWhole(found!, acknowledged, 'after the last zombie woke')
    remember(last, acknowledged)
    assertWhole(left!, acknowledged, 'at the end')
    assertSwept(left!)
    assert.ok(taken.size > 0, 'a load was taken over from a sleeping worker')
    t.diagnostic(`${taken.size} loads taken over from 4 sleepers, ${acknowledged.ended.size} ends acknowledged`)
  } finally {
    await lake.stop()
    await database.stop()
    for (const home of [first, second]) rmSync(home, { recursive: true, force: true })
  }
})
