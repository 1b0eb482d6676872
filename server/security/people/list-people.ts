import type { Person } from '#contract/security.ts'
import type { Ctx } from '../../store/index.ts'
import { presentPeople, selectPeople } from './person-store.ts'

/** For the two administrators whose work they are; a platform's administrators keep the people of all its organisations. */
export async function listPeople(
  ctx: Ctx,
  { cursor, limit, ...filter }: { orgId?: string | undefined; q?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: Person[]; next: string | null }> {
  const rows = await selectPeople(ctx.db, filter, { cursor, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return { items: await presentPeople(ctx, shown), next: rows.length > limit ? shown.at(-1)!.login_key : null }
}
