import { setImmediate, setTimeout } from 'node:timers/promises'
import { AppError } from '../../kernel/errors.ts'
import type { Ctx, Db, EventFeed, FeedEvent } from '../../store/index.ts'
import { createSearchIndex, type SearchQuery, type SearchResult } from '../search/search-index.ts'
import { type SearchRow, selectEntryIdsOfOrg, selectSearchRows, selectSearchVersions } from './search-store.ts'
import { toSearchDocument } from './to-search-document.ts'

/**
 * The search index of this process and what keeps it in step with the store: everything once at the start, then every
 * event of the log, own and other processes' alike. An entry's `row_version` tells whether the two agree.
 */
export interface EntrySearch {
  /** Begins to load; does not wait for it. */
  start(ctx: Ctx, feed: EventFeed): void
  /** Reads entries again: what no longer belongs is forgotten. Later calls see what earlier ones did. */
  refresh(db: Db, ids: readonly string[]): Promise<void>
  /** @throws unavailable `catalog.search_not_ready` when the first load takes too long */
  search(query: SearchQuery): Promise<SearchResult>
  /** How far the index is from the store, which is also mended. */
  reconcile(db: Db): Promise<{ stored: number; indexed: number; drift: number }>
  providerName(orgId: string): string
  close(): Promise<void>
}

/** A reading blocks PGlite, a build the event loop; each build makes a segment that later ones are merged with. */
const perReading = 500
const perBuild = 2000
const patienceMs = 10_000
/** The first load waits until the server listens, or until somebody searches. */
const restMs = 500

export function openEntrySearch(): EntrySearch {
  const index = createSearchIndex()
  const providerNames = new Map<string, string>()
  const wanted = Promise.withResolvers<void>()
  const loaded = Promise.withResolvers<void>()
  let isClosed = false
  // One after the other, so that an older reading is never applied after a newer one.
  let tail: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(work)
    tail = turn.catch(() => {})
    return turn
  }
  const apply = async (db: Db, ids: readonly string[]) => {
    for (let start = 0; start < ids.length && !isClosed; start += perBuild) {
      const batch = ids.slice(start, start + perBuild)
      const rows = await readRows(db, batch)
      const found = new Set(rows.map(({ id }) => id))
      for (const row of rows) providerNames.set(row.provider_org_id, row.provider_name)
      for (const id of batch) if (!found.has(id)) index.remove(id)
      index.upsertMany(rows.map(toSearchDocument))
    }
  }
  const reconcile = (db: Db) =>
    inTurn(async () => {
      const stored = new Map((await selectSearchVersions(db)).map(({ id, row_version }) => [id, row_version]))
      const indexed = new Map(index.versions())
      const wrong = [...stored].filter(([id, version]) => indexed.get(id) !== version).map(([id]) => id)
      const extra = [...indexed.keys()].filter((id) => !stored.has(id))
      await apply(db, [...wrong, ...extra])
      return { stored: stored.size, indexed: indexed.size, drift: wrong.length + extra.length }
    })
  const refresh = (db: Db, ids: readonly string[]) => inTurn(() => apply(db, ids))
  const follow = async (db: Db, event: FeedEvent) => {
    const { entryId } = event.detail
    if (event.object_type === 'entry' && event.object_id) await refresh(db, [event.object_id])
    else if (typeof entryId === 'string') await refresh(db, [entryId])
    // One event that stands for many entries.
    else if (/^catalog\.(entries_|systems?_)/.test(event.action)) await reconcile(db)
    else if (event.object_type === 'org' && event.object_id)
      await refresh(
        db,
        (await selectEntryIdsOfOrg(db, event.object_id)).map(({ id }) => id),
      )
  }
  return {
    start(ctx, feed) {
      feed.subscribe((event) => follow(ctx.db, event))
      void Promise.race([wanted.promise, setTimeout(restMs, undefined, { ref: false })])
        .then(() => load(ctx, reconcile, () => isClosed))
        .then(loaded.resolve)
    },
    refresh,
    reconcile: async (db) => {
      wanted.resolve()
      await loaded.promise
      return reconcile(db)
    },
    async search(query) {
      wanted.resolve()
      const isReady = await Promise.race([loaded.promise.then(() => true), setTimeout(patienceMs, false, { ref: false })])
      if (!isReady) throw new AppError('unavailable', 'catalog.search_not_ready', { params: { seconds: 5 }, retryAfterSeconds: 5 })
      return index.search(query)
    },
    providerName: (orgId) => providerNames.get(orgId) ?? orgId,
    close: async () => {
      isClosed = true
      wanted.resolve()
      await tail
    },
  }
}

/** Requests go first: they are answered between the readings. */
async function readRows(db: Db, ids: readonly string[]): Promise<SearchRow[]> {
  const rows: SearchRow[] = []
  for (let start = 0; start < ids.length; start += perReading) {
    rows.push(...(await selectSearchRows(db, 'everything', ids.slice(start, start + perReading))))
    await setImmediate()
  }
  return rows
}

/** The first load; a store that is away for a moment is asked again. */
async function load(ctx: Ctx, reconcile: (db: Db) => Promise<unknown>, isClosed: () => boolean): Promise<void> {
  const startedAt = performance.now()
  while (!isClosed()) {
    try {
      await reconcile(ctx.db)
      ctx.log.info({ durationMs: Math.round(performance.now() - startedAt) }, 'the search index is ready')
      return
    } catch (error) {
      if (isClosed()) return
      ctx.log.error({ err: error }, 'the search index could not be loaded')
      await setTimeout(1000, undefined, { ref: false })
    }
  }
}
