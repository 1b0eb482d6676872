import type { Ctx } from '../../store/index.ts'
import type { Access, LoadWork } from '../load/load-full.ts'
import { loadFull } from '../load/load-full.ts'
import type { Outcome } from '../load/load-object.ts'
import { findBase } from '../version/find-base.ts'
import { settleKeyed, stagedTables } from './load-keyed.ts'

/**
 * 比对: reads the whole object and applies what differs from the live table, by key. For sources that do not say what has changed:
 * finds deletions too.
 */
export async function loadCompare(ctx: Ctx, access: Access, work: LoadWork): Promise<Outcome> {
  const base = await findBase(ctx.lake, work)
  const read = await loadFull(ctx, access, { ...work, tables: stagedTables(work.tables), isKeyed: true })
  return settleKeyed(ctx, work, read, base?.table ?? null, true)
}
