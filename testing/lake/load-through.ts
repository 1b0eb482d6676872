import type { FileDialect } from '#contract/ingestion.ts'
import type { Connector } from '../../server/ingestion/connectors/connector.ts'
import type { LoadItem } from '../../server/ingestion/conversion/column-plan.ts'
import { loadObject, type Outcome } from '../../server/ingestion/load/load-object.ts'
import { planColumns, wantedColumns } from '../../server/ingestion/load/plan-columns.ts'
import { tablesOf } from '../../server/ingestion/load/lake-tables.ts'
import { newId } from '../../server/kernel/ids.ts'
import type { Lake } from '../../server/store/index.ts'

type ItemOf = Pick<LoadItem, 'code' | 'dataType'> & Partial<LoadItem>

/** An item from the column of its own name, or of `columns[code]`. */
const toItem = (item: ItemOf): LoadItem => ({
  name: item.code,
  length: null,
  scale: null,
  isKey: false,
  isRequired: false,
  sensitiveKind: 'none',
  ...item,
})

export interface Loaded extends Outcome {
  rows: Record<string, unknown>[]
  quarantine: Record<string, unknown>[]
}

/** Loads one object of a connector into fresh tables, as a load does, and shows what has arrived. */
export async function loadThrough(
  lake: Lake,
  connector: Connector,
  {
    object,
    items,
    columns = {},
    missing = {},
    dialect = null,
  }: {
    object: string
    items: ItemOf[]
    columns?: Record<string, string>
    /** Words that mean no value, by the code of an item. */
    missing?: Record<string, string[]>
    dialect?: FileDialect | null
  },
): Promise<Loaded> {
  const all = items.map(toItem)
  const mapping = all.map(({ code }) => ({
    item: code,
    column: columns[code] ?? code,
    conversion: 'auto' as const,
    format: '',
    missing: missing[code] ?? [],
    trim: true,
  }))
  const asked = wantedColumns(mapping, all as never)
  const { signal } = new AbortController()
  const reading = await connector.openReading(object, dialect, asked.wanted, signal)
  try {
    const tables = tablesOf(newId(), 1)
    const outcome = await loadObject({
      lake,
      reading,
      columns: planColumns(asked, reading),
      items: all,
      tables,
      verify: 'content',
      quarantineLimit: { share: 1, rows: null },
      signal,
      asSnapshot: false,
    })
    const rows = await lake.rows<Record<string, unknown>>(`SELECT * EXCEPT (_row, \`#digest\`) FROM lake.${tables.target} ORDER BY _row`)
    const quarantine =
      outcome.quarantined > 0 ? await lake.rows<Record<string, unknown>>(`SELECT * FROM lake.${tables.quarantine} ORDER BY _row`) : []
    return { ...outcome, rows, quarantine }
  } finally {
    await reading.close()
  }
}
