import type { Revision } from '#contract/catalog.ts'
import type { OrgRef } from '#contract/values.ts'
import type { Actor } from '../../kernel/actor.ts'
import { notFound } from '../../kernel/errors.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { selectEntry } from '../entry/entry-store.ts'
import { presentRevision, presentRevisions } from './present-revision.ts'
import { countWork, type Desk, type RevisionRow, selectOwnWork, selectRevisionsOf, selectWaiting } from './revision-store.ts'
import { getRevisionRow } from './step-revision.ts'

interface PageInput {
  cursor?: string | undefined
  limit: number
}

/** Every version of an entry that the caller may see, newest first. */
export async function listRevisions(ctx: Ctx, { entryId }: { entryId: string }): Promise<{ items: Revision[] }> {
  const scope = visibleTo(ctx.actor)
  if (!(await selectEntry(ctx.db, scope, entryId))) throw notFound('value.not_found')
  return { items: await presentRevisions(ctx, await selectRevisionsOf(ctx.db, scope, entryId)) }
}

export const getRevision = async (ctx: Ctx, { revisionId }: { revisionId: string }): Promise<Revision> =>
  presentRevision(ctx, await getRevisionRow(ctx, revisionId))

/** The drafts and running versions that the caller has worked on. */
export async function listMyRevisions(ctx: Ctx, page: PageInput) {
  return toPage(ctx, await selectOwnWork(ctx.db, visibleTo(ctx.actor), deskOf(ctx.actor), toRange(page)), page)
}

/** What waits for the caller at the department's or the bureau's gate. */
export async function listRevisionsToHandle(ctx: Ctx, page: PageInput) {
  return toPage(ctx, await selectWaiting(ctx.db, visibleTo(ctx.actor), deskOf(ctx.actor), toRange(page)), page)
}

/** How long the caller's two lists are. */
export const countRevisionWork = (ctx: Ctx) => countWork(ctx.db, visibleTo(ctx.actor), deskOf(ctx.actor))

const deskOf = ({ id, org, scopes }: Actor): Desk => ({
  personId: id,
  departmentOf: scopes.has('catalog:review') ? (org?.id ?? null) : null,
  isBureauGate: scopes.has('catalog:publish') && org?.kind === 'bureau',
})

const toRange = ({ cursor, limit }: PageInput) => ({ cursor: idCursor(cursor), limit: limit + 1 })

type Listed = Revision & { name: string; provider: OrgRef }

async function toPage(ctx: Ctx, rows: RevisionRow[], { limit }: PageInput): Promise<{ items: Listed[]; next: string | null }> {
  const { items, next } = cutPage(
    rows,
    limit,
    ({ id }) => id,
    (row) => row,
  )
  const revisions = await presentRevisions(ctx, items)
  const add = (revision: Revision, i: number): Listed => {
    const row = items[i]!
    return { ...revision, name: row.content.name, provider: { id: row.provider_org_id, name: row.provider_name } }
  }
  return { items: revisions.map(add), next }
}
