import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Db } from './ctx.ts'

export interface FeedEvent {
  seq: number
  action: string
  object_type: string | null
  object_id: string | null
  detail: Record<string, unknown>
}

/**
 * Follows the event log in its order and tells subscribers: the search index, the gateway's grants. In this process a
 * commit wakes it at once; changes of other processes are seen at the next poll.
 */
export interface EventFeed {
  subscribe(listener: (event: FeedEvent) => void | Promise<void>): void
  wake(): void
  /**
   * Whether every commit of this process has been told and the log was read to its end within `maxAgeMs`; waits as long for
   * it. Readers that must not act on old rights ask first, and refuse when the answer is no.
   */
  isCurrent(maxAgeMs: number): boolean | Promise<boolean>
  close(): Promise<void>
}

const pollMs = 400

export async function openEventFeed(db: Db, log: Logger): Promise<EventFeed> {
  const listeners: ((event: FeedEvent) => void | Promise<void>)[] = []
  let seq = (await db.selectFrom('platform.chain_head').select('seq').where('node', '=', 'local').executeTakeFirstOrThrow()).seq
  let caughtUpAt = performance.now()
  let isClosed = false
  // Wakes are counted: one that comes while the log is being read must not be lost.
  let wakes = 0
  let readWakes = 0
  let wakeUp = () => {}
  const told: (() => void)[] = []
  const pause = () =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, pollMs)
      wakeUp = () => {
        clearTimeout(timer)
        done()
      }
    })
  const readOn = async () => {
    for (;;) {
      const startedAt = performance.now()
      const asked = wakes
      const rows = await db
        .selectFrom('platform.event')
        .select(['seq', 'action', 'object_type', 'object_id', 'detail'])
        .where('seq', '>', seq)
        .where(sql<boolean>`not is_data`)
        .orderBy('seq')
        .limit(500)
        .execute()
      for (const row of rows) {
        for (const listener of listeners) await listener({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> })
        seq = row.seq
      }
      if (rows.length < 500) {
        caughtUpAt = startedAt
        readWakes = asked
        for (const tell of told.splice(0)) tell()
        return
      }
    }
  }
  const loop = (async () => {
    while (!isClosed) {
      const hasFailed = await readOn().catch((error) => {
        log.error({ err: error }, 'the event feed could not read on')
        return true
      })
      if (!isClosed && (hasFailed || readWakes === wakes)) await pause()
    }
  })()
  const isFresh = (maxAgeMs: number, asOf = wakes) => readWakes >= asOf && performance.now() - caughtUpAt <= maxAgeMs
  const waitUntilFresh = async (maxAgeMs: number): Promise<boolean> => {
    const asOf = wakes
    const until = performance.now() + maxAgeMs
    while (!isFresh(maxAgeMs, asOf)) {
      const leftMs = until - performance.now()
      if (leftMs <= 0) return false
      await new Promise<void>((done) => {
        const timer = setTimeout(done, leftMs)
        told.push(() => {
          clearTimeout(timer)
          done()
        })
      })
    }
    return true
  }
  return {
    subscribe: (listener) => void listeners.push(listener),
    wake: () => {
      wakes++
      wakeUp()
    },
    isCurrent: (maxAgeMs) => isFresh(maxAgeMs) || waitUntilFresh(maxAgeMs),
    close: async () => {
      isClosed = true
      wakeUp()
      await loop
    },
  }
}
