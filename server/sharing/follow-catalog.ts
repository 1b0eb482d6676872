import { type Ctx, type EventFeed, inTx } from '../store/index.ts'
import { entryOf } from './gateway/open-gateway.ts'
import { settleGrantsJob } from './grant/settle-grants.ts'

/** What may bring a waiting grant into effect, narrow one, or end it. */
const matters = /^(catalog\.(revision_published|entry_)|ingestion\.load_)/

/**
 * Settles grants when their entry changes. What happened while nobody listened is settled once at the start, and by the
 * job's own schedule, so a missed event delays and never loses.
 */
export async function followCatalog(ctx: Ctx, feed: EventFeed): Promise<void> {
  const ask = (input: { entryId?: string }) => inTx({ ...ctx, recorded: { count: 0 } }, (tx) => ctx.enqueue(tx, settleGrantsJob, input))
  await ask({})
  feed.subscribe((event) => {
    const entryId = matters.test(event.action) ? entryOf(event) : null
    // Not waited for: the feed tells others too, and the gateway refuses calls while it lags.
    if (entryId) ask({ entryId }).catch((error) => ctx.log.error({ err: error, entryId }, 'grants could not be settled'))
  })
}
