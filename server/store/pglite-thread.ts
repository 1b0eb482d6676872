// Runs in a thread of its own: PGlite computes, and waits for the disk, wherever it is called. See threaded-pglite.ts.
import { parentPort, workerData } from 'node:worker_threads'
import type { Results } from '@electric-sql/pglite'
import { endForGood, openPglite, type PgliteOptions } from './pglite.ts'

const { dir, options } = workerData as { dir: string; options: PgliteOptions }
const pglite = await openPglite(dir, options)

const plain = ({ rows, affectedRows, command }: Results) => ({ rows, affectedRows, command })
const calls: Record<string, (...args: never[]) => Promise<unknown>> = {
  query: async (text: string, values?: unknown[]) => plain(await pglite.query(text, values)),
  exec: async (text: string) => {
    try {
      return (await pglite.exec(text)).map(plain)
    } catch (error) {
      // What began a transaction of its own has left it open, in the one session that everybody uses.
      if (/^\s*begin\s*;/i.test(text)) await pglite.exec('rollback')
      throw error
    }
  },
  listen: async (channel: string) => {
    await pglite.listen(channel, (payload) => parentPort!.postMessage({ channel, payload }))
  },
  unlisten: (channel: string) => pglite.unlisten(channel),
  dumpDataDir: (compression: 'none') => pglite.dumpDataDir(compression),
  close: () => pglite.close(),
}

/** Its journal could not be continued in a new file: a server would have ended itself, here the engine goes on and answers nothing any more. */
const isOver = ({ severity, message }: Error & { severity?: string }) =>
  severity === 'PANIC' || /^XLogBeginInsert was already called/.test(message)

parentPort!.on('message', ({ id, call, args }: { id: number; call: string; args: never[] }) => {
  calls[call]!(...args).then(
    (value) => parentPort!.postMessage({ id, value }),
    // An error loses its own fields on the way to another thread; the code of SQL errors is one of them.
    (error: Error) => {
      if (isOver(error)) endForGood(error)
      parentPort!.postMessage({ id, error: { message: error.message, fields: { ...error } } })
    },
  )
})
parentPort!.postMessage({ ready: true })
