import type { Bench } from './bench.ts'
import { ledger } from './ledger.ts'
import { loadCdc } from './load-cdc.ts'
import { loadCompare } from './load-compare.ts'
import { loadCsv } from './load-csv.ts'
import { loadPostgres } from './load-postgres.ts'
import { loadVerified } from './load-verified.ts'
import { search } from './search.ts'
import { share } from './share-keyed.ts'
import { start } from './start.ts'

export const benches: Bench[] = [loadPostgres, loadVerified, loadCompare, loadCsv, loadCdc, search, share, start, ledger]
