// Full load from PostgreSQL, with counts, quarantine check, lineage and audit, against the engine's bare import of the same table.
import type { LoadMode } from '#contract/ingestion.ts'
import type { Bench, BenchResult } from './bench.ts'
import { compareLoads } from './load/compare-loads.ts'
import { startSource } from './load/source-database.ts'

/** `DATONG_BENCH_ROWS` makes it smaller for a try. */
const most = Number(process.env.DATONG_BENCH_ROWS ?? 5_000_000)

export const loadPostgres: Bench = {
  name: 'load.postgres',
  figure: '≥ 1.0 × INSERT … SELECT FROM postgresql(), 5 M rows, counts reconciled, faults to quarantine, lineage, audit',
  run: (rounds) => loadFromPostgres({ name: 'load.postgres', goal: 1, rounds, verify: 'count' }),
}

export async function loadFromPostgres({
  between,
  rows = most,
  ...bench
}: {
  name: string
  goal: number
  rounds: number
  verify: 'count' | 'content'
  rows?: number
  mode?: LoadMode
  /** SQL that the source runs before a round. */
  between?: (round: number) => string
}): Promise<BenchResult[]> {
  const source = await startSource(rows)
  const { port } = source.server
  try {
    return await compareLoads({
      ...bench,
      rows,
      ...(between && { between: (round: number) => source.query(between(round)) }),
      source: { kind: 'postgresql', host: '127.0.0.1', port, database: 'postgres', user: 'postgres' },
      object: 'enterprise',
      bare: {
        sql: "INSERT INTO lake.bare SELECT * FROM postgresql({address:String}, 'postgres', 'enterprise', 'postgres', '')",
        parameters: { address: `127.0.0.1:${port}` },
      },
    })
  } finally {
    await source.stop()
  }
}
