import type { LoadMode } from '#contract/ingestion.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { type BenchResult, median, round, spreadOf } from '../bench.ts'
import { items } from './source-database.ts'

export interface LoadBench {
  name: string
  goal: number
  rounds: number
  /** Rows that every load must bring. */
  rows: number
  fileRoots?: string[]
  source: object
  object: string
  verify: 'count' | 'content'
  mode?: LoadMode
  /** What happens to the source before a round. */
  between?: (round: number) => Promise<unknown>
  /** SQL of the bare import into `lake.bare`, by the same engine. */
  bare: { sql: string; parameters: Record<string, string>; settings?: Record<string, string | number> }
  detail?: Record<string, unknown>
}

const bareTable = `CREATE TABLE lake.bare (id Nullable(Int64), uscc Nullable(String), name Nullable(String), district Nullable(String), address Nullable(String),
  capital Nullable(Decimal(16, 2)), employees Nullable(Int64), founded Nullable(Date32), updated_at Nullable(DateTime64(6, 'UTC')), active Nullable(Bool))
  ENGINE = MergeTree ORDER BY tuple()`

/** A: the engine's bare INSERT … SELECT. B: a load as people start it, by route and job, until it has succeeded. A B A B. */
export async function compareLoads(bench: LoadBench): Promise<BenchResult[]> {
  const city = await openTestCity({ ...(bench.fileRoots && { fileRoots: bench.fileRoots }) })
  try {
    const { steward, planId } = await preparePlan(city, bench)
    await timeLoad(steward, planId, bench.rows)
    const samples: { bare: number; load: number }[] = []
    for (let i = 0; i < bench.rounds; i++) {
      await bench.between?.(i)
      samples.push({ bare: await timeBare(city, bench), load: await timeLoad(steward, planId, bench.rows) })
    }
    return [summarize(bench, samples)]
  } finally {
    await city.close()
  }
}

export async function preparePlan(
  city: TestCity,
  bench: Pick<LoadBench, 'source' | 'object' | 'verify' | 'mode'>,
): Promise<{ steward: Client; planId: string }> {
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业登记信息', items: [...items] })
  const { id: sourceId } = await steward.call('create_source', { body: { name: '登记库', settings: bench.source as never } })
  const mapping = items.map(({ code }) => ({ item: code, column: code, ...(code === 'active' && { conversion: 'boolean' as const }) }))
  const plan = await steward.call('create_plan', {
    body: { entryId, sourceId, object: bench.object, mapping, verify: bench.verify, ...(bench.mode && { mode: bench.mode }) },
  })
  return { steward, planId: plan.id }
}

async function timeBare({ app: { lake } }: TestCity, { bare, rows }: LoadBench): Promise<number> {
  await lake.define('DROP TABLE IF EXISTS lake.bare SYNC')
  await lake.define(bareTable)
  const start = performance.now()
  await lake.command(bare.sql, bare.parameters, { threads: 2, ...(bare.settings && { settings: bare.settings }) })
  const seconds = (performance.now() - start) / 1000
  const [found] = await lake.measure<{ n: string }>('SELECT count() AS n FROM lake.bare')
  if (Number(found!.n) !== rows) throw new Error(`the bare import brought ${found!.n} of ${rows} rows`)
  await lake.define('DROP TABLE lake.bare SYNC')
  return seconds
}

export async function timeLoad(steward: Client, planId: string, rows: number): Promise<number> {
  const start = performance.now()
  const { id } = await steward.call('start_load', { params: { planId } })
  for (;;) {
    const load = await steward.call('get_load', { params: { loadId: id } })
    const seconds = (performance.now() - start) / 1000
    if (load.state === 'succeeded' && load.written === rows) return seconds
    if (load.finishedAt) throw new Error(`the load ended ${load.state}: ${JSON.stringify(load)}`)
    await sleep(100)
  }
}

function summarize({ name, goal, rows, detail }: LoadBench, samples: { bare: number; load: number }[]): BenchResult {
  const ratios = samples.map(({ bare, load }) => bare / load)
  const value = round(median(ratios))
  return {
    name,
    value,
    unit: '× bare import',
    goal: `≥ ${goal}`,
    pass: value >= goal,
    rounds: samples.length,
    spread: spreadOf(ratios),
    detail: {
      rows,
      bareSeconds: round(median(samples.map(({ bare }) => bare))),
      loadSeconds: round(median(samples.map(({ load }) => load))),
      ...detail,
    },
  }
}
