import { AsyncLocalStorage } from 'node:async_hooks'
import type { KyselyPlugin } from 'kysely'
import type { Ctx, Tx, TxCtx } from './ctx.ts'
import { appendEvents } from './events.ts'

const inside = new AsyncLocalStorage<true>()

/** On PGlite a root query inside a transaction waits for itself forever; this turns it into an error on every engine. */
export const rootGuard: KyselyPlugin = {
  transformQuery({ node }) {
    if (inside.getStore()) throw new Error('a query on the root connection inside a transaction: use the ctx that inTx passes')
    return node
  },
  transformResult: async ({ result }) => result,
}

/**
 * Runs `work` in one transaction and appends the events that it emitted as its last statement. Shadow the name:
 * `inTx(ctx, async (ctx) => …)`, so that the outer ctx is out of reach.
 */
export async function inTx<T>(ctx: Ctx, work: (ctx: TxCtx) => Promise<T>): Promise<T> {
  const before = ctx.recorded.count
  const afterCommit: (() => void)[] = []
  try {
    const result = await ctx.db.transaction().execute((root) =>
      inside.run(true, async () => {
        const db = root.withoutPlugins() as Tx
        const { lake: _lake, files: _files, read: _read, readByKey: _readByKey, readBytes: _readBytes, ...rest } = ctx
        const tx: TxCtx = { ...rest, db, pending: [], afterCommit }
        const value = await work(tx)
        await appendEvents(db, tx.pending)
        return value
      }),
    )
    for (const act of afterCommit) act()
    ctx.wakeFeed()
    return result
  } catch (error) {
    ctx.recorded.count = before
    throw error
  }
}
