// How time and memory of a load grow with the table: `load.slope` the time of a row from a small table to a big one, `load.memory`
// what Node holds meanwhile. The source makes its rows by itself; `DATONG_BENCH_SIZES` names other sizes than 1 M and 100 M.
import { setTimeout as sleep } from 'node:timers/promises'
import { openTestCity } from '#testing/city.ts'
import { type Bench, type BenchResult, median, round, spreadOf } from './bench.ts'
import { preparePlan, timeLoad } from './load/compare-loads.ts'
import { startSource } from './load/source-database.ts'

const sizes = (process.env.DATONG_BENCH_SIZES ?? '1000000,100000000').split(',').map(Number)
const mostMiB = 400
const steepest = 0.15

interface Sample {
  rows: number
  microsecondsPerRow: number
  /** Of what JavaScript holds, engine left out: heap and buffers. */
  nodeMiB: number
}

async function measure(rows: number, rounds: number): Promise<Sample[]> {
  const source = await startSource(rows)
  const city = await openTestCity()
  try {
    const settings = { kind: 'postgresql', host: '127.0.0.1', port: source.server.port, database: 'postgres', user: 'postgres' }
    const { steward, planId } = await preparePlan(city, { source: settings, object: 'enterprise', verify: 'content' })
    const samples: Sample[] = []
    for (let i = 0; i < rounds; i++) {
      const watch = watchMemory()
      const seconds = await timeLoad(steward, planId, rows)
      samples.push({ rows, microsecondsPerRow: (seconds * 1e6) / rows, nodeMiB: await watch.peakMiB() })
    }
    return samples
  } finally {
    await city.close()
    await source.stop()
  }
}

function watchMemory() {
  const state = { isOver: false, peak: 0 }
  const watching = (async () => {
    while (!state.isOver) {
      const { heapTotal, external } = process.memoryUsage()
      state.peak = Math.max(state.peak, heapTotal + external)
      await sleep(200)
    }
  })()
  return {
    async peakMiB() {
      state.isOver = true
      await watching
      return state.peak / 2 ** 20
    },
  }
}

const detailOf = (samples: readonly Sample[]) => ({
  sizes: sizes.map((rows) => {
    const own = samples.filter((sample) => sample.rows === rows)
    const of = (value: (sample: Sample) => number) => round(median(own.map(value)))
    return { rows, microsecondsPerRow: of((sample) => sample.microsecondsPerRow), nodeMiB: of((sample) => sample.nodeMiB) }
  }),
})

export const loadSlope: Bench = {
  name: 'load.slope',
  figure: `time of a row from ${sizes[0]} to ${sizes.at(-1)} rows, contents verified: at most ${1 + steepest} ×`,
  async run(rounds): Promise<BenchResult[]> {
    const samples: Sample[] = []
    // A big table is its own average: three rounds of it are enough.
    for (const rows of sizes) samples.push(...(await measure(rows, rows > 20_000_000 ? Math.min(3, rounds) : rounds)))
    const perRow = (rows: number) => samples.filter((sample) => sample.rows === rows).map((sample) => sample.microsecondsPerRow)
    const value = median(perRow(sizes.at(-1)!)) / median(perRow(sizes[0]!))
    const spread = spreadOf(perRow(sizes.at(-1)!))
    const goal = `≤ ${1 + steepest} ×`
    return [
      { name: 'load.slope', value: round(value), unit: '×', goal, pass: value <= 1 + steepest, rounds, spread, detail: detailOf(samples) },
    ]
  },
}

export const loadMemory: Bench = {
  name: 'load.memory',
  figure: `Node's memory during a load of ${sizes.at(-1)} rows, the engine's left out: ≤ ${mostMiB} MiB`,
  async run(rounds): Promise<BenchResult[]> {
    const samples = await measure(sizes.at(-1)!, rounds)
    const value = Math.max(...samples.map(({ nodeMiB }) => nodeMiB))
    const spread = spreadOf(samples.map(({ nodeMiB }) => nodeMiB))
    return [{ name: 'load.memory', value: round(value), unit: 'MiB', goal: `≤ ${mostMiB} MiB`, pass: value <= mostMiB, rounds, spread }]
  },
}
