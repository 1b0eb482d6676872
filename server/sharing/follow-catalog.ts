import { type Ctx, type EventFeed, inTx } from '../store/index.ts'
import { entryOf, type Gateway } from './gateway/open-gateway.ts'
import { settleGrantsJob } from './grant/settle-grants.ts'

/** What may bring a waiting grant into effect, narrow one, or end it. */
const settles = /^(catalog\.(revision_published|entry_)|ingestion\.(load|data)_)/
/** What makes a keyed copy wanted, or no longer. */
const rekeys = /^(sharing\.(request_approved|grant_)|catalog\.revision_published|ingestion\.(load|data)_)/

/**
 * Settles grants, and keeps this node's keyed copies, when their entry changes. What happened while nobody listened is made
 * up for at the start, and by the job's own schedule: a missed event delays and never loses.
 */
export async function followCatalog(ctx: Ctx, feed: EventFeed, { copies }: Gateway): Promise<void> {
  const settle = (entryId?: string) => inTx({ ...ctx, recorded: { count: 0 } }, (tx) => ctx.enqueue(tx, settleGrantsJob, { entryId }))
  await settle()
  // Not waited for, here and below: the start, and the feed that tells others too.
  copies.keep()
  feed.subscribe((event) => {
    const entryId = entryOf(event)
    if (entryId ? settles.test(event.action) : event.action === 'security.organisation_deactivated')
      settle(entryId ?? undefined).catch((error) => ctx.log.error({ err: error, entryId }, 'the settling of grants could not be started'))
    if (!entryId) return
    if (rekeys.test(event.action)) copies.keep(entryId)
  })
}
