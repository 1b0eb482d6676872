import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { cleanRows, dirtyRows, type Fact, type FoundState } from './loading-city.ts'

// A city that loads one upload after the other until something ends its process, and what must be true of the next one.

const program = fileURLToPath(import.meta.resolve('./loading-city.ts'))

/** What the dead processes had acknowledged. */
export interface Acknowledged {
  queued: Set<string>
  ended: Map<string, Extract<Fact, { fact: 'ended' }>>
}

export interface Life {
  facts: (Fact & { atMs: number })[]
  struckAtMs: number | null
  code: number | null
  signal: NodeJS.Signals | null
  errors: string
}

/** So long after the process starts, or after it says something for the so-many-eth time. */
export interface Moment {
  after: 'start' | Fact['fact']
  time: number
  ms: number
}

/** One life of the city on `home`: struck at a moment, by SIGKILL or otherwise, or left to load `times` times. */
export async function live(
  home: string,
  round: number,
  env: NodeJS.ProcessEnv,
  end: (Moment & { times?: number }) | { times: number },
  strike: (city: ChildProcess) => void = (city) => city.kill('SIGKILL'),
): Promise<Life> {
  const times = end.times === undefined ? [] : [String(end.times)]
  const child = spawn(process.execPath, [program, home, String(round * 32), ...times], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const born = performance.now()
  const life: Life = { facts: [], struckAtMs: null, code: null, signal: null, errors: '' }
  child.stderr.on('data', (chunk: Buffer) => {
    life.errors += chunk
  })
  const strikeAfter = (said: Moment['after'], time: number) => {
    if (!('after' in end) || end.after !== said || end.time !== time) return
    setTimeout(() => {
      life.struckAtMs = performance.now() - born
      strike(child)
    }, end.ms)
  }
  strikeAfter('start', 1)
  // A line that the kill cut in two acknowledges nothing.
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = parse(line)
    if (!said) return
    life.facts.push({ ...said, atMs: performance.now() - born })
    strikeAfter(said.fact, life.facts.filter(({ fact }) => fact === said.fact).length)
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

export function remember({ facts }: Pick<Life, 'facts'>, { queued, ended }: Acknowledged): void {
  for (const fact of facts) {
    if (fact.fact === 'queued') queued.add(fact.id)
    if (fact.fact === 'ended') ended.set(fact.id, fact)
  }
}

/** Loads that the death before this opening met at work. */
export const interruptedLoads = ({ loads }: FoundState): string[] =>
  loads.filter(({ state }) => state === 'running' || state === 'reconciling').map(({ id }) => id)

/** Nothing acknowledged is lost, nothing is there twice, and what readers see is the whole of the newest load that succeeded. */
export function assertWhole(found: FoundState, { queued, ended }: Acknowledged, what: string): void {
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
  // By the log: the clocks of two processes differ.
  const succeeded = found.loads.filter(({ state }) => state === 'succeeded').sort((one, other) => one.succeededAt - other.succeededAt)
  const newest = succeeded.at(-1)
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
export function assertSwept({ loads, tables }: FoundState): void {
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
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const stateOf = ({ facts }: Life) => facts.filter((fact) => fact.fact === 'state')

/** How long opening and loading take here and now, by a life that nobody ended. */
export function paceOf({ facts }: Life): { openMs: number; loadMs: number } {
  const at = (said: Fact['fact']) => facts.find(({ fact }) => fact === said)!.atMs
  return { openMs: at('ready'), loadMs: at('ended') - at('queued') }
}

/** Somewhere in the opening, the taking up of what the last kill interrupted, an upload, or a load of the life's own. */
export function anyMoment(random: () => number, { openMs, loadMs }: ReturnType<typeof paceOf>): Moment {
  const place = random()
  const within = (ms: number) => Math.round(random() * ms)
  if (place < 0.1) return { after: 'start', time: 1, ms: within(openMs) }
  if (place < 0.3) return { after: 'ready', time: 1, ms: within(loadMs) }
  const time = random() < 0.7 ? 1 : 2
  return place < 0.4 ? { after: 'uploaded', time, ms: within(loadMs / 8) } : { after: 'queued', time, ms: within(loadMs) }
}
