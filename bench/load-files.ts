// A file of about 1 GB as CSV, JSON lines or Parquet: proved, counted and converted, against the engine's bare typed import of the same file.
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLake } from '../server/store/index.ts'
import type { Bench } from './bench.ts'
import { compareLoads } from './load/compare-loads.ts'
import { startSource } from './load/source-database.ts'

/** `DATONG_BENCH_ROWS` makes it smaller for a try. */
const rows = Number(process.env.DATONG_BENCH_ROWS ?? 6_600_000)
const goal = 0.95

const columns =
  "id Nullable(Int64), uscc Nullable(String), name Nullable(String), district Nullable(String), address Nullable(String), capital Nullable(Decimal(16, 2)), employees Nullable(Int64), founded Nullable(Date32), updated_at Nullable(DateTime64(6, 'UTC')), active Nullable(Bool)"

const kinds = {
  csv: { format: 'CSVWithNames', file: 'enterprise.csv' },
  json: { format: 'JSONEachRow', file: 'enterprise.jsonl' },
  parquet: { format: 'Parquet', file: 'enterprise.parquet' },
} as const

const loadOf = (kind: keyof typeof kinds): Bench => {
  const { format, file } = kinds[kind]
  return {
    name: `load.${kind}`,
    figure: `≥ ${goal} × INSERT … SELECT FROM file(), ${file} of ${rows} rows`,
    async run(rounds) {
      const folder = mkdtempSync(join(tmpdir(), 'datong-bench-'))
      chmodSync(folder, 0o777)
      const path = join(folder, file)
      try {
        await writeFile(folder, path, format)
        return await compareLoads({
          ...{ name: `load.${kind}`, goal, rounds, rows, fileRoots: [folder], source: { kind: 'folder', path: '' }, object: file },
          verify: 'count',
          bare: {
            sql: `INSERT INTO lake.bare SELECT * FROM file({path:String}, '${format}', {columns:String})`,
            parameters: { path, columns },
          },
          detail: { megabytes: Math.round(statSync(path).size / 1e6) },
        })
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** The register of the database, as its department would send it. */
async function writeFile(folder: string, path: string, format: string): Promise<void> {
  const csv = join(folder, 'export.csv')
  const source = await startSource(rows)
  await source.copyTo(format === 'CSVWithNames' ? path : csv)
  await source.stop()
  if (format === 'CSVWithNames') return
  const lake = await openLake({ dir: join(folder, 'lake') })
  // PostgreSQL writes truths as t and f.
  const sql = `INSERT INTO FUNCTION file({path:String}, '${format}', {columns:String}) SELECT * REPLACE (active = 't' AS active) FROM file({csv:String}, 'CSVWithNames', {texts:String})`
  await lake.command(sql, { path, columns, csv, texts: columns.replace('Nullable(Bool)', 'Nullable(String)') })
  await lake.close()
  rmSync(csv)
  rmSync(join(folder, 'lake'), { recursive: true })
}

export const loadCsv = loadOf('csv')
export const loadJson = loadOf('json')
export const loadParquet = loadOf('parquet')
