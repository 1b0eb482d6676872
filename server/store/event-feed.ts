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
  /** When the log was last read to its end (performance.now()): readers that must not act on old rights look here. */
  caughtUpAt(): number
  close(): Promise<void>
}

const pollMs = 400

export async function openEventFeed(db: Db, log: Logger): Promise<EventFeed> {
  const listeners: ((event: FeedEvent) => void | Promise<void>)[] = []
  let seq = (await db.selectFrom('platform.chain_head').select('seq').where('node', '=', 'local').executeTakeFirstOrThrow()).seq
  let caughtUpAt = performance.now()
  let isClosed = false
  // A wake while the log is being read must not be lost.
  let isBehind = false
  let wakeUp = () => {}
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
      const rows = await db
        .selectFrom('platform.event')
        .select(['seq', 'action', 'object_type', 'object_id', 'detail'])
        .where('seq', '>', seq)
        .where('is_data', '=', false)
        .orderBy('seq')
        .limit(500)
        .execute()
      for (const row of rows) {
        for (const listener of listeners) await listener({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> })
        seq = row.seq
      }
      if (rows.length < 500) {
        caughtUpAt = startedAt
        return
      }
    }
  }
  const loop = (async () => {
    while (!isClosed) {
      isBehind = false
      await readOn().catch((error) => log.error({ err: error }, 'the event feed could not read on'))
      if (!isClosed && !isBehind) await pause()
    }
  })()
  return {
    subscribe: (listener) => void listeners.push(listener),
    wake: () => {
      isBehind = true
      wakeUp()
    },
    caughtUpAt: () => caughtUpAt,
    close: async () => {
      isClosed = true
      wakeUp()
      await loop
    },
  }
}
