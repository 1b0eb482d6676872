import type { LogicalInput } from '#contract/ingestion/logical.ts'
import type { IngestionScope } from '../access.ts'
import { type Db, quoteIdentifier, type Tx } from '../../store/index.ts'

export interface LogicalRow {
  entry_id: string
  entry_name: string
  org_id: string
  org_name: string
  source_id: string
  source_name: string
  object: string
  mapping: LogicalInput['mapping']
  cache_seconds: number
  answer_when_away: boolean
  lake_table: string
  bound_at: Date
}

const select = (db: Db | Tx) =>
  db
    .selectFrom('ingestion.logical as l')
    .innerJoin('catalog.entry as e', 'e.id', 'l.entry_id')
    .innerJoin('ingestion.source as s', 's.id', 'l.source_id')
    .innerJoin('security.org as o', 'o.id', 'l.org_id')
    .selectAll('l')
    .select(['e.name as entry_name', 's.name as source_name', 'o.name as org_name'])

interface LogicalFilter {
  entryId?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** The newest entries first, after `cursor`; one more than `limit`. */
export async function selectLogical(db: Db | Tx, scope: IngestionScope, { entryId, cursor, limit }: LogicalFilter): Promise<LogicalRow[]> {
  let query = select(db)
    .orderBy('l.entry_id', 'desc')
    .limit(limit + 1)
  if (entryId !== undefined) query = query.where('l.entry_id', '=', entryId)
  if (cursor !== undefined) query = query.where('l.entry_id', '<', cursor)
  if (scope !== 'everything' && !scope.isOverseer) query = query.where('l.org_id', '=', scope.orgId)
  return (await query.execute()) as unknown as LogicalRow[]
}

export async function selectLogicalByTable(db: Db, table: string): Promise<LogicalRow | undefined> {
  return (await select(db).where('l.lake_table', '=', table).executeTakeFirst()) as unknown as LogicalRow | undefined
}

type NewRow = Omit<LogicalRow, 'entry_name' | 'org_name' | 'source_name'> & { bound_by: string }

/** An entry has one: a new one takes the place of the earlier. @returns the earlier one's table */
export async function replaceLogical(tx: Tx, row: NewRow): Promise<string | null> {
  const earlier = await tx.deleteFrom('ingestion.logical').where('entry_id', '=', row.entry_id).returning('lake_table').executeTakeFirst()
  await tx
    .insertInto('ingestion.logical')
    .values({ ...row, mapping: JSON.stringify(row.mapping) as never })
    .execute()
  return earlier?.lake_table ?? null
}

export async function deleteLogical(tx: Tx, entryId: string): Promise<string | null> {
  const gone = await tx.deleteFrom('ingestion.logical').where('entry_id', '=', entryId).returning('lake_table').executeTakeFirst()
  return gone?.lake_table ?? null
}

/** Tables of logical entries have names that no load gives. */
export const isLogicalTable = (table: string): boolean => /^l_[0-9a-f]{32}$/.test(table)
export const logicalTable = (id: string): string => `l_${id.replaceAll('-', '')}`

export const dropTableSql = (table: string): string => `DROP TABLE IF EXISTS lake.${quoteIdentifier(table)}`
