import type { PublishedEntry } from '../../catalog/index.ts'
import type { PlanRow } from '../plan/plan-store.ts'
import type { LoadTables } from './lake-tables.ts'
import type { LoadRow } from './load-store.ts'

/** Where the data of a load came from, column by column: what a later OpenLineage run event is made of. */
export interface Lineage {
  run: string
  job: string
  inputs: { source: string; object: string }[]
  outputs: { entry: string; table: string; columns: Record<string, string[]> }[]
}

export const lineageOf = (load: LoadRow, plan: PlanRow, entry: PublishedEntry, tables: LoadTables): Lineage => ({
  run: load.id,
  job: plan.id,
  inputs: [{ source: plan.source_id, object: plan.object }],
  outputs: [
    { entry: entry.code, table: tables.target, columns: Object.fromEntries(plan.mapping.map(({ item, column }) => [item, [column]])) },
  ],
})
