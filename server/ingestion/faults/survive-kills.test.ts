import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createDatabase } from '#testing/city.ts'
import { startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import { type Acknowledged, assertSwept, assertWhole, interruptedLoads, remember } from '#testing/faults/every-mode/assert-whole.ts'
import type { Fact, Orders } from '#testing/faults/every-mode/city-of-modes.ts'
import { type Departments, fill } from '#testing/faults/every-mode/sources.ts'
import { type Life, live, type Moment, randomOf } from '#testing/faults/live.ts'
import { postgresBin, startPostgres, type TestServer } from '#testing/postgres.ts'

// F01. One city loads in every mode at once, in several plans and a stream, and is killed again and again.

/** The stores are the program's own, which die with it, or servers that outlive it and finish what it had begun. */
const isEmbedded = process.env.STORE !== 'pg' && process.env.LAKE !== 'clickhouse'
/** CI kills the embedded city fifty times, and the one on servers ten times: there each kill proves less. */
const kills = Number(process.env.KILLS ?? (process.env.CI !== 'true' ? 3 : isEmbedded ? 50 : 10))
/** A city's state is checked whole in every life, and grows: many kills are those of several cities. */
const killsOfCity = Math.min(50, Math.ceil(kills / 2))
const program = fileURLToPath(import.meta.resolve('#testing/faults/every-mode/city-of-modes.ts'))
/** A life of seconds is not worth optimised code. */
const brief = ['--liftoff-only']
const isMissing = !postgresBin() && process.env.CI !== 'true'

/** A kill takes nothing from the disk, so that a disk in memory proves as much; the syncs of a restart take seconds on another. */
function fastFolder(): string {
  if (!existsSync('/dev/shm')) return tmpdir()
  const { bavail, bsize } = statfsSync('/dev/shm')
  return bavail * bsize > 2 ** 31 ? '/dev/shm' : tmpdir()
}

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

async function openDepartments(server: TestServer, number: number, root: string): Promise<Departments> {
  const admin = new pg.Client(server.url)
  await admin.connect()
  await admin.query(`CREATE DATABASE city_${number}`)
  await admin.end()
  const departments = { port: server.port, database: `city_${number}`, folder: join(root, 'departments') }
  await fill(departments)
  return departments
}

interface Tally {
  kills: number
  loads: number
  interrupted: Record<string, number>
  slices: number
  ended: number
  readyMs: number[]
}

interface Pace {
  openMs: number
  loadMs: number
}
const paceOf = ({ facts }: Life<Fact>): Pace => {
  const at = (said: Fact['fact']) => facts.find(({ fact }) => fact === said)!.atMs
  return { openMs: at('ready'), loadMs: facts.findLast(({ fact }) => fact === 'ended')!.atMs - at('ready') }
}

/** Somewhere in the opening, or in the taking up of what the last kill interrupted and the loads of the life's own. */
function anyMoment(random: () => number, { openMs, loadMs }: Pace): Moment<Fact> {
  const [place, share] = [random(), random()]
  return place < 0.1
    ? { after: 'start', time: 1, ms: Math.round(share * openMs) }
    : { after: 'ready', time: 1, ms: Math.round(share * loadMs) }
}

/** One city from its beginning to its comparison with its sources, killed so many times in between. */
async function killCity(server: TestServer, seed: number, number: number, times: number, tally: Tally): Promise<void> {
  const random = randomOf(seed)
  const root = mkdtempSync(join(fastFolder(), 'datong-kills-'))
  const acknowledged: Acknowledged = { queued: new Map(), ended: new Map() }
  const departments = await openDepartments(server, number, root)
  const { env, close } = await openStores()
  const lifeOf = (round: number, end: Moment<Fact> | null) => {
    const orders: Orders = { home: join(root, 'home'), departments, minutesAhead: round * 32, times: end ? null : 1 }
    return live<Fact>([...brief, program, JSON.stringify(orders)], { ...env, NODE_COMPILE_CACHE: join(root, 'compiled') }, end)
  }
  const check = ({ facts }: Life<Fact>, what: string) => {
    const [found, end] = facts.filter(({ fact }) => fact === 'state') as Extract<Fact, { fact: 'state' }>[]
    if (found) assertWhole(found, acknowledged, what)
    remember(facts, acknowledged)
    if (end) assertWhole(end, acknowledged, `${what}, at its end`)
    return { found, end }
  }
  try {
    const first = await lifeOf(0, null)
    assert.equal(first.code, 0, first.errors)
    check(first, `seed ${seed}, before the first kill`)
    const pace = paceOf(first)
    for (let round = 1; round <= times; round++) {
      const what = `seed ${seed}, kill ${round}`
      const life = await lifeOf(round, anyMoment(random, pace))
      assert.equal(life.signal, 'SIGKILL', `${what}: ${life.errors}`)
      const { found } = check(life, what)
      for (const { entry } of found ? interruptedLoads(found) : []) tally.interrupted[entry] = (tally.interrupted[entry] ?? 0) + 1
      tally.slices += found?.slices ?? 0
      tally.readyMs.push(...life.facts.filter(({ fact }) => fact === 'ready').map(({ atMs }) => Math.round(atMs)))
      tally.kills++
    }
    const last = await lifeOf(times + 1, null)
    assert.equal(last.code, 0, last.errors)
    const { end } = check(last, `seed ${seed}, after ${times} kills`)
    assertSwept(end!, `seed ${seed}, at the end`)
    const compared = last.facts.find(({ fact }) => fact === 'streamed')
    assert.deepEqual(
      { ...compared, rows: 0, atMs: 0 },
      { fact: 'streamed', rows: 0, lacking: [], extra: [], slots: 1, atMs: 0 },
      `seed ${seed}`,
    )
    tally.loads += end!.loads.length
    tally.ended += acknowledged.ended.size
  } finally {
    await close()
    rmSync(root, { recursive: true, force: true })
  }
}

function report(t: TestContext, { kills, loads, interrupted, slices, ended, readyMs }: Tally, begun: number): void {
  const p99 = readyMs.sort((one, other) => one - other)[Math.floor(readyMs.length * 0.99)]
  t.diagnostic(
    `${kills} kills in ${Math.round((performance.now() - begun) / 1000)} s: ${loads} loads, interrupted ${JSON.stringify(interrupted)}, ${slices} slices taken over, ${ended} ends acknowledged, 0 lost, 0 doubled; ready again after ${p99} ms (p99)`,
  )
}

test(`cities that are killed ${kills} times while they load in every mode lose and double nothing`, {
  skip: isMissing && "Debian's package postgresql is not installed",
}, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}: SEED=${seed} kills at the same moments`)
  const tally: Tally = { kills: 0, loads: 0, interrupted: {}, slices: 0, ended: 0, readyMs: [] }
  const begun = performance.now()
  const server = await startPostgres({ wal_level: 'logical', max_replication_slots: '100' })
  try {
    const numbers = Array.from({ length: Math.ceil(kills / killsOfCity) }, (_, number) => number)
    const killOn = async () => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        await killCity(server, seed + number, number, Math.min(killsOfCity, kills - number * killsOfCity), tally)
        report(t, tally, begun)
      }
    }
    // Each waits half of its time.
    for (const ended of await Promise.allSettled([killOn(), killOn()])) if (ended.status === 'rejected') throw ended.reason
  } finally {
    await server.stop()
  }
  const met = Object.values(tally.interrupted).reduce((sum, one) => sum + one, 0)
  assert.ok(met >= kills / 4, `only ${met} loads were met at work by ${kills} kills`)
})
