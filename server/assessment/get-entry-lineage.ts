import type { EntryLineage } from '#contract/ingestion/lineage.ts'
import { findPublishedEntries } from '../catalog/index.ts'
import { findEntryOrigins } from '../ingestion/index.ts'
import { notFound } from '../kernel/errors.ts'
import { listGrants } from '../sharing/index.ts'
import type { Ctx } from '../store/index.ts'

const grantsShown = 200
const lasting = new Set(['pending', 'active', 'suspended'])

/**
 * Where the data of an entry come from and who receives them, column by column. Each room tells only what the caller may know
 * of it. @throws value.not_found for what is not published
 */
export async function getEntryLineage(ctx: Ctx, entryId: string): Promise<EntryLineage> {
  const entry = (await findPublishedEntries(ctx.db, [entryId])).get(entryId)
  if (!entry) throw notFound('value.not_found')
  const { scopes } = ctx.actor
  const { id, name, code, version, provider } = entry
  const grants = scopes.has('sharing:read') ? (await listGrants(ctx, { side: 'all', entryId, limit: grantsShown })).items : []
  return {
    entry: { id, name, code, version, provider: { id: provider.id, name: provider.name } },
    items: entry.content.items.map((item) => ({ code: item.code, name: item.name })),
    upstream: scopes.has('ingestion:read') ? await findEntryOrigins(ctx, entryId) : [],
    downstream: grants
      .filter(({ state }) => lasting.has(state))
      .map((grant) => ({
        grantId: grant.id,
        number: grant.number,
        state: grant.state,
        consumer: grant.consumer,
        endpoint: grant.endpoint,
        to: grant.to,
        items: grant.items.map(({ item, mask }) => ({ item, mask })),
      })),
  }
}
