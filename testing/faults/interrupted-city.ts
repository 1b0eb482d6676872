import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as lives from './live.ts'
import { cleanRows, dirtyRows, type Fact, type FoundState } from './loading-city.ts'

// A city that loads one upload after the other until something ends its process, and what must be true of the next one.

const program = fileURLToPath(import.meta.resolve('./loading-city.ts'))

/** What the dead processes had acknowledged. */
export interface Acknowledged {
  queued: Set<string>
  ended: Map<string, Extract<Fact, { fact: 'ended' }>>
}

export type Life = lives.Life<Fact>
export type Moment = lives.Moment<Fact>

/** One life of the city on `home`: struck at a moment, by SIGKILL or otherwise, or left to load `times` times. */
export function live(
  home: string,
  round: number,
  env: NodeJS.ProcessEnv,
  end: (Moment & { times?: number }) | { times: number },
  strike?: (city: ChildProcess) => void,
): Promise<Life> {
  const times = end.times === undefined ? [] : [String(end.times)]
  return lives.live([program, home, String(round * 32), ...times], env, 'after' in end ? end : null, strike)
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

export const stateOf = ({ facts }: Life) => facts.filter((fact) => fact.fact === 'state')

/** How long opening and loading take here and now, by a life that nobody ended. */
export function paceOf({ facts }: Life): { openMs: number; loadMs: number } {
  const at = (said: Fact['fact']) => facts.find(({ fact }) => fact === said)!.atMs
  return { openMs: at('ready'), loadMs: at('ended') - at('queued') }
}
