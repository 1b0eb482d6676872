import type { Room } from '../jobs/index.ts'
import type { Sealer } from '../security/index.ts'
import { followCatalog } from './follow-catalog.ts'
import { type Gateway, openGateway } from './gateway/open-gateway.ts'
import { sweepNoncesJob } from './gateway/sweep-nonces.ts'
import { settleGrantsJob } from './grant/settle-grants.ts'
import { bindRoutes } from './routes.ts'

export { listGrants } from './grant/list-grants.ts'
export { countSharing, countSharingWork } from './count-sharing.ts'

/** `copies`: folder of this node's keyed copies. */
export function openSharing(settings: { sealer: Sealer; copies: string }): Room {
  const late: { gateway?: Gateway } = {}
  return {
    routes: bindRoutes(settings.sealer, () => late.gateway!),
    jobs: [settleGrantsJob, sweepNoncesJob],
    async start(ctx, feed) {
      late.gateway = openGateway(ctx, feed, settings)
      await followCatalog(ctx, feed, late.gateway)
    },
    close: async () => late.gateway?.copies.close(),
  }
}
