import type { EntryContent } from '#contract/catalog.ts'
import { newId } from '../../kernel/ids.ts'
import { buildResourceCode } from '../../kernel/resource-code.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { TxCtx } from '../../store/index.ts'
import { toProjection } from '../entry/entry-store.ts'
import { nextSerial } from '../next-serial.ts'

export interface AdoptedEntry {
  providerOrgId: string
  content: EntryContent
}

const toClass = ({ category, subject, topic, detail }: EntryContent): string => category + subject + topic + detail

/**
 * Takes over entries that an older platform has already published, as published first versions with new codes: the road of
 * a city that moves here, for an operator and not for a steward. Nothing is checked but what the tables check. The caller
 * emits `catalog.entries_adopted`, for which the search reads everything again. @returns their ids and codes
 */
export async function adoptEntries(ctx: TxCtx, adopted: readonly AdoptedEntry[]): Promise<{ entryId: string; code: string }[]> {
  const now = ctx.now()
  const rows: { entryId: string; revisionId: string; code: string; one: AdoptedEntry }[] = []
  for (const [serialClass, ofClass] of Map.groupBy(adopted, ({ content }) => toClass(content))) {
    const first = await nextSerial(ctx.db, serialClass, ofClass.length)
    for (const [i, one] of ofClass.entries()) {
      const code = buildResourceCode({ ...one.content, serial: first + i })
      rows.push({ entryId: newId(now.getTime()), revisionId: newId(now.getTime()), code, one })
    }
  }
  await ctx.db
    .insertInto('catalog.entry')
    .values(
      rows.map(({ entryId, revisionId, code, one }) => ({
        ...toProjection(one.content),
        id: entryId,
        code,
        provider_org_id: one.providerOrgId,
        state: 'published',
        version: 1,
        published_on: toLocalDate(now),
        published_revision_id: revisionId,
      })),
    )
    .execute()
  await ctx.db
    .insertInto('catalog.revision')
    .values(
      rows.map(({ entryId, revisionId, one }) => ({
        id: revisionId,
        entry_id: entryId,
        number: 1,
        state: 'published',
        content: JSON.stringify(one.content),
        change_reason: '',
        author_name: ctx.actor.name,
        contributor_ids: [],
        reached_bureau: true,
        created_at: now,
        updated_at: now,
      })),
    )
    .execute()
  return rows.map(({ entryId, code }) => ({ entryId, code }))
}
