// Snapshot comparison: the whole table is read and what differs is applied, against a bare import of the same table.
import { loadFromPostgres } from './load-postgres.ts'
import type { Bench } from './bench.ts'

/** `DATONG_BENCH_ROWS` makes it smaller for a try. */
const rows = Number(process.env.DATONG_BENCH_ROWS ?? 10_000_000)

export const loadCompare: Bench = {
  name: 'load.compare',
  figure: 'snapshot comparison of 10 M rows with 1 % changed: ≤ 1.5 × the time of a bare INSERT … SELECT (0.67 × its speed)',
  run: (rounds) =>
    loadFromPostgres({
      name: 'load.compare',
      goal: 0.67,
      rounds,
      rows,
      verify: 'count',
      mode: { kind: 'compare', keepHistory: false },
      // A hundredth of the rows, other ones each time.
      between: (round) => `UPDATE enterprise SET address = address || '改' WHERE id % 100 = ${round % 100}`,
    }),
}
