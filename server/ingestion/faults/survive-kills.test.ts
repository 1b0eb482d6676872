import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createDatabase } from '#testing/city.ts'
import { startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import {
  type Acknowledged,
  anyMoment,
  assertSwept,
  assertWhole,
  interruptedLoads,
  live,
  paceOf,
  randomOf,
  remember,
  stateOf,
} from '#testing/faults/interrupted-city.ts'

/** The stores are the program's own, which die with it, or servers that outlive it and finish what it had begun. */
const isEmbedded = process.env.STORE !== 'pg' && process.env.LAKE !== 'clickhouse'
/** CI kills the embedded city fifty times, and the one on servers ten times: there each kill proves less. */
const kills = Number(process.env.KILLS ?? (process.env.CI !== 'true' ? 3 : isEmbedded ? 50 : 10))
/** The stores of the city that is killed: by the environment of its process. */
async function openStores(): Promise<{ env: NodeJS.ProcessEnv; close: () => Promise<void> }> {
  const database = process.env.STORE === 'pg' ? await createDatabase() : undefined
  const lake = process.env.LAKE === 'clickhouse' ? await startClickHouse() : undefined
  return {
    env: { ...process.env, ...(database && { DATABASE_URL: database.url }), ...(lake && { CLICKHOUSE_URL: lake.urls.join(',') }) },
    close: async () => {
      await database?.drop()
      await lake?.stop()
    },
  }
}

test(`a city that is killed ${kills} times in the middle of its loads loses and doubles nothing`, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}: SEED=${seed} kills at the same moments`)
  const random = randomOf(seed)
  const home = mkdtempSync(join(tmpdir(), 'datong-kills-'))
  const { env, close } = await openStores()
  const acknowledged: Acknowledged = { queued: new Set(), ended: new Map() }
  const begun = performance.now()
  try {
    const first = await live(home, 0, env, { times: 1 })
    assert.equal(first.code, 0, first.errors)
    remember(first, acknowledged)
    const pace = paceOf(first)
    const interrupted = new Set<string>()
    for (let round = 1; round <= kills; round++) {
      const life = await live(home, round, env, anyMoment(random, pace))
      assert.equal(life.signal, 'SIGKILL', `round ${round}, seed ${seed}: ${life.errors}`)
      for (const state of stateOf(life)) {
        assertWhole(state, acknowledged, `round ${round}, seed ${seed}`)
        for (const id of interruptedLoads(state)) interrupted.add(id)
      }
      remember(life, acknowledged)
    }
    const last = await live(home, kills + 1, env, { times: 1 })
    assert.equal(last.code, 0, last.errors)
    const [found, end] = stateOf(last)
    assertWhole(found!, acknowledged, `after ${kills} kills, seed ${seed}`)
    remember(last, acknowledged)
    assertWhole(end!, acknowledged, `at the end, seed ${seed}`)
    assertSwept(end!)
    assert.ok(interrupted.size >= Math.floor(kills / 10), `only ${interrupted.size} of ${kills} kills met a running load`)
    const seconds = Math.round((performance.now() - begun) / 1000)
    t.diagnostic(
      `${kills} kills in ${seconds} s: ${end!.loads.length} loads, ${interrupted.size} of them interrupted, ${acknowledged.ended.size} ends acknowledged`,
    )
  } finally {
    await close()
    rmSync(home, { recursive: true, force: true })
  }
})
