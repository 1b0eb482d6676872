import type { EntryContent } from '#contract/catalog.ts'
import type { TxCtx } from '../../store/index.ts'
import { refuseUnknownReferences } from '../content/refuse-unknown-references.ts'
import { refuseTakenName } from '../refuse-taken-name.ts'
import { insertDrafts } from './create-entry.ts'

/** New entries with their first drafts, all or none. Without an event: the caller says what happened. @throws conflict `catalog.name_taken` */
export async function draftEntries(
  ctx: TxCtx,
  orgId: string,
  contents: readonly EntryContent[],
): Promise<{ entryId: string; revisionId: string }[]> {
  const drafts = []
  for (const content of contents) {
    await refuseUnknownReferences(ctx, orgId, content)
    drafts.push(...(await refuseTakenName('catalog.name_taken', content.name, () => insertDrafts(ctx, orgId, [content]))))
  }
  return drafts
}
