import type { Ctx } from '../../store/index.ts'
import { type Claim, touchLoad } from './load-store.ts'
import type { LoadTables } from './lake-tables.ts'

export interface Watch {
  /** Aborts when the load is cancelled or given to another worker, and when the program ends. */
  signal: AbortSignal
  /** Rows that the source has, once they are counted. */
  expect(rows: number): void
  /** Rows that are there for good; `isNew`: they say something of the pace. */
  settle(rows: number, isNew: boolean): void
  stop(): void
}

const everyMs = 2000

/** Gives signs of life with the progress so far, and stops the work when the load is no longer this worker's. */
export function watchLoad(ctx: Ctx, claim: Claim, tables: LoadTables, stopping: AbortSignal): Watch {
  const ended = new AbortController()
  const began = ctx.now().getTime()
  let [expected, settled, taken] = [0, 0, 0]
  let isBusy = false
  const look = async () => {
    if (isBusy) return
    isBusy = true
    try {
      const rows = expected > 0 ? settled + (await rowsSoFar(ctx, tables)) : 0
      const progress = expected > 0 ? Math.min(0.99, rows / expected) : null
      const perRow = rows > taken ? (ctx.now().getTime() - began) / (rows - taken) : null
      const estimated = perRow && { estimated_end: new Date(ctx.now().getTime() + perRow * Math.max(0, expected - rows)) }
      // Between two statements nothing runs in the engine: the progress stays where it was.
      const isOurs = await touchLoad(ctx.db, claim, { touched_at: ctx.now(), ...(progress && { progress }), ...estimated })
      if (!isOurs) ended.abort()
    } catch (error) {
      ctx.log.warn({ err: error, load: claim.id }, 'a load could not be looked after')
    } finally {
      isBusy = false
    }
  }
  const timer = setInterval(() => void look(), everyMs)
  return {
    signal: AbortSignal.any([ended.signal, stopping]),
    expect(rows) {
      expected = rows
    },
    settle(rows, isNew) {
      settled += rows
      if (!isNew) taken += rows
    },
    stop: () => clearInterval(timer),
  }
}

async function rowsSoFar({ lake }: Ctx, { input, target }: LoadTables): Promise<number> {
  const [found] = await lake.measure<{ rows: string }>(
    "SELECT sum(read_rows) AS rows FROM system.processes WHERE match(query, {into:String}) AND position(query, 'system.processes') = 0",
    // A server shows the statement in its own spelling. Names of slices go on after those of their load.
    { into: `INTO lake\\.\`?(${input}|${target})` },
  )
  return Number(found?.rows ?? 0)
}
