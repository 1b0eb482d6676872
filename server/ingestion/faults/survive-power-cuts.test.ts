import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  type Acknowledged,
  anyMoment,
  assertSwept,
  assertWhole,
  interruptedLoads,
  live,
  paceOf,
  remember,
  stateOf,
} from '#testing/faults/interrupted-city.ts'
import { randomOf } from '#testing/faults/live.ts'
import { openPowerCutDisk } from '#testing/faults/power-cut-disk.ts'

// F02. kill -9 proves nothing of durability: what a dead process has written the kernel still writes to the disk.

// Always the embedded engines: ten times in CI, and few in its second run, on servers, where nothing would be different. CUTS=50 for fifty.
const isServers = process.env.STORE === 'pg'
const cuts = Number(process.env.CUTS ?? (process.env.CI === 'true' && !isServers ? 10 : 3))
const { DATABASE_URL: _, CLICKHOUSE_URL: __, ...env } = process.env

/** CI has no such excuse. */
function leaveOut(t: TestContext, why: string): void {
  assert.notEqual(process.env.CI, 'true', why)
  t.skip(`no power can be cut here: ${why}`)
}

test('the disk forgets at a power cut what was not synced, and keeps what was', async (t) => {
  const disk = await openPowerCutDisk()
  if (typeof disk === 'string') return leaveOut(t, disk)
  try {
    mkdirSync(disk.home)
    const [synced, written] = [join(disk.home, 'synced'), join(disk.home, 'written')]
    writeFileSync(synced, 'kept', { flush: true })
    writeFileSync(written, 'lost')
    disk.cut()
    await disk.restore()
    assert.equal(readFileSync(synced, 'utf8'), 'kept')
    assert.notEqual(existsSync(written) && readFileSync(written, 'utf8'), 'lost')
  } finally {
    await disk.close()
  }
})

test(`a city whose power fails ${cuts} times in the middle of its loads loses and doubles nothing`, async (t) => {
  const disk = await openPowerCutDisk()
  if (typeof disk === 'string') return leaveOut(t, disk)
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}: SEED=${seed} cuts at the same moments`)
  const random = randomOf(seed)
  const acknowledged: Acknowledged = { queued: new Set(), ended: new Map() }
  const begun = performance.now()
  try {
    const first = await live(disk.home, 0, env, { times: 1 })
    assert.equal(first.code, 0, first.errors)
    remember(first, acknowledged)
    const pace = paceOf(first)
    const interrupted = new Set<string>()
    for (let round = 1; round <= cuts; round++) {
      const life = await live(disk.home, round, env, anyMoment(random, pace), (city) => {
        disk.cut()
        city.kill('SIGKILL')
      })
      assert.equal(life.signal, 'SIGKILL', `round ${round}, seed ${seed}: ${life.errors}`)
      for (const state of stateOf(life)) {
        assertWhole(state, acknowledged, `round ${round}, seed ${seed}`)
        for (const id of interruptedLoads(state)) interrupted.add(id)
      }
      // What was said after the cut came from a machine that was dead by then.
      remember({ facts: life.facts.filter(({ atMs }) => atMs < life.struckAtMs!) }, acknowledged)
      await disk.restore()
    }
    const last = await live(disk.home, cuts + 1, env, { times: 1 })
    assert.equal(last.code, 0, last.errors)
    const [found, end] = stateOf(last)
    assertWhole(found!, acknowledged, `after ${cuts} cuts, seed ${seed}`)
    remember(last, acknowledged)
    assertWhole(end!, acknowledged, `at the end, seed ${seed}`)
    assertSwept(end!)
    const seconds = Math.round((performance.now() - begun) / 1000)
    t.diagnostic(
      `${cuts} cuts in ${seconds} s: ${end!.loads.length} loads, ${interrupted.size} of them interrupted, ${acknowledged.ended.size} ends acknowledged`,
    )
  } finally {
    await disk.close()
  }
})
