import assert from 'node:assert/strict'
import type { Fact } from './city-of-modes.ts'
import { dirtyRows, kinds, sumsOf } from './contents.ts'
import type { FoundLoad, FoundState } from './found-state.ts'

/** What the dead processes had acknowledged. */
export interface Acknowledged {
  queued: Map<string, Extract<Fact, { fact: 'queued' }>>
  ended: Map<string, Extract<Fact, { fact: 'ended' }>>
}

export function remember(facts: readonly Fact[], { queued, ended }: Acknowledged): void {
  for (const fact of facts) {
    if (fact.fact === 'queued') queued.set(fact.id, fact)
    if (fact.fact === 'ended') ended.set(fact.id, fact)
  }
}

/** Nothing acknowledged is lost, nothing is there twice, and each entry holds one version of its object, whole. */
export function assertWhole(found: FoundState, acknowledged: Acknowledged, what: string): void {
  assert.ok(found.intact, `${what}: the audit chain is whole`)
  assertAcknowledged(found, acknowledged, what)
  for (const kind of kinds) {
    const succeeded = found.loads.filter(({ entry, state }) => entry === kind.name && state === 'succeeded')
    // By the log: the clocks of two processes differ.
    const newest = succeeded.sort((one, other) => one.succeededAt - other.succeededAt).at(-1)
    if (newest) assertEntry(found, kind, newest, `${what}, ${kind.name}`)
    assert.equal(found.entries[kind.name] !== undefined, newest !== undefined, `${what}, ${kind.name}: what succeeded is live`)
    const wanted = newest && (acknowledged.queued.get(newest.id)?.version ?? 0)
    assert.ok(!wanted || found.entries[kind.name]!.live.newest >= wanted, `${what}, ${kind.name}: the version that was there when it began`)
  }
  assertHistory(found, what)
}

function assertAcknowledged({ loads }: FoundState, { queued, ended }: Acknowledged, what: string): void {
  const byId = new Map(loads.map((load) => [load.id, load]))
  for (const id of queued.keys()) assert.ok(byId.has(id), `${what}: the load ${id} was queued`)
  for (const { id, state, numbers, error } of ended.values()) {
    const load = byId.get(id)
    assert.deepEqual([load?.state, load?.numbers, load?.error], [state, numbers, error], `${what}: the load ${id} has ended`)
  }
  for (const { id, entry, state, error, successes, numbers } of loads) {
    assert.equal(successes, state === 'succeeded' ? 1 : 0, `${what}: the log tells once that ${id} succeeded`)
    assert.notEqual(state, 'failed', `${what}: the load ${id} of ${entry} failed: ${error}`)
    const [read, sent, written, quarantined] = numbers
    if (state === 'succeeded') assert.deepEqual([sent, written! + quarantined!], [read, read], `${what}: the numbers of ${id} of ${entry}`)
  }
}

function assertEntry({ entries, loads }: FoundState, { name, rowsAt }: (typeof kinds)[number], newest: FoundLoad, what: string): void {
  const { table, live, files } = entries[name]!
  const current = loads.filter(({ entry, isCurrent }) => entry === name && isCurrent)
  assert.deepEqual([table, current], [newest.table, [newest]], `${what}: the newest load's table is live, and no other is current`)
  assert.deepEqual(live, sumsOf(rowsAt(live.newest)), `${what}: the table holds version ${live.newest}, whole`)
  if (name === 'full') assert.deepEqual(newest.numbers.slice(2), [live.rows, dirtyRows], `${what}: the load tells the numbers of its table`)
  if (name === 'append') assert.deepEqual(files, { loaded: live.newest, others: 0 }, `${what}: each file is loaded once`)
}

/** At each instant the history holds one version of the object, whole; the newest is what is live. */
function assertHistory({ history, gaps, entries }: FoundState, what: string): void {
  const { rowsAt } = kinds.find(({ name }) => name === 'history')!
  assert.equal(gaps, 0, `${what}: a version of a row ends where its next one begins`)
  for (const { since, ...sums } of history) assert.deepEqual(sums, sumsOf(rowsAt(sums.newest)), `${what}: the history as of ${since}`)
  assert.equal(history.at(-1)?.newest, entries.history?.live.newest, `${what}: the history reaches to what is live`)
}

/** Loads that the death before this opening met at work. */
export const interruptedLoads = ({ loads }: FoundState): FoundLoad[] =>
  loads.filter(({ state }) => state === 'running' || state === 'reconciling')

/** Tables that no finished load needs are gone. */
export function assertSwept({ loads, tables }: FoundState, what: string): void {
  assert.deepEqual([...new Set(loads.map(({ state }) => state))], ['succeeded'], what)
  const kept = new Set(loads.flatMap(({ table }) => (table ? [table, table.replace(/^r_/, 'q_'), table.replace(/^r_/, 'h_')] : [])))
  assert.deepEqual(
    tables.filter((name) => !kept.has(name)),
    [],
    what,
  )
}
