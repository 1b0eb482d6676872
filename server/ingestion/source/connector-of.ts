import type { Ctx } from '../../store/index.ts'
import { openAgentSource } from '../agent/agent-connector.ts'
import type { Connector } from '../connectors/connector.ts'
import { openConnector } from '../connectors/open-connector.ts'
import type { Access } from '../load/load-full.ts'
import { openSecret } from './save-source.ts'
import { type SourceRow, selectUploads } from './source-store.ts'

/** The connector of a source, with its secret and within this node's reach. `loadId`: the load that reads, which an agent has delivered for. */
export const connectorOf = (
  ctx: Ctx,
  { sealer, reach }: Pick<Access, 'sealer' | 'reach'>,
  source: SourceRow,
  loadId: string | null = null,
): Connector =>
  source.settings.kind === 'agent'
    ? openAgentSource(ctx, source.settings, loadId)
    : openConnector(ctx, reach, {
        id: source.id,
        settings: source.settings,
        secret: openSecret(sealer, source),
        uploads: () => selectUploads(ctx.db, source.id),
      })
