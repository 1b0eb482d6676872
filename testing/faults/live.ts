import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

// A process that says what it does, one line of JSON each with the kind of `fact`, until something ends it.

interface Said {
  fact: string
}

export interface Life<F extends Said> {
  facts: (F & { atMs: number })[]
  struckAtMs: number | null
  code: number | null
  signal: NodeJS.Signals | null
  errors: string
}

/** So long after the process starts, or after it says something for the so-many-eth time. */
export interface Moment<F extends Said> {
  after: 'start' | F['fact']
  time: number
  ms: number
}

/** One life of a program: struck at a moment, by SIGKILL or otherwise, or left to end by itself. */
export async function live<F extends Said>(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  end: Moment<F> | null,
  strike: (process: ChildProcess) => void = (process) => process.kill('SIGKILL'),
): Promise<Life<F>> {
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const born = performance.now()
  const life: Life<F> = { facts: [], struckAtMs: null, code: null, signal: null, errors: '' }
  child.stderr.on('data', (chunk: Buffer) => {
    life.errors += chunk
  })
  const strikeAfter = (said: Moment<F>['after'], time: number) => {
    if (end?.after !== said || end.time !== time) return
    setTimeout(() => {
      life.struckAtMs = performance.now() - born
      strike(child)
    }, end.ms)
  }
  strikeAfter('start', 1)
  // A line that the kill cut in two acknowledges nothing.
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = parse<F>(line)
    if (!said) return
    life.facts.push({ ...said, atMs: performance.now() - born })
    strikeAfter(said.fact, life.facts.filter(({ fact }) => fact === said.fact).length)
  })
  ;[life.code, life.signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return life
}

function parse<F>(line: string): F | null {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
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
