import { EntryContent, type EntryState, type Resource } from '#contract/catalog.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Db, Tx, TxCtx } from '../../store/index.ts'
import { selectResources } from '../resource/resource-store.ts'
import { updateFacts } from './entry-store.ts'

/** What other rooms may know of an entry. They decide who may see it; these questions are asked for the program itself. */

export interface EntryFacts {
  id: string
  code: string | null
  name: string
  state: EntryState
  providerOrgId: string
  sharingType: EntryContent['sharingType']
  level: EntryContent['level']
  publishedRevisionId: string | null
  openRevisionId: string | null
  userCount: number
}

export async function findEntry(db: Db | Tx, entryId: string): Promise<EntryFacts | undefined> {
  const row = await db.selectFrom('catalog.entry').selectAll().where('id', '=', entryId).executeTakeFirst()
  return (
    row && {
      id: row.id,
      code: row.code,
      name: row.name,
      state: row.state as EntryState,
      providerOrgId: row.provider_org_id,
      sharingType: row.sharing_type as EntryFacts['sharingType'],
      level: row.level as EntryFacts['level'],
      publishedRevisionId: row.published_revision_id,
      openRevisionId: row.open_revision_id,
      userCount: row.user_count,
    }
  )
}

/** The organisation that provides the entry. @throws value.not_found */
export async function entryOwner(db: Db | Tx, entryId: string): Promise<string> {
  const entry = await findEntry(db, entryId)
  if (!entry) throw notFound('value.not_found')
  return entry.providerOrgId
}

/** The content that is in force. @throws value.not_found while nothing is published */
export async function getPublishedContent(db: Db | Tx, entryId: string): Promise<EntryContent> {
  const row = await db
    .selectFrom('catalog.entry as e')
    .innerJoin('catalog.revision as r', 'r.id', 'e.published_revision_id')
    .select('r.content')
    .where('e.id', '=', entryId)
    .executeTakeFirst()
  if (!row) throw notFound('value.not_found')
  return EntryContent.strip().parse(row.content)
}

export interface LiveResource {
  id: string
  kind: Resource['kind']
  /** The table of the lake that holds the data now. Ask again before each read: the next load moves it. */
  table: string
  rows: number
  loadedAt: Date
}

/** The entry's data, by kind or the first there is; undefined while nothing is bound. */
export async function getResourceForGrant(db: Db | Tx, entryId: string, kind?: Resource['kind']): Promise<LiveResource | undefined> {
  const rows = await selectResources(db, entryId)
  const row = kind === undefined ? rows[0] : rows.find((one) => one.kind === kind)
  return row && { id: row.id, kind: row.kind as Resource['kind'], table: row.lake_table, rows: row.rows, loadedAt: row.loaded_at }
}

/** Kept by sharing: the organisations that hold an active grant on the entry. */
export const setUserCount = (ctx: TxCtx, entryId: string, userCount: number) => updateFacts(ctx.db, entryId, { user_count: userCount })
