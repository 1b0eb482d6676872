import { setImmediate } from 'node:timers/promises'
import type { Db } from '../../store/index.ts'
import { createSearchIndex, type SearchIndex } from '../search/search-index.ts'
import { type SearchRow, selectSearchRows, selectSearchVersions } from './search-store.ts'
import { toSearchDocument } from './to-search-document.ts'

export interface Drift {
  stored: number
  indexed: number
  /** Entries that the index missed, held too much, or held in another version. */
  drift: number
}

/** The index and how it is brought in step with the store. An entry's `row_version` tells whether the two agree. */
export interface StoredIndex {
  search: SearchIndex['search']
  /** Reads entries again; what is no longer there is forgotten. */
  refresh(db: Db, ids: readonly string[]): Promise<void>
  /** Compares everything, mends what differs, and says what it found. */
  reconcile(db: Db): Promise<Drift>
  providerName(orgId: string): string
  /** Begins nothing more and waits for what runs. */
  close(): Promise<void>
}

/** A reading blocks PGlite, a build the event loop; each build makes a segment that later ones are merged with. */
const perReading = 500
const perBuild = 2000

export function createStoredIndex(): StoredIndex {
  const index = createSearchIndex()
  const providerNames = new Map<string, string>()
  let isClosed = false
  let tail: Promise<unknown> = Promise.resolve()
  // One after the other, so that an older reading is never applied after a newer one.
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
  return {
    search: (query) => index.search(query),
    refresh: (db, ids) => inTurn(() => apply(db, ids)),
    reconcile: (db) =>
      inTurn(async () => {
        const stored = new Map((await selectSearchVersions(db)).map(({ id, row_version }) => [id, row_version]))
        const indexed = new Map(index.versions())
        const wrong = [...stored].filter(([id, version]) => indexed.get(id) !== version).map(([id]) => id)
        const extra = [...indexed.keys()].filter((id) => !stored.has(id))
        await apply(db, [...wrong, ...extra])
        return { stored: stored.size, indexed: indexed.size, drift: wrong.length + extra.length }
      }),
    providerName: (orgId) => providerNames.get(orgId) ?? orgId,
    close: async () => {
      isClosed = true
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
