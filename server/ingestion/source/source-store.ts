import type { Source, SourceSettings } from '#contract/ingestion.ts'
import type { SourceCare } from '#contract/source-settings.ts'
import type { Db, Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'

/** What a check found. The words are made for whoever reads it; of checks from before that they are kept as `detail`. */
export type KeptCheck = Omit<NonNullable<Source['check']>, 'detail'> & { detail?: string; params?: Record<string, string> }

export interface SourceRow {
  id: string
  org_id: string
  org_name: string
  name: string
  settings: SourceSettings
  secret: string | null
  system_id: string | null
  last_check: KeptCheck | null
  care: SourceCare
  stopped_at: Date | null
  stopped_by: string | null
  stop_reason: string | null
  version: number
}

const sources = (db: Db | Tx, scope: IngestionScope) => {
  const query = db
    .selectFrom('ingestion.source as s')
    .innerJoin('security.org as o', 'o.id', 's.org_id')
    .selectAll('s')
    .select('o.name as org_name')
  return scope === 'everything' || scope.isOverseer ? query : query.where('s.org_id', '=', scope.orgId)
}

export const selectSource = (db: Db | Tx, scope: IngestionScope, id: string) =>
  sources(db, scope).where('s.id', '=', id).executeTakeFirst() as unknown as Promise<SourceRow | undefined>

export const selectSourceOfPlan = (db: Db | Tx, planId: string) =>
  sources(db, 'everything')
    .innerJoin('ingestion.plan as p', 'p.source_id', 's.id')
    .where('p.id', '=', planId)
    .executeTakeFirst() as unknown as Promise<SourceRow | undefined>

/** Newest first, after `cursor`. */
export function selectSources(db: Db, scope: IngestionScope, page: { cursor?: string | undefined; limit: number }) {
  const query = sources(db, scope).orderBy('s.id', 'desc').limit(page.limit)
  return (page.cursor ? query.where('s.id', '<', page.cursor) : query).execute() as unknown as Promise<SourceRow[]>
}

interface NewSource {
  id: string
  org_id: string
  name: string
  settings: SourceSettings
  secret: string | null
  system_id: string | null
  care: SourceCare
  created_at: Date
}
export const insertSource = (tx: Tx, { settings, care, ...row }: NewSource) =>
  tx
    .insertInto('ingestion.source')
    .values({ ...row, settings: JSON.stringify(settings) as never, care: JSON.stringify(care) as never })
    .execute()

/** Compare-and-set by version. A changed source has not been checked. @returns whether the version was still that one */
export async function updateSource(
  tx: Tx,
  id: string,
  version: number,
  change: Pick<NewSource, 'name' | 'settings' | 'secret' | 'system_id' | 'care'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.source')
    .set({
      ...change,
      settings: JSON.stringify(change.settings) as never,
      care: JSON.stringify(change.care) as never,
      version: version + 1,
      last_check: null,
    })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Stops a source or releases it. @returns false where it was so already */
export async function markStopped(
  tx: Tx,
  id: string,
  change: Pick<SourceRow, 'stopped_at' | 'stopped_by' | 'stop_reason'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.source')
    .set(change)
    .where('id', '=', id)
    .where('stopped_at', change.stopped_at ? 'is' : 'is not', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const updateCheck = (tx: Tx, id: string, check: KeptCheck) =>
  tx
    .updateTable('ingestion.source')
    .set({ last_check: JSON.stringify(check) as never })
    .where('id', '=', id)
    .execute()

export interface UploadRow {
  id: string
  source_id: string
  object: string
  size_bytes: number
  sha256: string
  uploaded_at: Date
}

export const selectUploads = (db: Db, sourceId: string) =>
  db
    .selectFrom('ingestion.upload')
    .selectAll()
    .where('source_id', '=', sourceId)
    .orderBy('uploaded_at', 'desc')
    .limit(1000)
    .execute() as Promise<UploadRow[]>

/** A file of the same name takes the place of the earlier one. @returns the id of that one */
export async function replaceUpload(tx: Tx, row: UploadRow & { uploaded_by: string }): Promise<string | null> {
  const earlier = await tx
    .deleteFrom('ingestion.upload')
    .where('source_id', '=', row.source_id)
    .where('object', '=', row.object)
    .returning('id')
    .executeTakeFirst()
  await tx.insertInto('ingestion.upload').values(row).execute()
  return earlier?.id ?? null
}
