import type { Bench } from './bench.ts'
import { ledger } from './ledger.ts'
import { loadCdc } from './load-cdc.ts'
import { loadCompare } from './load-compare.ts'
import { loadCsv, loadJson, loadParquet } from './load-files.ts'
import { loadPostgres } from './load-postgres.ts'
import { loadMemory, loadSlope } from './load-slope.ts'
import { loadVerified } from './load-verified.ts'
import { search } from './search.ts'
import { share } from './share-keyed.ts'
import { start } from './start.ts'

export const benches: Bench[] = [
  loadPostgres,
  loadVerified,
  loadCompare,
  loadCsv,
  loadJson,
  loadParquet,
  loadMemory,
  loadSlope,
  loadCdc,
  search,
  share,
  start,
  ledger,
]
