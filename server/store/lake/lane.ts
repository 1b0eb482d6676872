import type { ClickHouseClient } from '@clickhouse/client'
import { LakeError } from './lake-error.ts'

/** A bounded queue in front of a fixed number of connections. */
export interface Lane {
  run<T>(work: (client: ClickHouseClient) => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** `slots` holds one client per statement that may run at once; at most `waiting` more wait, and a further one is refused (LakeError 202). */
export function makeLane(name: string, slots: readonly ClickHouseClient[], waiting: number): Lane {
  const free = [...slots]
  const queue: Array<(client: ClickHouseClient) => void> = []

  const acquire = (signal: AbortSignal | undefined): Promise<ClickHouseClient> => {
    if (signal?.aborted) return Promise.reject(cancelled())
    const client = free.pop()
    if (client) return Promise.resolve(client)
    if (queue.length >= waiting) return Promise.reject(new LakeError(202, 'LANE_FULL', `the ${name} lane of the lake is full: ${waiting} statements wait already; try again later`))
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(enter), 1)
        reject(cancelled())
      }
      const enter = (client: ClickHouseClient) => {
        signal?.removeEventListener('abort', leave)
        resolve(client)
      }
      signal?.addEventListener('abort', leave, { once: true })
      queue.push(enter)
    })
  }

  return {
    async run(work, signal) {
      const client = await acquire(signal)
      try {
        return await work(client)
      } finally {
        const next = queue.shift()
        if (next) next(client)
        else free.push(client)
      }
    },
  }
}

const cancelled = () => new LakeError(394, 'QUERY_WAS_CANCELLED', 'cancelled before it started')
