import type { Bench } from './bench.ts'
import { ledger } from './ledger.ts'
import { search } from './search.ts'
import { start } from './start.ts'

export const benches: Bench[] = [search, start, ledger]
