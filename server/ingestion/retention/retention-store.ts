import type { DestructionEvidence, DestructionKind, DestructionState } from '#contract/ingestion/retention.ts'
import { type Db, sql, type Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'

export interface StorageRow {
  entry_id: string
  entry_name: string
  entry_state: string
  org_id: string
  org_name: string
  level: string
  rows: number
  loaded_at: Date
  lake_table: string
  cooled_at: Date | null
  date_item: string | null
  months: number | null
  basis: string | null
  version: number | null
  quarantined: number
  quarantine_since: Date | null
}

/** Entries that hold data, newest entry first; with `quarantinedBefore` those whose quarantined rows have waited since before. */
export function selectStorage(
  db: Db | Tx,
  scope: IngestionScope,
  { entryId, cursor, limit, quarantinedBefore }: { entryId?: string; cursor?: string | undefined; limit: number; quarantinedBefore?: Date },
): Promise<StorageRow[]> {
  let query = db
    .selectFrom('catalog.entry as e')
    .innerJoin('catalog.resource as d', 'd.entry_id', 'e.id')
    .innerJoin('security.org as o', 'o.id', 'e.provider_org_id')
    .leftJoin('ingestion.retention as r', 'r.entry_id', 'e.id')
    .leftJoin('ingestion.cold_table as c', 'c.lake_table', 'd.lake_table')
    .leftJoin(waitingRows(db).as('q'), 'q.entry_id', 'e.id')
    .select(['e.id as entry_id', 'e.name as entry_name', 'e.state as entry_state', 'e.level', 'o.id as org_id', 'o.name as org_name'])
    .select(['d.rows', 'd.loaded_at', 'd.lake_table', 'c.cooled_at', 'r.date_item', 'r.months', 'r.basis', 'r.version'])
    .select((eb) => ['q.quarantine_since', eb.fn.coalesce('q.quarantined', eb.val(0)).as('quarantined')])
    .orderBy('e.id', 'desc')
    .limit(limit)
  if (scope !== 'everything' && !scope.isOverseer) query = query.where('e.provider_org_id', '=', scope.orgId)
  if (entryId) query = query.where('e.id', '=', entryId)
  if (cursor) query = query.where('e.id', '<', cursor)
  if (quarantinedBefore) query = query.where('q.quarantine_since', '<', quarantinedBefore)
  return query.execute() as unknown as Promise<StorageRow[]>
}

/** Rows of entries that nobody has settled, and since when. */
const waitingRows = (db: Db | Tx) =>
  db
    .selectFrom('ingestion.plan')
    .select((eb) => [
      'entry_id',
      eb.fn.sum<number>('open_quarantine').as('quarantined'),
      eb.fn.min('quarantine_since').as('quarantine_since'),
    ])
    .where('quarantine_since', 'is not', null)
    .groupBy('entry_id')

/** Entries of an organisation whose quarantined rows have waited since before an instant. */
export async function countQuarantinedBefore(db: Db, orgId: string, before: Date): Promise<number> {
  const { n } = await db
    .selectFrom(waitingRows(db).as('q'))
    .innerJoin('catalog.entry as e', 'e.id', 'q.entry_id')
    .where('e.provider_org_id', '=', orgId)
    .where('q.quarantine_since', '<', before)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Compare-and-set by version; 0 means that nobody has decided yet. */
export async function saveRetention(
  tx: Tx,
  row: { entry_id: string; date_item: string | null; months: number; basis: string; set_by: string; set_at: Date },
  version: number,
): Promise<boolean> {
  const next = { ...row, version: version + 1 }
  if (version === 0) {
    const inserted = await tx
      .insertInto('ingestion.retention')
      .values(next)
      .onConflict((on) => on.doNothing())
      .executeTakeFirst()
    return inserted.numInsertedOrUpdatedRows === 1n
  }
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.retention')
    .set(next)
    .where('entry_id', '=', row.entry_id)
    .where('version', '=', version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export interface DestructionRow {
  id: string
  number: number
  entry_id: string
  entry_name: string
  org_id: string
  org_name: string
  kind: DestructionKind
  state: DestructionState
  reason: string
  citation: string
  cutoff: string | null
  proposed_by_id: string
  proposed_by: string
  proposed_at: Date
  decided_by: string | null
  decided_at: Date | null
  opinion: string | null
  evidence: DestructionEvidence | null
  destroyed_at: Date | null
}

const destructions = (db: Db | Tx, scope: IngestionScope) => {
  const query = db
    .selectFrom('ingestion.destruction as d')
    .innerJoin('catalog.entry as e', 'e.id', 'd.entry_id')
    .innerJoin('security.org as o', 'o.id', 'd.org_id')
    .selectAll('d')
    .select(['e.name as entry_name', 'o.name as org_name'])
  return scope === 'everything' || scope.isOverseer ? query : query.where('d.org_id', '=', scope.orgId)
}

export const selectDestruction = (db: Db | Tx, scope: IngestionScope, id: string) =>
  destructions(db, scope).where('d.id', '=', id).executeTakeFirst() as unknown as Promise<DestructionRow | undefined>

/** Who decides what others of his organisation propose. */
export interface Decider {
  id: string
  orgId: string
}

interface DestructionFilter {
  state?: DestructionState | undefined
  decider?: Decider | undefined
  cursor?: string | undefined
  limit: number
}

const isFor = ({ id, orgId }: Decider) => sql<boolean>`d.state = 'proposed' and d.org_id = ${orgId} and d.proposed_by_id <> ${id}`

export async function countToDecide(db: Db, decider: Decider): Promise<number> {
  const { n } = await db
    .selectFrom('ingestion.destruction as d')
    .where(isFor(decider))
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Newest first. */
export function selectDestructions(db: Db, scope: IngestionScope, { state, decider, cursor, limit }: DestructionFilter) {
  let query = destructions(db, scope).orderBy('d.id', 'desc').limit(limit)
  if (decider) query = query.where(isFor(decider))
  if (state) query = query.where('d.state', '=', state)
  if (cursor) query = query.where('d.id', '<', cursor)
  return query.execute() as unknown as Promise<DestructionRow[]>
}

type NewDestruction = Pick<
  DestructionRow,
  'id' | 'entry_id' | 'org_id' | 'kind' | 'state' | 'reason' | 'citation' | 'cutoff' | 'proposed_by_id' | 'proposed_by' | 'proposed_at'
>

/** @returns false where the entry has an open one */
export async function insertDestruction(tx: Tx, row: NewDestruction): Promise<boolean> {
  const inserted = await tx
    .insertInto('ingestion.destruction')
    .values(row)
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** Compare-and-set by state. */
export async function updateDestruction(tx: Tx | Db, id: string, from: readonly DestructionState[], change: object): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.destruction')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
