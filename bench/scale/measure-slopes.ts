// `node bench/scale/measure-slopes.ts [millions…]` (1 10 50): the slopes behind docs/SCALE.md, on this machine, as Markdown. The embedded engine
// in a temporary folder; nothing else of the city runs.
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { openLake } from '../../server/store/index.ts'
import { columns, namesOf, tableOf, valuesOf } from './person-rows.ts'

const dir = mkdtempSync(join(tmpdir(), 'datong-scale-'))
const lake = await openLake({ dir })
const millions = process.argv.slice(2).map(Number)
const points = (millions.length > 0 ? millions : [1, 10, 50]).map((n) => n * 1e6)
const line = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)
const fix = (value: number, digits = 2) => value.toFixed(digits)

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return (performance.now() - started) / 1000
}

async function bytesOf(table: string): Promise<number> {
  return (await lake.tables([table]))[0]!.bytes
}

/** Resident memory of this process while `run` works: the embedded engine is part of it. */
async function peakOf<T>(run: () => Promise<T>): Promise<{ result: T; peak: number }> {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 50)
  const result = await run().finally(() => clearInterval(timer))
  return { result, peak }
}

const bulk = { priority: 'bulk', threads: 2, settings: { parallel_view_processing: 1 } } as const

/** One point: rows from a table into another, the same through a Null table with two views, merge, scans, one row by its number. */
async function measurePoint(rows: number): Promise<void> {
  await lake.define(tableOf('origin', 'LZ4'))
  await lake.define(tableOf('direct', 'LZ4'))
  await lake.define(tableOf('whole', 'LZ4'))
  await lake.define(tableOf('aside', 'LZ4'))
  await lake.define(`CREATE TABLE lake.input AS lake.direct ENGINE = Null`)
  const view = (name: string, into: string, where: string) =>
    lake.define(`CREATE MATERIALIZED VIEW lake.${name} TO lake.${into} AS SELECT ${namesOf} FROM lake.input WHERE ${where}`)
  await view('plain', 'whole', '_row % 1000 != 7')
  await view('odd', 'aside', '_row % 1000 = 7')
  await lake.command(`INSERT INTO lake.origin SELECT * FROM (${valuesOf('numbers({rows:UInt64})')})`, { rows }, bulk)
  const copy = (into: string) => seconds(() => lake.command(`INSERT INTO lake.${into} SELECT * FROM lake.origin`, {}, bulk))
  const { result: direct, peak } = await peakOf(() => copy('direct'))
  const fanned = await copy('input')
  const merge = await seconds(() => lake.command('OPTIMIZE TABLE lake.direct FINAL', {}, bulk))
  const bytes = await bytesOf('direct')
  const count = await seconds(() =>
    lake.measure('SELECT count() AS n FROM lake.direct WHERE state_code = {code:String}', { code: '3' }, bulk),
  )
  const digest = await seconds(() => lake.measure('SELECT sum(cityHash64(tuple(*))) AS x FROM lake.direct', {}, bulk))
  const lookup = await seconds(() =>
    lake.measure('SELECT id_number FROM lake.direct WHERE _row = {row:UInt64}', { row: Math.floor(rows / 2) }),
  )
  const rate = (time: number) => fix(rows / time / 1e6)
  line(
    rows / 1e6,
    rate(direct),
    rate(fanned),
    fix(merge, 1),
    fix(bytes / merge / 2 ** 20, 0),
    fix(bytes / rows, 1),
    rate(count),
    rate(digest),
    fix(lookup * 1000, 1),
    fix(peak / 2 ** 20, 0),
  )
  for (const table of ['plain', 'odd', 'input', 'direct', 'whole', 'aside', 'origin']) await lake.define(`DROP TABLE lake.${table} SYNC`)
}

/** Bytes of each column on disk under each codec, and what writing them costs. */
async function measureCodecs(rows: number): Promise<void> {
  const codecs = ['NONE', 'LZ4', 'ZSTD(1)', 'ZSTD(3)', 'ZSTD(9)']
  const bytes = new Map<string, number[]>(columns.map(({ name }) => [name, []]))
  const speed: string[] = []
  await lake.define(tableOf('origin', 'LZ4'))
  await lake.command(`INSERT INTO lake.origin SELECT * FROM (${valuesOf('numbers({rows:UInt64})')})`, { rows }, bulk)
  for (const codec of codecs) {
    await lake.define(tableOf('coded', codec))
    const time = await seconds(() => lake.command('INSERT INTO lake.coded SELECT * FROM lake.origin', {}, bulk))
    await lake.command('OPTIMIZE TABLE lake.coded FINAL', {}, bulk)
    const found = await lake.measure<{ name: string; bytes: string }>(
      "SELECT column AS name, sum(column_data_compressed_bytes) AS bytes FROM system.parts_columns WHERE database = 'lake' AND table = 'coded' AND active GROUP BY column",
    )
    for (const { name, bytes: size } of found) bytes.get(name)!.push(Number(size) / rows)
    speed.push(fix(rows / time / 1e6))
    await lake.define('DROP TABLE lake.coded SYNC')
  }
  console.log(`\nBytes a row on disk, ${rows / 1e6} M rows, after a merge:\n`)
  line('column', ...codecs)
  line('---', ...codecs.map(() => '---:'))
  for (const { name, kind } of columns) line(kind, ...bytes.get(name)!.map((size) => fix(size)))
  line(
    '**all**',
    ...codecs.map((_, i) =>
      fix(
        [...bytes.values()].reduce((sum, sizes) => sum + sizes[i]!, 0),
        1,
      ),
    ),
  )
  line('copied, M rows/s', ...speed)
}

const load = () => loadavg()[0]!.toFixed(1)
console.log(`${availableParallelism()} cores, ${fix(totalmem() / 2 ** 30, 0)} GiB, load average ${load()} at the start\n`)
line(
  'M rows',
  'insert M/s',
  'Null + 2 views M/s',
  'merge s',
  'merge MiB/s',
  'bytes/row LZ4',
  'filter M/s',
  'digest M/s',
  'one row ms',
  'peak MiB',
)
line(...Array.from({ length: 10 }, () => '---:'))
for (const rows of points) await measurePoint(rows)
await measureCodecs(Math.min(5e6, points.at(-1)!))
console.log(`\nload average ${load()} at the end`)
await lake.close()
rmSync(dir, { recursive: true, force: true })
