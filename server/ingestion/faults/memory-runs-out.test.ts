import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Acknowledged, assertSwept, assertWhole, live, remember, stateOf } from '#testing/faults/interrupted-city.ts'
import { randomOf } from '#testing/faults/live.ts'

// F09, the kill. The kernel gives the city no more memory than it holds in the middle of a load, or a little more (RLIMIT_DATA, which
// needs neither root nor cgroups). What cannot be had there fails a statement, or ends the process; nothing else may come of it.
// That a load does not need much: `memory-stays-flat.test.ts`.

const { DATABASE_URL: _, CLICKHOUSE_URL: __, ...env } = process.env
const isMissing = spawnSync('prlimit', ['--version']).error !== undefined && process.env.CI !== 'true'
/** In CI's second run, on servers, nothing would be different. */
const isFull = process.env.CI === 'true' && process.env.STORE !== 'pg'
const tries = Number(process.env.TRIES ?? (isFull ? 8 : 2))
/** Until memory was missed at least once: about every second time. */
const mostTries = tries + 12
const kiB = 1024
const mostRoom = 256 * 1024 * kiB

/** From now on the process gets `room` bytes more than it has. */
function narrow({ pid }: ChildProcess, room: number): void {
  const held = Number(/VmData:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * kiB
  execFileSync('prlimit', ['--pid', String(pid), `--data=${held + room}`])
}

// A process that is out of memory and neither works nor ends would be met by the time limit alone.
test('a city that gets no more memory while it loads ends or goes on, and loses and doubles nothing', {
  skip: isMissing && 'prlimit is not installed',
  timeout: (60 + mostTries * 90) * 1000,
}, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const random = randomOf(seed)
  const home = mkdtempSync(join(tmpdir(), 'datong-memory-'))
  const acknowledged: Acknowledged = { queued: new Set(), ended: new Map() }
  let hits = 0
  try {
    for (let round = 0; round < tries || (hits === 0 && round < mostTries); round++) {
      const room = round === 0 || round >= tries ? 0 : Math.floor(random() * mostRoom)
      const what = `seed ${seed}, try ${round}, ${Math.round(room / kiB / 1024)} MiB`
      const moment = { after: 'queued', time: 1, ms: Math.floor(random() * 1000), times: 2 } as const
      const life = await live(home, 2 * round, env, moment, (city) => narrow(city, room))
      const failed = life.facts.filter((said) => said.fact === 'ended' && said.state === 'failed')
      t.diagnostic(`${what}: ${life.signal ?? life.code}, ${failed.length} loads failed`)
      if (life.code !== 0 || failed.length > 0) hits++
      remember(life, acknowledged)
      const next = await live(home, 2 * round + 1, env, { times: 1 })
      assert.equal(next.code, 0, `${what}: ${next.errors}`)
      const [found, end] = stateOf(next)
      assertWhole(found!, acknowledged, `${what}: what the next life found`)
      remember(next, acknowledged)
      assertWhole(end!, acknowledged, `${what}: what the next life left`)
      assertSwept(end!)
    }
    assert.ok(hits > 0, 'memory was missed at least once')
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
