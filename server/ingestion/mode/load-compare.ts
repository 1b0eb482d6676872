import type { Ctx } from '../../store/index.ts'
import type { Access, LoadWork } from '../load/load-full.ts'
import { loadFull } from '../load/load-full.ts'
import type { Outcome } from '../load/load-object.ts'
import { findBase } from '../version/find-base.ts'
import { settleKeyed, stagedTables } from './load-keyed.ts'
import { readDiffering } from './read-differing.ts'

/**
 * 比对: applies what differs between the source and the live table, by key. For sources that do not say what has changed: finds
 * deletions too. A source that hashes its rows sends only keys and hashes, and then the rows that differ; others send everything.
 */
export async function loadCompare(ctx: Ctx, access: Access, work: LoadWork): Promise<Outcome> {
  const live = (await findBase(ctx.lake, work))?.table ?? null
  const { tables } = work
  let isLess = false
  const read = await loadFull(ctx, access, {
    ...work,
    tables: stagedTables(tables),
    isKeyed: true,
    hashesRows: true,
    ...(live !== null && {
      readLess: async (object, readWhole) => {
        const outcome = await readDiffering(ctx.lake, live, object, readWhole)
        isLess = outcome !== null
        return outcome
      },
    }),
  })
  return settleKeyed(ctx, work, read, live, isLess ? { among: tables.differing } : 'whole')
}
