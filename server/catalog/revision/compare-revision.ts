import { EntryContent } from '#contract/catalog.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { compareContents } from '../content/compare-contents.ts'
import { selectRevisionsOf } from './revision-store.ts'
import { getRevisionRow } from './step-revision.ts'

/**
 * What a version changes: against the version of that number, or against the last one that was published before it. A
 * first version is compared with nothing. @throws not_found `catalog.no_such_version`
 */
export async function compareRevision(ctx: Ctx, { revisionId, against }: { revisionId: string; against?: number | undefined }) {
  const row = await getRevisionRow(ctx, revisionId)
  const versions = await selectRevisionsOf(ctx.db, visibleTo(ctx.actor), row.entry_id)
  const base =
    against === undefined
      ? versions.find(({ number, state }) => number < row.number && (state === 'published' || state === 'superseded'))
      : versions.find(({ number }) => number === against)
  if (against !== undefined && !base) throw notFound('catalog.no_such_version', { number: against })
  if (!base) return { against: null, differences: [] }
  const content = EntryContent.strip()
  return { against: base.number, differences: compareContents(content.parse(base.content), content.parse(row.content)) }
}
