import type { Room } from '../jobs/index.ts'
import type { Sealer } from '../security/index.ts'
import { followCatalog } from './follow-catalog.ts'
import { type Gateway, openGateway } from './gateway/open-gateway.ts'
import { settleGrantsJob } from './grant/settle-grants.ts'
import { keepKeyTablesJob } from './keyed/keep-key-tables.ts'
import { bindRoutes } from './routes.ts'

export { countSharing, countSharingWork } from './count-sharing.ts'

export function openSharing({ sealer }: { sealer: Sealer }): Room {
  const late: { gateway?: Gateway } = {}
  return {
    routes: bindRoutes(sealer, () => late.gateway!),
    jobs: [settleGrantsJob, keepKeyTablesJob],
    async start(ctx, feed) {
      late.gateway = openGateway(ctx, feed, sealer)
      await followCatalog(ctx, feed)
    },
  }
}
