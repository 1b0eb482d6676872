import { retentionRoutes } from '#contract/ingestion/retention.ts'
import { bind } from '../../http/index.ts'
import { decideDestruction } from './decide-destruction.ts'
import { listDestructions } from './list-destructions.ts'
import { listEntryStorage } from './list-entry-storage.ts'
import { getDestruction, presentDestruction } from './present-destruction.ts'
import { printDestruction } from './print-destruction.ts'
import { proposeDestruction } from './propose-destruction.ts'
import { setRetention } from './set-retention.ts'

export const boundRetentionRoutes = bind(retentionRoutes, {
  list_entry_storage: (ctx, { query }) => listEntryStorage(ctx, query),
  set_retention: (ctx, { params, body }) => setRetention(ctx, params.entryId, body),
  list_destructions: (ctx, { query }) => listDestructions(ctx, query),
  get_destruction: async (ctx, { params }) => presentDestruction(ctx.actor, await getDestruction(ctx, params.destructionId)),
  propose_destruction: (ctx, { body }) => proposeDestruction(ctx, body),
  withdraw_destruction: (ctx, { params }) => decideDestruction(ctx, params.destructionId, 'withdraw'),
  approve_destruction: (ctx, { params, body }) => decideDestruction(ctx, params.destructionId, 'approve', body.opinion),
  refuse_destruction: (ctx, { params, body }) => decideDestruction(ctx, params.destructionId, 'refuse', body.opinion),
  print_destruction: (ctx, { params }) => printDestruction(ctx, params.destructionId),
})
