import { setTimeout } from 'node:timers/promises'
import { AppError } from '../../kernel/errors.ts'
import type { Ctx, Db, EventFeed, FeedEvent } from '../../store/index.ts'
import type { SearchQuery, SearchResult } from '../search/search-index.ts'
import { selectEntryIdsOfOrg } from './search-store.ts'
import { createStoredIndex, type Drift, type StoredIndex } from './stored-index.ts'

/**
 * The search of this process: loads everything once, then follows every event of the log, own and other processes' alike.
 */
export interface EntrySearch {
  /** Begins to load and to follow; does not wait for it. */
  start(ctx: Ctx, feed: EventFeed): void
  refresh: StoredIndex['refresh']
  /** @throws unavailable `catalog.search_not_ready` when the first load takes too long */
  search(query: SearchQuery): Promise<SearchResult>
  reconcile(db: Db): Promise<Drift>
  providerName: StoredIndex['providerName']
  close(): Promise<void>
}

const patienceMs = 10_000
/** The first load waits until the server listens, or until somebody searches. */
const restMs = 500

export function openEntrySearch(): EntrySearch {
  const index = createStoredIndex()
  const wanted = Promise.withResolvers<void>()
  const loaded = Promise.withResolvers<void>()
  const closing = new AbortController()
  return {
    start(ctx, feed) {
      feed.subscribe((event) => follow(index, ctx.db, event))
      void Promise.race([wanted.promise, setTimeout(restMs, undefined, { ref: false })])
        .then(() => load(ctx, index, closing.signal))
        .then(loaded.resolve)
    },
    refresh: index.refresh,
    async search(query) {
      wanted.resolve()
      const isReady = await Promise.race([loaded.promise.then(() => true), setTimeout(patienceMs, false, { ref: false })])
      if (!isReady) throw new AppError('unavailable', 'catalog.search_not_ready', { params: { seconds: 5 }, retryAfterSeconds: 5 })
      return index.search(query)
    },
    async reconcile(db) {
      wanted.resolve()
      await loaded.promise
      return index.reconcile(db)
    },
    providerName: index.providerName,
    async close() {
      closing.abort()
      wanted.resolve()
      await index.close()
    },
  }
}

/** The first load; a store that is away for a moment is asked again. */
async function load(ctx: Ctx, index: StoredIndex, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    try {
      const startedAt = performance.now()
      const { stored } = await index.reconcile(ctx.db)
      return ctx.log.info({ entries: stored, durationMs: Math.round(performance.now() - startedAt) }, 'the search index is loaded')
    } catch (error) {
      if (closing.aborted) return
      ctx.log.error({ err: error }, 'the search index could not be loaded')
      await setTimeout(1000, undefined, { ref: false })
    }
  }
}

/** What a change of the catalog, of its facts or of a provider's name does to the index. */
async function follow(index: StoredIndex, db: Db, { action, object_type, object_id, detail }: FeedEvent): Promise<void> {
  if (object_type === 'entry' && object_id) await index.refresh(db, [object_id])
  else if (typeof detail.entryId === 'string') await index.refresh(db, [detail.entryId])
  // One event that stands for many entries.
  else if (/^catalog\.(entries|systems?)_/.test(action)) await index.reconcile(db)
  else if (/^security\.organisation_(updated|deactivated)$/.test(action) && object_id) {
    const ids = (await selectEntryIdsOfOrg(db, object_id)).map(({ id }) => id)
    await index.refresh(db, ids)
  }
}
