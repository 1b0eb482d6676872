import type { Revision } from '#contract/catalog.ts'
import type { OrgRef } from '#contract/values.ts'
import { notFound } from '../../kernel/errors.ts'
import { cutPage, idCursor } from '../../kernel/page.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { selectEntry } from '../entry/entry-store.ts'
import { presentRevision, presentRevisions } from './present-revision.ts'
import { type RevisionRow, selectRevisionsBy, selectRevisionsOf, selectRevisionsToHandle } from './revision-store.ts'
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
  const rows = await selectRevisionsBy(ctx.db, visibleTo(ctx.actor), ctx.actor.id, toRange(page))
  return toPage(ctx, rows, page)
}

/** What waits for the caller at the department's or the bureau's gate. */
export async function listRevisionsToHandle(ctx: Ctx, page: PageInput) {
  const { actor } = ctx
  const desk = {
    personId: actor.id,
    departmentOf: actor.scopes.has('catalog:review') ? (actor.org?.id ?? null) : null,
    isBureauGate: actor.scopes.has('catalog:publish') && actor.org?.kind === 'bureau',
  }
  return toPage(ctx, await selectRevisionsToHandle(ctx.db, visibleTo(actor), desk, toRange(page)), page)
}

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
