// The same load with the content of every row compared with a digest that the source computed.
import type { Bench } from './bench.ts'
import { loadFromPostgres } from './load-postgres.ts'

export const loadVerified: Bench = {
  name: 'load.verified',
  figure: '≥ 0.75 × INSERT … SELECT FROM postgresql(), every row compared with a digest computed at the source',
  run: (rounds) => loadFromPostgres({ name: 'load.verified', goal: 0.75, rounds, verify: 'content' }),
}
