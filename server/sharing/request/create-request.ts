import type { RequestContent, SharingRequest } from '#contract/sharing.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { orgOf } from '../../kernel/actor.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { nextNumber } from '../next-number.ts'
import { requireShareable } from './check-request.ts'
import { presentRequest } from './present-request.ts'
import { insertRequest, selectRequest } from './request-store.ts'

/** Starts an application for another department's published entry; it may be incomplete until it is submitted. @throws as `requireShareable` */
export async function createRequest(ctx: Ctx, { entryId, content }: { entryId: string; content: RequestContent }): Promise<SharingRequest> {
  const row = await inTx(ctx, async (ctx) => {
    const entry = requireShareable(ctx.actor, (await findPublishedEntries(ctx.db, [entryId])).get(entryId))
    const id = newId(ctx.now().getTime())
    const number = await nextNumber(ctx, 'GX')
    await insertRequest(ctx.db, {
      id,
      number,
      state: 'draft',
      consumer_org_id: orgOf(ctx.actor).id,
      provider_org_id: entry.provider.id,
      ...toEntryColumns(entry),
      content: JSON.stringify(content),
      author_id: ctx.actor.id,
      author_name: ctx.actor.name,
      contributor_ids: [ctx.actor.id],
      created_at: ctx.now(),
    } as never)
    emit(ctx, {
      action: 'sharing.request_created',
      object: { type: 'request', id, name: `${number} ${entry.name}` },
      detail: { entryId, providerOrgId: entry.provider.id },
    })
    return (await selectRequest(ctx.db, 'everything', id))!
  })
  return presentRequest(ctx, row)
}

/** The entry as it is when it is asked for: it may change later. */
export const toEntryColumns = (entry: Parameters<typeof requireShareable>[1] & object) => ({
  entry_id: entry.id,
  entry_name: entry.name,
  entry_code: entry.code,
  sharing_type: entry.content.sharingType,
})
