// A CSV of about 1 GB, proved, counted and converted, against the engine's bare typed import of the same file.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { compareLoads } from './load/compare-loads.ts'
import { startSource } from './load/source-database.ts'

/** About 1 GB. `DATONG_BENCH_ROWS` makes it smaller for a try. */
const rows = Number(process.env.DATONG_BENCH_ROWS ?? 6_600_000)

export const loadCsv: Bench = {
  name: 'load.csv',
  figure: '≥ 0.90 × INSERT … SELECT FROM file(), a CSV of 1 GB',
  async run(rounds) {
    const folder = mkdtempSync(join(tmpdir(), 'datong-bench-'))
    chmodSync(folder, 0o777)
    const path = join(folder, 'enterprise.csv')
    try {
      const source = await startSource(rows)
      await source.copyTo(path)
      await source.stop()
      const columns =
        "id Nullable(Int64), uscc Nullable(String), name Nullable(String), district Nullable(String), address Nullable(String), capital Nullable(Decimal(16, 2)), employees Nullable(Int64), founded Nullable(Date32), updated_at Nullable(DateTime64(6, 'UTC')), active Nullable(Bool)"
      return await compareLoads({
        name: 'load.csv',
        goal: 0.9,
        rounds,
        rows,
        fileRoots: [folder],
        source: { kind: 'folder', path: '' },
        object: 'enterprise.csv',
        verify: 'count',
        bare: {
          sql: "INSERT INTO lake.bare SELECT * FROM file({path:String}, 'CSVWithNames', {columns:String})",
          parameters: { path, columns },
        },
        detail: { megabytes: Math.round(statSync(path).size / 1e6) },
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
