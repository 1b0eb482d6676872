import type { Org } from '#contract/security.ts'
import { cutPage } from '../../kernel/page.ts'
import type { Ctx } from '../../store/index.ts'
import { presentOrg, selectOrgs } from './org-store.ts'

/** The city's organisations are known to everybody who is signed in; inactive ones to those who keep the list. */
export async function listOrganisations(
  ctx: Ctx,
  { cursor, limit, ...filter }: { kind?: string | undefined; q?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: Org[]; next: string | null }> {
  const onlyActive = !ctx.actor.scopes.has('security:organisations')
  const rows = await selectOrgs(ctx.db, { ...filter, onlyActive }, { cursor, limit: limit + 1 })
  return cutPage(rows, limit, ({ name }) => name, presentOrg)
}
