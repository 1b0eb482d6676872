import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Life, live, type Moment, randomOf } from '../live.ts'
import { type Acknowledged, assertSwept, assertWhole, interruptedLoads, remember } from './assert-whole.ts'
import type { Fact, Orders } from './city-of-modes.ts'
import type { Departments } from './sources.ts'

export interface Tally {
  breaks: number
  loads: number
  interrupted: Record<string, number>
  slices: number
  ended: number
  readyMs: number[]
}
export const noBreaks = (): Tally => ({ breaks: 0, loads: 0, interrupted: {}, slices: 0, ended: 0, readyMs: [] })

export function tallyText({ breaks, loads, interrupted, slices, ended, readyMs }: Tally, begun: number): string {
  const p99 = readyMs.sort((one, other) => one - other)[Math.floor(readyMs.length * 0.99)]
  const seconds = Math.round((performance.now() - begun) / 1000)
  return `${breaks} in ${seconds} s: ${loads} loads, interrupted ${JSON.stringify(interrupted)}, ${slices} slices kept, ${ended} ends acknowledged, 0 lost, 0 doubled; ready again after ${p99} ms (p99)`
}

interface Pace {
  openMs: number
  loadMs: number
}
const paceOf = ({ facts }: Life<Fact>): Pace => {
  const at = (said: Fact['fact']) => facts.find(({ fact }) => fact === said)!.atMs
  return { openMs: at('ready'), loadMs: facts.findLast(({ fact }) => fact === 'ended')!.atMs - at('ready') }
}

/** Somewhere in the opening, or in the taking up of what was interrupted last and the loads of the life's own. */
function anyMoment(random: () => number, { openMs, loadMs }: Pace): Moment<Fact> {
  const [place, share] = [random(), random()]
  return place < 0.1
    ? { after: 'start', time: 1, ms: Math.round(share * openMs) }
    : { after: 'ready', time: 1, ms: Math.round(share * loadMs) }
}

export interface Breaking {
  home: string
  departments: Departments
  env: NodeJS.ProcessEnv
  seed: number
  times: number
  tally: Tally
  /** Ends with SIGKILL. */
  strike?: (city: ChildProcess) => void
  /** Once the process is gone. */
  mend?: () => Promise<void>
}

const program = fileURLToPath(import.meta.resolve('./city-of-modes.ts'))
/** A life of seconds is not worth optimised code. */
const brief = ['--liftoff-only']

/** A city that loads in every mode, from its beginning to its comparison with its sources, struck so many times in between. */
export async function breakCity({ home, departments, env, seed, times, tally, strike, mend }: Breaking): Promise<void> {
  const random = randomOf(seed)
  const acknowledged: Acknowledged = { queued: new Map(), ended: new Map() }
  const lifeOf = (round: number, end: Moment<Fact> | null) => {
    const orders: Orders = { home, departments, minutesAhead: round * 32, times: end ? null : 1 }
    return live<Fact>([...brief, program, JSON.stringify(orders)], env, end, strike)
  }
  const check = ({ facts, struckAtMs }: Life<Fact>, what: string) => {
    const [found, end] = facts.filter(({ fact }) => fact === 'state') as Extract<Fact, { fact: 'state' }>[]
    if (found) assertWhole(found, acknowledged, what)
    // What is heard after the strike was said before a kill, and by a machine that was dead before a power cut.
    remember(
      facts.filter(({ atMs }) => !strike || struckAtMs === null || atMs < struckAtMs),
      acknowledged,
    )
    if (end) assertWhole(end, acknowledged, `${what}, at its end`)
    return { found, end }
  }
  const first = await lifeOf(0, null)
  assert.equal(first.code, 0, first.errors)
  check(first, `seed ${seed}, before the first time`)
  const pace = paceOf(first)
  for (let round = 1; round <= times; round++) {
    const what = `seed ${seed}, time ${round}`
    const life = await lifeOf(round, anyMoment(random, pace))
    assert.equal(life.signal, 'SIGKILL', `${what}: ${life.errors}`)
    const { found } = check(life, what)
    for (const { entry } of found ? interruptedLoads(found) : []) tally.interrupted[entry] = (tally.interrupted[entry] ?? 0) + 1
    tally.slices += found?.slices ?? 0
    tally.readyMs.push(...life.facts.filter(({ fact }) => fact === 'ready').map(({ atMs }) => Math.round(atMs)))
    tally.breaks++
    await mend?.()
  }
  const last = await lifeOf(times + 1, null)
  assert.equal(last.code, 0, last.errors)
  const { end } = check(last, `seed ${seed}, after ${times} times`)
  assertSwept(end!, `seed ${seed}, at the end`)
  const compared = last.facts.find(({ fact }) => fact === 'streamed')
  const asSource = { fact: 'streamed', rows: 0, lacking: [], extra: [], slots: 1, atMs: 0 }
  assert.deepEqual({ ...compared, rows: 0, atMs: 0 }, asSource, `seed ${seed}`)
  tally.loads += end!.loads.length
  tally.ended += acknowledged.ended.size
}
