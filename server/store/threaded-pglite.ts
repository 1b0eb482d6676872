import { Worker } from 'node:worker_threads'
import type { PgliteOptions } from './pglite.ts'

interface Results {
  rows: Record<string, unknown>[]
  affectedRows?: number
  command?: string
}
interface Session {
  query(text: string, values?: unknown[]): Promise<Results>
  exec(text: string): Promise<Results[]>
}

/** As much of PGlite as Kysely, pg-boss and the tests call. */
export interface ThreadedPglite extends Session {
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>
  listen(channel: string, told: (payload: string) => void): Promise<() => Promise<void>>
  dumpDataDir(compression: 'none'): Promise<Blob>
  close(): Promise<void>
  readonly closed: boolean
  readonly ready: boolean
  readonly waitReady: Promise<void>
}

interface Answer {
  id: number
  value?: unknown
  error?: { message: string; fields: object }
}

/** A worker and the calls that it owes an answer. It keeps the process alive only while it owes one. */
function openThread(dir: string, options: PgliteOptions) {
  const worker = new Worker(new URL('./pglite-thread.ts', import.meta.url), { workerData: { dir, options } })
  const owed = new Map<number, { done: (value: unknown) => void; fail: (error: Error) => void }>()
  const listeners = new Map<string, (payload: string) => void>()
  let calls = 0
  let end: Error | undefined
  const send = <T>(call: string, ...args: unknown[]): Promise<T> =>
    new Promise((done, fail) => {
      if (end) return fail(end)
      worker.ref()
      owed.set(++calls, { done: done as (value: unknown) => void, fail })
      worker.postMessage({ id: calls, call, args })
    })
  const settle = ({ id, value, error }: Answer) => {
    const { done, fail } = owed.get(id)!
    owed.delete(id)
    if (owed.size === 0) worker.unref()
    if (error) fail(Object.assign(new Error(error.message), error.fields))
    else done(value)
  }
  const finish = (error: Error) => {
    end ??= error
    for (const { fail } of owed.values()) fail(end)
    owed.clear()
  }
  const ready = new Promise<void>((done, fail) => {
    worker.once('error', (error: Error) => {
      fail(error)
      finish(error)
    })
    worker.once('exit', () => finish(new Error('the embedded control plane has ended')))
    worker.on('message', (message: Answer | { ready: true } | { channel: string; payload: string }) => {
      if ('ready' in message) {
        worker.unref()
        done()
      } else if ('channel' in message) listeners.get(message.channel)?.(message.payload)
      else settle(message)
    })
  })
  return { send, listeners, ready, terminate: () => worker.terminate() }
}

/**
 * PGlite in a thread of its own, so that neither its computing nor its waiting for the disk holds up this process. Statements
 * run in the order in which they are sent; those outside a transaction wait until it has ended.
 */
export async function openThreadedPglite(dir: string, options: PgliteOptions = {}): Promise<ThreadedPglite> {
  const { send, listeners, ready, terminate } = openThread(dir, options)
  await ready
  let isClosed = false
  let free: Promise<void> = Promise.resolve()
  const session: Session = { query: (text, values) => send('query', text, values), exec: (text) => send('exec', text) }
  return {
    query: (text, values) => free.then(() => session.query(text, values)),
    exec: (text) => free.then(() => session.exec(text)),
    async transaction(work) {
      const before = free
      let release = () => {}
      free = new Promise((done) => {
        release = done
      })
      await before
      try {
        await session.exec('begin')
        const result = await work(session).catch(async (error) => {
          await session.exec('rollback')
          throw error
        })
        const [ended] = await session.exec('commit')
        // A statement failed and its error was swallowed: the engine has rolled back what this believes committed.
        if (ended?.command === 'ROLLBACK') throw Object.assign(new Error('the transaction was aborted'), { code: '25P02' })
        return result
      } finally {
        release()
      }
    },
    async listen(channel, told) {
      listeners.set(channel, told)
      await send('listen', channel)
      return async () => {
        listeners.delete(channel)
        await send('unlisten', channel)
      }
    },
    dumpDataDir: (compression) => free.then(() => send<Blob>('dumpDataDir', compression)),
    async close() {
      isClosed = true
      await free.then(() => send('close'))
      await terminate()
    },
    get closed() {
      return isClosed
    },
    ready: true,
    waitReady: Promise.resolve(),
  }
}
