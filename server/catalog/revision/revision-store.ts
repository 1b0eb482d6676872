import type { EntryContent, RevisionState } from '#contract/catalog.ts'
import type { Db, Tables, Tx, TxCtx } from '../../store/index.ts'
import { type CatalogScope, revisionIsVisible } from '../access.ts'

export const openStates = ['draft', 'department_review', 'bureau_review', 'returned'] as const

export type RevisionRow = Awaited<ReturnType<typeof selectRevisionsOf>>[number]

const revisions = (db: Db | Tx, scope: CatalogScope) =>
  db
    .selectFrom('catalog.revision as r')
    .innerJoin('catalog.entry as e', 'e.id', 'r.entry_id')
    .innerJoin('security.org as o', 'o.id', 'e.provider_org_id')
    .selectAll('r')
    .select(['e.provider_org_id', 'e.state as entry_state', 'e.code as entry_code', 'e.name as entry_name', 'e.version as entry_version'])
    .select(['o.name as provider_name', 'o.uscc as provider_uscc', 'o.kind as provider_kind'])
    .$narrowType<{ content: EntryContent; state: RevisionState }>()
    .where((eb) => revisionIsVisible(eb as never, scope))

export const selectRevision = (db: Db | Tx, scope: CatalogScope, id: string) =>
  revisions(db, scope).where('r.id', '=', id).executeTakeFirst()

/** Newest first. */
export const selectRevisionsOf = (db: Db | Tx, scope: CatalogScope, entryId: string) =>
  revisions(db, scope).where('r.entry_id', '=', entryId).orderBy('r.number', 'desc').execute()

export interface Desk {
  personId: string
  /** The department gate of this organisation, when the person may pass it. */
  departmentOf: string | null
  isBureauGate: boolean
}

/** The open versions that a person has worked on. */
const ownWork = (db: Db, scope: CatalogScope, { personId }: Pick<Desk, 'personId'>) =>
  revisions(db, scope)
    .where('r.state', 'in', openStates)
    .where((eb) => eb(eb.val(personId), '=', eb.fn.any('r.contributor_ids')))

/** What waits for exactly this person: what he had a hand in himself is left out, since he may not pass it. */
const waiting = (db: Db, scope: CatalogScope, desk: Desk) =>
  revisions(db, scope)
    .where((eb) => eb.not(eb(eb.val(desk.personId), '=', eb.fn.any('r.contributor_ids'))))
    .where((eb) =>
      eb.or([
        eb.and([eb('r.state', '=', 'department_review'), eb('e.provider_org_id', '=', desk.departmentOf)]),
        eb.and([
          eb('r.state', '=', 'bureau_review'),
          eb.val(desk.isBureauGate),
          eb.or([eb('r.department_reviewer_id', 'is', null), eb('r.department_reviewer_id', '!=', desk.personId)]),
        ]),
      ]),
    )

interface Page {
  cursor?: string | undefined
  limit: number
}

/** Last made first. */
export function selectOwnWork(db: Db, scope: CatalogScope, desk: Desk, { cursor, limit }: Page): Promise<RevisionRow[]> {
  const query = ownWork(db, scope, desk).orderBy('r.id', 'desc').limit(limit)
  return (cursor ? query.where('r.id', '<', cursor) : query).execute()
}

/** Oldest first. */
export function selectWaiting(db: Db, scope: CatalogScope, desk: Desk, { cursor, limit }: Page): Promise<RevisionRow[]> {
  const query = waiting(db, scope, desk).orderBy('r.id').limit(limit)
  return (cursor ? query.where('r.id', '>', cursor) : query).execute()
}

/** How long the two lists are. */
export async function countWork(db: Db, scope: CatalogScope, desk: Desk): Promise<{ mine: number; toHandle: number }> {
  const count = async (query: ReturnType<typeof waiting>) => {
    const { n } = await query
      .clearSelect()
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    return Number(n)
  }
  return { mine: await count(ownWork(db, scope, desk)), toHandle: await count(waiting(db, scope, desk)) }
}

export interface NewRevision {
  id: string
  entryId: string
  number: number
  content: EntryContent
  changeReason: string
}

/** New drafts by the caller. */
export async function insertRevisions(ctx: TxCtx, rows: readonly NewRevision[]): Promise<void> {
  const now = ctx.now()
  await ctx.db
    .insertInto('catalog.revision')
    .values(
      rows.map((row) => ({
        id: row.id,
        entry_id: row.entryId,
        number: row.number,
        state: 'draft',
        content: JSON.stringify(row.content),
        change_reason: row.changeReason,
        author_name: ctx.actor.name,
        contributor_ids: [ctx.actor.id],
        created_at: now,
        updated_at: now,
      })),
    )
    .execute()
}

type RevisionColumns = Tables['catalog.revision']
type RevisionChange = Partial<{ [K in keyof RevisionColumns]: string | number | boolean | Date | string[] | null }>

/** Compare-and-set by edit and state. @returns whether the revision still was what was read */
export async function updateRevisionRow(tx: Tx, row: Pick<RevisionRow, 'id' | 'edit' | 'state'>, change: RevisionChange): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('catalog.revision')
    .set({ ...(change as object), edit: row.edit + 1 })
    .where('id', '=', row.id)
    .where('edit', '=', row.edit)
    .where('state', '=', row.state)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const insertOpinion = (ctx: TxCtx, revision: Pick<RevisionRow, 'id' | 'edit'>, event: string, opinion: string) =>
  ctx.db
    .insertInto('catalog.opinion')
    .values({
      revision_id: revision.id,
      edit: revision.edit,
      at: ctx.now(),
      person_name: ctx.actor.name,
      org_name: ctx.actor.org?.name ?? ctx.actor.name,
      event,
      opinion,
    })
    .execute()

/** In the order in which they were given. */
export const selectOpinions = (db: Db | Tx, revisionIds: readonly string[]) =>
  db
    .selectFrom('catalog.opinion')
    .selectAll()
    .where('revision_id', 'in', revisionIds)
    .orderBy('revision_id')
    .orderBy('edit')
    .orderBy('at')
    .execute()
