import { conflict } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { openAgentSource } from '../agent/agent-connector.ts'
import type { Connector } from '../connectors/connector.ts'
import { openConnector } from '../connectors/open-connector.ts'
import { openCare } from '../harm/open-care.ts'
import type { Access } from '../load/load-full.ts'
import { openSecret } from './save-source.ts'
import { type SourceRow, selectUploads } from './source-store.ts'

/**
 * The connector of a source, with its secret, within this node's reach, and with care: on behalf of a load or of a person.
 * `loadId`: the load that reads, which an agent has delivered for. @throws conflict `ingestion.source_stopped`
 */
export function connectorOf(
  ctx: Ctx,
  { sealer, reach }: Pick<Access, 'sealer' | 'reach'>,
  source: SourceRow,
  loadId: string | null = null,
): Connector {
  if (source.stopped_at) throw conflict('ingestion.source_stopped', { reason: source.stop_reason ?? '' })
  if (source.settings.kind === 'agent') return openAgentSource(ctx, source.settings, loadId)
  return openConnector(ctx, reach, {
    id: source.id,
    settings: source.settings,
    secret: openSecret(sealer, source),
    uploads: () => selectUploads(ctx.db, source.id),
    care: openCare(ctx, source, loadId),
  })
}
