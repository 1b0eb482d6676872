import type { Db, Tables, Tx } from '../../store/index.ts'

export type KeyTable = Tables['sharing.key_table']

/** The keyed copy of a live table, once it is complete. */
export const findKeyTable = (db: Db | Tx, lakeTable: string) =>
  db.selectFrom('sharing.key_table').selectAll().where('lake_table', '=', lakeTable).executeTakeFirst()

export const selectKeyTables = (db: Db, entryId: string) =>
  db.selectFrom('sharing.key_table').selectAll().where('entry_id', '=', entryId).execute()

/** Entries that have keyed tables or whose data somebody may call now. */
export async function selectKeyedEntries(db: Db): Promise<string[]> {
  const called = db.selectFrom('sharing.data_grant').select('entry_id').where('state', '=', 'active')
  const rows = await called.union(db.selectFrom('sharing.key_table').select('entry_id')).execute()
  return rows.map(({ entry_id }) => entry_id)
}

/** Granted without a mask: the codes by which somebody may look something up in the entry's data. */
export async function selectGrantedCodes(db: Db, entryId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('sharing.data_grant')
    .select('items')
    .$narrowType<{ items: { code: string; mask: string }[] }>()
    .where('entry_id', '=', entryId)
    .where('state', '=', 'active')
    .execute()
  return new Set(rows.flatMap(({ items }) => items.filter(({ mask }) => mask === 'none').map(({ code }) => code)))
}

export const insertKeyTable = (tx: Tx, row: Omit<KeyTable, 'built_at'> & { built_at: Date }) =>
  tx
    .insertInto('sharing.key_table')
    .values(row as never)
    .onConflict((conflict) => conflict.doNothing())
    .execute()

export const deleteKeyTable = (tx: Tx, name: string) => tx.deleteFrom('sharing.key_table').where('name', '=', name).execute()
