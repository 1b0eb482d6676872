import { type Ctx, type EventFeed, inTx } from '../store/index.ts'
import { entryOf } from './gateway/open-gateway.ts'
import { settleGrantsJob } from './grant/settle-grants.ts'
import { keepKeyTablesJob } from './keyed/keep-key-tables.ts'

/** What may bring a waiting grant into effect, narrow one, or end it. */
const settles = /^(catalog\.(revision_published|entry_)|ingestion\.load_)/
/** What makes a keyed table wanted, or no longer. */
const rekeys = /^(sharing\.(request_approved|grant_)|catalog\.revision_published|ingestion\.load_)/

/**
 * Settles grants when their entry changes. What happened while nobody listened is settled once at the start, and by the
 * job's own schedule, so a missed event delays and never loses.
 */
export async function followCatalog(ctx: Ctx, feed: EventFeed): Promise<void> {
  const ask = (entryId: string | undefined, jobs: (typeof settleGrantsJob | typeof keepKeyTablesJob)[]) =>
    inTx({ ...ctx, recorded: { count: 0 } }, async (tx) => {
      for (const job of jobs) await ctx.enqueue(tx, job, { entryId })
    })
  await ask(undefined, [settleGrantsJob, keepKeyTablesJob])
  feed.subscribe((event) => {
    const entryId = entryOf(event)
    const jobs = [...(settles.test(event.action) ? [settleGrantsJob] : []), ...(rekeys.test(event.action) ? [keepKeyTablesJob] : [])]
    if (!entryId || jobs.length === 0) return
    // Not waited for: the feed tells others too, and the gateway refuses calls while it lags.
    ask(entryId, jobs).catch((error) => ctx.log.error({ err: error, entryId }, 'what follows from a change could not be started'))
  })
}
