import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { createDatabase } from '#testing/city.ts'
import { startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import { cleanRows, dirtyRows, type Fact, type FoundState } from '#testing/loading-city.ts'

/** The stores are the program's own, which die with it, or servers that outlive it and finish what it had begun. */
const isEmbedded = process.env.STORE !== 'pg' && process.env.LAKE !== 'clickhouse'
/** CI kills the embedded city fifty times, and the one on servers ten times: there each kill proves less. */
const kills = Number(process.env.KILLS ?? (process.env.CI !== 'true' ? 3 : isEmbedded ? 50 : 10))
const program = fileURLToPath(import.meta.resolve('#testing/loading-city.ts'))

/** What the dead processes had acknowledged. */
interface Acknowledged {
  queued: Set<string>
  ended: Map<string, Extract<Fact, { fact: 'ended' }>>
}

interface Life {
  facts: (Fact & { atMs: number })[]
  code: number | null
  signal: NodeJS.Signals | null
  errors: string
}

/** So long after the process starts, or after it says something for the so-many-eth time. */
interface Moment {
  after: 'start' | Fact['fact']
  time: number
  ms: number
}

/** One life of the city on `home`: killed at a moment, or left to load `times` times. */
async function live(home: string, round: number, env: NodeJS.ProcessEnv, end: Moment | { times: number }): Promise<Life> {
  const times = 'times' in end ? [String(end.times)] : []
  const child = spawn(process.execPath, [program, home, String(round * 32), ...times], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const born = performance.now()
  const life: Life = { facts: [], code: null, signal: null, errors: '' }
  child.stderr.on('data', (chunk: Buffer) => {
    life.errors += chunk
  })
  const killAfter = (said: Moment['after'], time: number) => {
    if ('after' in end && end.after === said && end.time === time) setTimeout(() => child.kill('SIGKILL'), end.ms)
  }
  killAfter('start', 1)
  // A line that the kill cut in two acknowledges nothing.
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = parse(line)
    if (!said) return
    life.facts.push({ ...said, atMs: performance.now() - born })
    killAfter(said.fact, life.facts.filter(({ fact }) => fact === said.fact).length)
  })
  ;[life.code, life.signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return life
}

function parse(line: string): Fact | null {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function remember({ facts }: Life, { queued, ended }: Acknowledged): void {
  for (const fact of facts) {
    if (fact.fact === 'queued') queued.add(fact.id)
    if (fact.fact === 'ended') ended.set(fact.id, fact)
  }
}

/** Nothing acknowledged is lost, nothing is there twice, and what readers see is the whole of the newest load that succeeded. */
function assertWhole(found: FoundState, { queued, ended }: Acknowledged, what: string): void {
  assert.ok(found.intact, `${what}: the audit chain is whole`)
  const byId = new Map(found.loads.map((load) => [load.id, load]))
  for (const id of queued) assert.ok(byId.has(id), `${what}: the load ${id} was queued`)
  for (const { id, state, numbers, error } of ended.values()) {
    const load = byId.get(id)
    assert.deepEqual([load?.state, load?.numbers, load?.error], [state, numbers, error], `${what}: the load ${id} has ended`)
  }
  for (const { id, state, error, successes } of found.loads) {
    assert.equal(successes, state === 'succeeded' ? 1 : 0, `${what}: the log tells once that ${id} succeeded`)
    if (state === 'failed') assert.ok(error, `${what}: the load ${id} says why it failed`)
  }
  const newest = found.loads.findLast(({ state }) => state === 'succeeded')
  const current = found.loads.filter(({ isCurrent }) => isCurrent)
  assert.deepEqual(found.liveTables, newest ? [newest.table] : [], `${what}: one live table, the newest load's`)
  assert.deepEqual(current, newest ? [newest] : [], `${what}: one load is current`)
  if (!newest || !found.live) return
  const { rows, ids, oldest, newest: version } = found.live
  const clean = cleanRows(version)
  const total = clean + dirtyRows
  assert.deepEqual([rows, ids, oldest], [clean, clean, version], `${what}: the live table holds one upload, whole`)
  assert.deepEqual(newest.numbers, [total, total, clean, dirtyRows], `${what}: the load tells the numbers of its table`)
}

/** Tables that no finished load needs are gone. */
function assertSwept({ loads, tables }: FoundState): void {
  assert.deepEqual(
    loads.filter(({ state }) => state !== 'succeeded' && state !== 'failed'),
    [],
  )
  const kept = new Set(loads.flatMap(({ table }) => (table ? [table, table.replace(/^r_/, 'q_')] : [])))
  assert.deepEqual(
    tables.filter((name) => !kept.has(name)),
    [],
  )
}

/** Mulberry32: the same seed makes the same moments. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const stateOf = ({ facts }: Life) => facts.filter((fact) => fact.fact === 'state')

/** How long opening and loading take here and now, by a life that nobody ended. */
function paceOf({ facts }: Life): { openMs: number; loadMs: number } {
  const at = (said: Fact['fact']) => facts.find(({ fact }) => fact === said)!.atMs
  return { openMs: at('ready'), loadMs: at('ended') - at('queued') }
}

/** Somewhere in the opening, the taking up of what the last kill interrupted, an upload, or a load of the life's own. */
function anyMoment(random: () => number, { openMs, loadMs }: ReturnType<typeof paceOf>): Moment {
  const place = random()
  const within = (ms: number) => Math.round(random() * ms)
  if (place < 0.1) return { after: 'start', time: 1, ms: within(openMs) }
  if (place < 0.3) return { after: 'ready', time: 1, ms: within(loadMs) }
  const time = random() < 0.7 ? 1 : 2
  return place < 0.4 ? { after: 'uploaded', time, ms: within(loadMs / 8) } : { after: 'queued', time, ms: within(loadMs) }
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
        for (const { id, state: at } of state.loads) if (at === 'running' || at === 'reconciling') interrupted.add(id)
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
