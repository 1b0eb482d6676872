import type { DriftPolicy, DriftState, SourceStructure, StructureChange } from '#contract/ingestion/drift.ts'
import type { Db, Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'

export interface DriftRow {
  id: string
  plan_id: string
  entry_id: string
  org_id: string
  entry_version: number
  load_id: string | null
  policy: DriftPolicy
  state: DriftState
  found_at: Date
  before: SourceStructure
  after: SourceStructure
  changes: StructureChange[]
  revision_id: string | null
  decided_by: string | null
  decided_at: Date | null
  reason: string
  entry_name: string
  object: string
}

const drifts = (db: Db | Tx, scope: IngestionScope) => {
  const query = db
    .selectFrom('ingestion.drift as d')
    .innerJoin('catalog.entry as e', 'e.id', 'd.entry_id')
    .innerJoin('ingestion.plan as p', 'p.id', 'd.plan_id')
    .selectAll('d')
    .select(['e.name as entry_name', 'p.object'])
  return scope === 'everything' || scope.isOverseer ? query : query.where('d.org_id', '=', scope.orgId)
}

export const selectDrift = (db: Db | Tx, scope: IngestionScope, id: string) =>
  drifts(db, scope).where('d.id', '=', id).executeTakeFirst() as unknown as Promise<DriftRow | undefined>

/** Newest first, after `cursor`. */
export function selectDrifts(
  db: Db,
  scope: IngestionScope,
  filter: { planId?: string | undefined; state?: DriftState | undefined },
  page: { cursor?: string | undefined; limit: number },
): Promise<DriftRow[]> {
  let query = drifts(db, scope).orderBy('d.id', 'desc').limit(page.limit)
  if (page.cursor) query = query.where('d.id', '<', page.cursor)
  if (filter.planId) query = query.where('d.plan_id', '=', filter.planId)
  if (filter.state) query = query.where('d.state', '=', filter.state)
  return query.execute() as unknown as Promise<DriftRow[]>
}

const undecided = ['open', 'refused'] as const

/** The change that a plan waits with, if any: undecided, or refused and still there. */
export const selectStanding = (db: Db | Tx, planId: string) =>
  drifts(db, 'everything').where('d.plan_id', '=', planId).where('d.state', 'in', undecided).executeTakeFirst() as unknown as Promise<
    DriftRow | undefined
  >

export const countOpenDrifts = async (db: Db, orgId: string): Promise<number> => {
  const { n } = await db
    .selectFrom('ingestion.drift')
    .where('org_id', '=', orgId)
    .where('state', '=', 'open')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

export const insertDrift = (tx: Tx, { before, after, changes, ...row }: Omit<DriftRow, 'entry_name' | 'object'>) =>
  tx
    .insertInto('ingestion.drift')
    .values({
      ...row,
      before: JSON.stringify(before) as never,
      after: JSON.stringify(after) as never,
      changes: JSON.stringify(changes) as never,
    })
    .execute()

/** Compare-and-set by state. @returns whether it still stood so */
export async function updateDrift(
  tx: Tx,
  where: { id: string; states: readonly DriftState[] } | { planId: string; states: readonly DriftState[] },
  change: Partial<Pick<DriftRow, 'state' | 'decided_by' | 'decided_at' | 'reason'>>,
): Promise<boolean> {
  const query = tx.updateTable('ingestion.drift').set(change).where('state', 'in', where.states)
  const { numUpdatedRows } = await ('id' in where
    ? query.where('id', '=', where.id)
    : query.where('plan_id', '=', where.planId)
  ).executeTakeFirst()
  return numUpdatedRows > 0n
}
