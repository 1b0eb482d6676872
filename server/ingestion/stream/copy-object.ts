import type { PublishedEntry } from '../../catalog/index.ts'
import { conflict } from '../../kernel/errors.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import { type Ctx, quoteIdentifier } from '../../store/index.ts'
import type { Reading } from '../connectors/connector.ts'
import { type ColumnPlan, inputName } from '../conversion/column-plan.ts'
import type { Access } from '../load/load-full.ts'
import { dropInput, dropTable, type LoadTables, quarantineColumns } from '../load/lake-tables.ts'
import { loadObject, type Outcome } from '../load/load-object.ts'
import { quarantineLimitOf } from '../quarantine/limit-quarantine.ts'
import { planColumns, type wantedColumns } from '../load/plan-columns.ts'
import type { PlanRow } from '../plan/plan-store.ts'
import { connectorOf } from '../source/connector-of.ts'
import { selectSource } from '../source/source-store.ts'
import { type CopyTables, keyName } from './stream-tables.ts'

const q = quoteIdentifier
const text = lakeTypeOf({ dataType: 'M', length: null, scale: null })

/** The key columns as texts of their own, beside the items: what the log says of a row is found by them. */
export const keyColumns = (keys: readonly string[], from: number): Omit<ColumnPlan, 'arrival'>[] =>
  keys.map((column, i) => ({
    item: {
      code: keyName(i),
      name: column,
      dataType: 'M',
      length: null,
      scale: null,
      isKey: true,
      isRequired: false,
      sensitiveKind: 'none',
    } as never,
    type: text,
    source: column,
    input: inputName(from + i),
    conversion: 'text',
    format: '',
    missing: [],
    trim: false,
  }))

interface Asking {
  plan: PlanRow
  asked: ReturnType<typeof wantedColumns>
  keys: readonly string[]
  signal: AbortSignal
}

/** An object with its key: opened for the copy, and for reading rows again. @throws conflict `ingestion.source_gone` */
export async function openWithKeys(
  ctx: Ctx,
  access: Access,
  { plan, asked, keys, signal }: Asking,
): Promise<{ reading: Reading; keyPlans: ColumnPlan[] }> {
  const source = await selectSource(ctx.db, 'everything', plan.source_id)
  if (!source) throw conflict('ingestion.source_gone')
  const own = keyColumns(keys, asked.wanted.length)
  const wanted = [...asked.wanted, ...own.map(({ source, type, conversion, missing }) => ({ column: source, type, conversion, missing }))]
  const reading = await connectorOf(ctx, access, source).openReading(plan.object, plan.dialect, wanted, signal)
  return { reading, keyPlans: own.map((key, i) => ({ ...key, arrival: reading.arrivals[asked.wanted.length + i]! })) }
}

interface Copying extends Asking {
  entry: PublishedEntry
  tables: CopyTables
  /** Tables of this attempt while it copies. */
  scratch: LoadTables
  /** With contents, where the target has a column for the digests. */
  verify?: 'content'
}

/**
 * The whole object into the stream's table, as a full load would: through the engine, by one statement of the source, with
 * quarantine and the count that the source made in the same statement. Changes that the log brings again have no effect on the end.
 */
export async function copyObject(ctx: Ctx, access: Access, copying: Copying): Promise<Outcome> {
  const { plan, entry, asked, tables, signal } = copying
  const { reading, keyPlans } = await openWithKeys(ctx, access, copying)
  const scratch = { ...copying.scratch, target: tables.target }
  try {
    const columns = [...planColumns(asked, reading), ...keyPlans]
    const outcome = await loadObject({
      lake: ctx.lake,
      reading: intoExisting(reading),
      columns,
      items: entry.content.items,
      tables: scratch,
      verify: copying.verify ?? 'count',
      quarantineLimit: quarantineLimitOf(plan),
      signal,
      asSnapshot: true,
    })
    if (outcome.quarantined > 0) await keepQuarantine(ctx, scratch, tables, columns)
    return outcome
  } finally {
    await reading.close()
    await dropInput(ctx.lake, scratch)
    await dropTable(ctx.lake, scratch.quarantine)
  }
}

/** Rows that are numbered by the caller go into a table that is there already. */
const intoExisting = (reading: Reading): Reading => ({
  ...reading,
  input: async (columns, how) => ({ ...(await reading.input(columns, how)), row: '1 + rowNumberInAllBlocks()' }),
})

async function keepQuarantine({ lake }: Ctx, scratch: LoadTables, tables: CopyTables, columns: readonly ColumnPlan[]): Promise<void> {
  const names = ['_row', ...Object.values(quarantineColumns), ...columns.map(({ item }) => item.code)].map(q).join(', ')
  await lake.command(`INSERT INTO lake.${q(tables.quarantine)} (${names}) SELECT ${names} FROM lake.${q(scratch.quarantine)}`)
}
