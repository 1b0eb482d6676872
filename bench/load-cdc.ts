// A change stream of PostgreSQL: how many changed rows a second it applies when the source writes as fast as it can, and how long a
// change takes from its commit until the lake shows it while the source writes steadily.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity, type TestCity } from '#testing/city.ts'
import { awaitStream } from '#testing/stream/await-stream.ts'
import { type Bench, type BenchResult, median, round, spreadOf } from './bench.ts'
import { items, startSource } from './load/source-database.ts'

const goals = { rowsPerSecond: 20_000, lagSeconds: 5 }
/** `DATONG_BENCH_ROWS` makes it smaller for a try. */
const rows = Number(process.env.DATONG_BENCH_ROWS ?? 500_000)
const steady = { seconds: 20, everyMs: 100, rows: 1000 }

const insert = `insert into enterprise select i, '9135' || lpad(i::text, 14, '0'), '厦门市鹭岛实业有限公司第' || i || '分公司', '思明区',
  '福建省厦门市湖滨南路' || i % 900, (i % 10000000) / 100.0, i % 500, date '1980-01-01' + (i % 16000)::int, timestamp '2020-01-01', i % 9 <> 0
  from generate_series($1::bigint, $2::bigint) as i`

export const loadCdc: Bench = {
  name: 'load.cdc',
  figure: '≥ 20,000 rows/s applied by a change stream of PostgreSQL; from commit to lake p99 ≤ 5 s at 10,000 rows/s',
  async run(rounds) {
    const source = await startSource(1000, { wal_level: 'logical' })
    const city = await openTestCity()
    const client = new pg.Client(source.server.url)
    await client.connect()
    try {
      await client.query('create publication datong for table enterprise')
      const table = await follow(city, source.server.port)
      const rates: number[] = []
      const lags: number[] = []
      let next = 1001
      for (let round = 0; round < rounds; round++) {
        rates.push(await applyBurst(city, client, table, next))
        next += rows
        const { p99, end } = await followSteadily(city, client, table, next)
        lags.push(p99)
        next = end
      }
      return resultsOf(rates, lags, rounds)
    } finally {
      await client.end()
      await city.close()
      await source.stop()
    }
  },
}

async function follow(city: TestCity, port: number): Promise<string> {
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
  const settings = { kind: 'postgresql', host: '127.0.0.1', port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: '登记库', settings } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId, sourceId, object: 'enterprise', mapping, mode: { kind: 'stream' } } as const
  const { id: planId } = await steward.call('create_plan', { body })
  const { id } = await steward.call('start_stream', { params: { planId } })
  await awaitStream(steward, id, ({ state }) => state === 'streaming')
  const found = await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').executeTakeFirstOrThrow()
  return found.lake_table!
}

const newest = async ({ app }: TestCity, table: string): Promise<number> => {
  const [found] = await app.lake.measure<{ id: string }>(`SELECT max(id) AS id FROM lake.${table}`)
  return Number(found!.id)
}

/** Rows a second from the first commit until the last row is in the lake. */
async function applyBurst(city: TestCity, client: pg.Client, table: string, from: number): Promise<number> {
  const piece = 10_000
  const startedAt = performance.now()
  for (let at = from; at < from + rows; at += piece) await client.query(insert, [at, Math.min(at + piece, from + rows) - 1])
  while ((await newest(city, table)) < from + rows - 1) await sleep(50)
  return (rows * 1000) / (performance.now() - startedAt)
}

/** Seconds from each commit until the lake shows it. */
async function followSteadily(city: TestCity, client: pg.Client, table: string, from: number): Promise<{ p99: number; end: number }> {
  const waiting: { id: number; at: number }[] = []
  const seconds: number[] = []
  let isWriting = true
  const seeing = (async () => {
    while (isWriting || waiting.length > 0) {
      const seen = await newest(city, table)
      while (waiting[0] && waiting[0].id <= seen) seconds.push((performance.now() - waiting.shift()!.at) / 1000)
      await sleep(50)
    }
  })()
  let at = from
  for (const end = performance.now() + steady.seconds * 1000; performance.now() < end; at += steady.rows) {
    const startedAt = performance.now()
    await client.query(insert, [at, at + steady.rows - 1])
    waiting.push({ id: at + steady.rows - 1, at: performance.now() })
    await sleep(Math.max(0, steady.everyMs - (performance.now() - startedAt)))
  }
  isWriting = false
  await seeing
  seconds.sort((one, other) => one - other)
  return { p99: seconds[Math.floor(seconds.length * 0.99)]!, end: at }
}

const resultsOf = (rates: number[], lags: number[], rounds: number): BenchResult[] => [
  {
    name: 'load.cdc',
    value: round(median(rates)),
    unit: 'rows/s',
    goal: `≥ ${goals.rowsPerSecond} rows/s`,
    pass: median(rates) >= goals.rowsPerSecond,
    rounds,
    spread: spreadOf(rates),
    detail: { rows },
  },
  {
    name: 'load.cdc.lag',
    value: round(median(lags)),
    unit: 's',
    goal: `p99 ≤ ${goals.lagSeconds} s`,
    pass: median(lags) <= goals.lagSeconds,
    rounds,
    spread: spreadOf(lags),
    detail: { rowsPerSecond: (steady.rows * 1000) / steady.everyMs },
  },
]
