import { logicalRoutes } from '#contract/ingestion/logical.ts'
import { bind, type BoundRoute } from '../../http/index.ts'
import type { Access } from '../load/load-full.ts'
import { bindLogical, releaseLogical } from './bind-logical.ts'
import type { LogicalStates } from './open-origins.ts'
import { listLogical } from './present-logical.ts'

export const bindLogicalRoutes = (access: Access, states: LogicalStates): BoundRoute[] =>
  bind(logicalRoutes, {
    list_logical: (ctx, { query }) => listLogical(ctx, states, query),
    bind_logical: (ctx, { body }) => bindLogical(ctx, access, states, body),
    unbind_logical: (ctx, { body }) => releaseLogical(ctx, body.entryId),
  })
