import type { ClickHouseClient } from '@clickhouse/client'
import { LakeError } from './lake-error.ts'

/** A bounded queue in front of a fixed number of connections. */
interface Lane {
  run<T>(work: (client: ClickHouseClient) => Promise<T>, signal?: AbortSignal): Promise<T>
  isBusy(): boolean
  /** Refuses what waits and what comes. */
  shut(): void
}

export type LaneName = 'read' | 'scan' | 'write' | 'apply' | 'define'
export type Lanes = Record<LaneName, Lane>

/** Lanes, so that a lookup never waits behind a scan, a load, or a table definition. `slots` gives the connections of each. */
export function makeLanes(slots: Record<LaneName, readonly ClickHouseClient[]>): Lanes {
  return {
    read: makeLane('read', slots.read, 1000),
    scan: makeLane('scan', slots.scan, 100),
    write: makeLane('write', slots.write, 100),
    apply: makeLane('apply', slots.apply, 1000),
    define: makeLane('define', slots.define, 1000),
  }
}

/** `slots` holds one client per statement that may run at once; at most `waiting` more wait, and a further one is refused (LakeError 202). */
function makeLane(name: string, slots: readonly ClickHouseClient[], waiting: number): Lane {
  const free = [...slots]
  const queue: Array<{ enter(client: ClickHouseClient): void; refuse(error: LakeError): void }> = []
  let open = true

  const acquire = (signal: AbortSignal | undefined): Promise<ClickHouseClient> => {
    if (!open) return Promise.reject(closed())
    if (signal?.aborted) return Promise.reject(cancelled())
    const client = free.pop()
    if (client) return Promise.resolve(client)
    if (queue.length >= waiting)
      return Promise.reject(
        new LakeError(202, 'LANE_FULL', `the ${name} lane of the lake is full: ${waiting} statements wait already; try again later`),
      )
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(turn), 1)
        reject(cancelled())
      }
      const turn = {
        enter(client: ClickHouseClient) {
          signal?.removeEventListener('abort', leave)
          resolve(client)
        },
        refuse: reject,
      }
      signal?.addEventListener('abort', leave, { once: true })
      queue.push(turn)
    })
  }

  return {
    async run(work, signal) {
      const client = await acquire(signal)
      try {
        return await work(client)
      } finally {
        const next = queue.shift()
        if (next) next.enter(client)
        else free.push(client)
      }
    },
    isBusy: () => free.length < slots.length,
    shut() {
      open = false
      for (const turn of queue.splice(0)) turn.refuse(closed())
    },
  }
}

const closed = () => new LakeError(0, 'CLOSED', 'the lake is closed')
const cancelled = () => new LakeError(394, 'QUERY_WAS_CANCELLED', 'cancelled before it started')
