import { z } from 'zod'
import type { Item } from '#contract/catalog.ts'
import { findPublishedEntries, type PublishedEntry } from '../../catalog/index.ts'
import { job } from '../../jobs/index.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import { type Ctx, emit, inTx, quoteIdentifier } from '../../store/index.ts'
import { findTableItems } from '../grant/find-table-items.ts'
import {
  deleteKeyTable,
  findKeyTable,
  insertKeyTable,
  type KeyTable,
  selectGrantedCodes,
  selectKeyedEntries,
  selectKeyTables,
} from './key-table-store.ts'

/** Keys whose text says exactly which value is meant. */
const keyKinds = new Set(['text', 'integer'])

/**
 * Gives the live table of each entry that is called by key a copy that answers by key, and takes it away when nobody calls
 * any more or the next load has replaced it. Derived data: a lookup without it reads the live table.
 */
export async function keepKeyTables(ctx: Ctx, { entryId }: { entryId?: string | undefined }): Promise<void> {
  const entryIds = entryId ? [entryId] : await selectKeyedEntries(ctx.db)
  const entries = await findPublishedEntries(ctx.db, entryIds)
  for (const id of entryIds) await keepOf(ctx, id, entries.get(id))
  if (!entryId) await dropOrphans(ctx)
}

/** Copies that a killed build left behind of tables that are gone since. */
async function dropOrphans({ lake }: Ctx): Promise<void> {
  const orphans = await lake.measure<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'k_')
     AND substring(name, 3) NOT IN (SELECT name FROM system.tables WHERE database = currentDatabase())`,
  )
  for (const { name } of orphans) await lake.define(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`)
}

async function keepOf(ctx: Ctx, entryId: string, entry: PublishedEntry | undefined): Promise<void> {
  const key = entry && (await findKey(ctx, entry))
  if (entry?.table && key && !(await findKeyTable(ctx.db, entry.table))) await build(ctx, entry, entry.table, key)
  for (const old of await selectKeyTables(ctx.db, entryId)) {
    if (!key || old.lake_table !== entry?.table || old.key_item !== key.code) await drop(ctx, old)
  }
}

/** The one key item, when somebody may look up by it. */
async function findKey(ctx: Ctx, { id, content }: PublishedEntry): Promise<Item | undefined> {
  const [key, ...others] = content.items.filter(({ isKey }) => isKey)
  if (!key || others.length > 0 || !keyKinds.has(lakeTypeOf(key).kind)) return undefined
  return (await selectGrantedCodes(ctx.db, id)).has(key.code) ? key : undefined
}

/** A name of this load: a copy that is half built is dropped and built again. */
const nameOf = (table: string): string => `k_${table}`

async function build(ctx: Ctx, entry: PublishedEntry, table: string, key: Item): Promise<void> {
  const items = await findTableItems(ctx, entry)
  if (!items.some(({ code }) => code === key.code) || !(await isUnique(ctx, table, key))) return
  const name = nameOf(table)
  const keyName = quoteIdentifier(key.code)
  const columns = items.map((item) => {
    const type = lakeTypeOf(item)
    return `${quoteIdentifier(item.code)} ${item.code === key.code ? type.value : type.column}`
  })
  await ctx.lake.define(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`)
  await ctx.lake.define(`CREATE TABLE ${quoteIdentifier(name)} (${columns.join(', ')}) ENGINE = EmbeddedRocksDB PRIMARY KEY ${keyName}`)
  const values = items.map(({ code }) => (code === key.code ? `assumeNotNull(${keyName})` : quoteIdentifier(code)))
  await ctx.lake.command(
    `INSERT INTO ${quoteIdentifier(name)} SELECT ${values.join(', ')} FROM ${quoteIdentifier(table)} WHERE ${keyName} IS NOT NULL`,
  )
  await inTx(ctx, async (ctx) => {
    await insertKeyTable(ctx.db, { lake_table: table, entry_id: entry.id, key_item: key.code, name, built_at: ctx.now() })
    tell(ctx, 'sharing.key_table_built', entry.id, name)
  })
}

/** A lookup must find what a filter finds: with a key that is there twice it would not. */
async function isUnique(ctx: Ctx, table: string, key: Item): Promise<boolean> {
  const [found] = await ctx.lake.measure<{ twice: string }>(
    `SELECT count(${quoteIdentifier(key.code)}) != uniqExact(${quoteIdentifier(key.code)}) AS twice FROM ${quoteIdentifier(table)}`,
    {},
    { priority: 'bulk' },
  )
  return Number(found?.twice) === 0
}

/** First out of use, then out of the lake. */
async function drop(ctx: Ctx, { name, entry_id }: Pick<KeyTable, 'name' | 'entry_id'>): Promise<void> {
  await inTx(ctx, async (ctx) => {
    await deleteKeyTable(ctx.db, name)
    tell(ctx, 'sharing.key_table_dropped', entry_id, name)
  })
  await ctx.lake.define(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`)
}

const tell = (ctx: Parameters<typeof emit>[0], action: string, entryId: string, name: string) =>
  emit(ctx, { action, object: { type: 'key_table', id: name, name }, detail: { entryId } })

export const keepKeyTablesJob = job({
  name: 'sharing.keep_key_tables',
  input: z.strictObject({ entryId: z.uuid().optional() }),
  retryLimit: 3,
  expireSeconds: 4 * 3600,
  concurrency: 1,
  schedule: '20 3 * * *',
  run: (ctx, input) => keepKeyTables(ctx, input),
})
