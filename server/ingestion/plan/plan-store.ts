import type { DriftPolicy, SourceStructure } from '#contract/ingestion/drift.ts'
import type { Load, PlanInput } from '#contract/ingestion.ts'
import type { Db, Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'

/** What the plan's last load made: where it is still live, the next one can build on it. */
export interface Ground {
  table: string
  kind: Load['kind']
  column?: string
  watermark?: string | null
}

export interface PlanRow {
  id: string
  org_id: string
  org_name: string
  entry_id: string
  entry_name: string
  source_id: string
  source_name: string
  object: string
  dialect: PlanInput['dialect']
  mapping: PlanInput['mapping']
  verify: PlanInput['verify']
  quarantine_limit: number
  quarantine_row_limit: number | null
  mode: PlanInput['mode']
  deletion_limit: number
  ground: Ground | null
  open_quarantine: number
  quarantine_load_id: string | null
  drift_policy: DriftPolicy
  /** The source's structure that the plan was made for; null until it is known. */
  structure: SourceStructure | null
  version: number
}

const plans = (db: Db | Tx, scope: IngestionScope) => {
  const query = db
    .selectFrom('ingestion.plan as p')
    .innerJoin('security.org as o', 'o.id', 'p.org_id')
    .innerJoin('catalog.entry as e', 'e.id', 'p.entry_id')
    .innerJoin('ingestion.source as s', 's.id', 'p.source_id')
    .selectAll('p')
    .select(['o.name as org_name', 'e.name as entry_name', 's.name as source_name'])
  return scope === 'everything' || scope.isOverseer ? query : query.where('p.org_id', '=', scope.orgId)
}

export const selectPlan = (db: Db | Tx, scope: IngestionScope, id: string) =>
  plans(db, scope).where('p.id', '=', id).executeTakeFirst() as unknown as Promise<PlanRow | undefined>

/** Newest first, after `cursor`. */
export function selectPlans(
  db: Db,
  scope: IngestionScope,
  page: { cursor?: string | undefined; limit: number; entryId?: string | undefined },
) {
  let query = plans(db, scope).orderBy('p.id', 'desc').limit(page.limit)
  if (page.cursor) query = query.where('p.id', '<', page.cursor)
  if (page.entryId) query = query.where('p.entry_id', '=', page.entryId)
  return query.execute() as unknown as Promise<PlanRow[]>
}

const toColumns = (input: PlanInput) => ({
  entry_id: input.entryId,
  source_id: input.sourceId,
  object: input.object,
  dialect: input.dialect && (JSON.stringify(input.dialect) as never),
  mapping: JSON.stringify(input.mapping) as never,
  verify: input.verify,
  quarantine_limit: input.quarantineLimit,
  quarantine_row_limit: input.quarantineRowLimit,
  drift_policy: input.driftPolicy,
  mode: JSON.stringify(input.mode) as never,
  deletion_limit: input.deletionLimit,
})

const structureColumn = (structure: SourceStructure | null) => structure && (JSON.stringify(structure) as never)

export const insertPlan = (
  tx: Tx,
  { structure, ...row }: { id: string; org_id: string; created_at: Date; structure: SourceStructure | null },
  input: PlanInput,
) =>
  tx
    .insertInto('ingestion.plan')
    .values({ ...row, ...toColumns(input), structure: structureColumn(structure) })
    .execute()

/** Compare-and-set by version; `structure` is left out where the known one stays. @returns whether the version was still that one */
export async function updatePlan(
  tx: Tx,
  { id, version }: Pick<PlanRow, 'id' | 'version'>,
  change: { input?: PlanInput; mapping?: PlanInput['mapping']; structure?: SourceStructure | null },
): Promise<boolean> {
  const { input, mapping, structure } = change
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.plan')
    .set({
      ...(input && toColumns(input)),
      ...(mapping && { mapping: JSON.stringify(mapping) as never }),
      ...(structure !== undefined && { structure: structureColumn(structure) }),
      version: version + 1,
    })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** What a load found; the version stays, for nobody changed the plan. */
export const updateStructure = (tx: Tx, { id, version }: Pick<PlanRow, 'id' | 'version'>, structure: SourceStructure) =>
  tx
    .updateTable('ingestion.plan')
    .set({ structure: structureColumn(structure) })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()

/** Of the first that was found: whoever finds another meanwhile has it compared from the next load on. */
export const learnStructure = (tx: Tx, { id, version }: Pick<PlanRow, 'id' | 'version'>, structure: SourceStructure) =>
  tx
    .updateTable('ingestion.plan')
    .set({ structure: structureColumn(structure) })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('structure', 'is', null)
    .execute()

/** Rows have waited since the first of them came, whatever loads brought them again. */
export const updateQuarantine = (tx: Tx, id: string, change: { open_quarantine: number; quarantine_load_id?: string | null }, now: Date) =>
  tx
    .updateTable('ingestion.plan')
    .set((eb) => ({ ...change, quarantine_since: change.open_quarantine > 0 ? eb.fn.coalesce('quarantine_since', eb.val(now)) : null }))
    .where('id', '=', id)
    .execute()

export const updateGround = (tx: Tx, id: string, ground: Ground) =>
  tx
    .updateTable('ingestion.plan')
    .set({ ground: JSON.stringify(ground) as never })
    .where('id', '=', id)
    .execute()

export const changeOpenQuarantine = (tx: Tx, id: string, by: number) =>
  tx
    .updateTable('ingestion.plan')
    .set((eb) => ({
      open_quarantine: eb('open_quarantine', '+', by),
      quarantine_since: eb.case().when('open_quarantine', '>', -by).then(eb.ref('quarantine_since')).end(),
    }))
    .where('id', '=', id)
    .execute()
