import { toLocalDate, daysBetween } from '../../kernel/working-days.ts'
import { type Ctx, emit, inTx, quoteIdentifier } from '../../store/index.ts'
import { digestColumn } from '../connectors/connector.ts'
import { selectStorage, type StorageRow } from './retention-store.ts'

/** So many in one night: each is written anew. */
const mostTables = 50

/**
 * Live tables that nobody has loaded for as long as the profile says are written anew with its codec for cold data. Readers go on during it,
 * and the rows stay the same.
 */
export async function coolTables(ctx: Ctx): Promise<void> {
  const cold: StorageRow[] = []
  for (let cursor: string | undefined; cold.length < mostTables; ) {
    const rows = await selectStorage(ctx.db, 'everything', { cursor, limit: 500 })
    cold.push(...rows.filter((row) => isDue(ctx, row)))
    if (rows.length < 500) break
    cursor = rows.at(-1)!.entry_id
  }
  for (const row of cold.slice(0, mostTables)) await coolTable(ctx, row)
}

const ruleOf = ({ profile }: Pick<Ctx, 'profile'>, { level }: StorageRow) =>
  profile.storage.levels[level as keyof typeof profile.storage.levels].value

function isDue(ctx: Pick<Ctx, 'profile' | 'now'>, row: StorageRow): boolean {
  const { coldAfterDays } = ruleOf(ctx, row)
  return coldAfterDays !== null && row.cooled_at === null && daysBetween(toLocalDate(row.loaded_at), toLocalDate(ctx.now())) > coldAfterDays
}

async function coolTable(ctx: Ctx, row: StorageRow): Promise<void> {
  const { lake } = ctx
  const { coldCodec: codec } = ruleOf(ctx, row)
  const table = `lake.${quoteIdentifier(row.lake_table)}`
  const columns = await lake.measure<{ name: string }>(
    "SELECT name FROM system.columns WHERE database = 'lake' AND table = {table:String} AND name != {digest:String}",
    // A digest does not compress.
    { table: row.lake_table, digest: digestColumn },
  )
  const before = await bytesOf(ctx, row.lake_table)
  await lake.define(
    `ALTER TABLE ${table} ${columns.map(({ name }) => `MODIFY COLUMN ${quoteIdentifier(name)} CODEC(${codec})`).join(', ')}`,
  )
  await lake.command(`OPTIMIZE TABLE ${table} FINAL`)
  const after = await bytesOf(ctx, row.lake_table)
  await inTx(ctx, async (ctx) => {
    const cooled = { lake_table: row.lake_table, codec, bytes_before: before, bytes_after: after, cooled_at: ctx.now() }
    await ctx.db
      .insertInto('ingestion.cold_table')
      .values(cooled)
      .onConflict((on) => on.doNothing())
      .execute()
    emit(ctx, {
      action: 'ingestion.data_cooled',
      object: { type: 'entry', id: row.entry_id, name: row.entry_name },
      detail: { entryId: row.entry_id, codec, before, after },
    })
  })
}

const bytesOf = async ({ lake }: Ctx, table: string) => (await lake.tables([table]))[0]?.bytes ?? 0
