import type { Db, Tables, Tx } from '../../store/index.ts'

export type KeyRow = NonNullable<Awaited<ReturnType<typeof selectKey>>>

const keys = (db: Db | Tx) =>
  db
    .selectFrom('sharing.access_key as k')
    .innerJoin('security.org as o', 'o.id', 'k.org_id')
    .selectAll('k')
    .select(['o.name as org_name', 'o.kind as org_kind', 'o.active as org_active'])

/** A key of this organisation. */
export const selectKey = (db: Db | Tx, orgId: string, id: string) =>
  keys(db).where('k.org_id', '=', orgId).where('k.id', '=', id).executeTakeFirst()

/** For the gateway, which knows no caller yet. */
export const selectKeyByAccessKey = (db: Db, accessKey: string) => keys(db).where('k.access_key', '=', accessKey).executeTakeFirst()

/** Newest first, after `cursor`. */
export function selectKeys(db: Db, orgId: string, page: { cursor?: string | undefined; limit: number }): Promise<KeyRow[]> {
  const query = keys(db).where('k.org_id', '=', orgId).orderBy('k.id', 'desc').limit(page.limit)
  return (page.cursor ? query.where('k.id', '<', page.cursor) : query).execute()
}

export const insertKey = (tx: Tx, row: Omit<Tables['sharing.access_key'], 'last_used_at'>) =>
  tx
    .insertInto('sharing.access_key')
    .values(row as never)
    .execute()

/** @returns whether it was active until now */
export async function revokeKeyRow(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sharing.access_key')
    .set({ state: 'revoked' })
    .where('id', '=', id)
    .where('state', '=', 'active')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
