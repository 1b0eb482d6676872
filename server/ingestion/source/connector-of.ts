import type { Ctx } from '../../store/index.ts'
import type { Connector } from '../connectors/connector.ts'
import { openConnector } from '../connectors/open-connector.ts'
import type { Access } from '../load/load-full.ts'
import { openSecret } from './save-source.ts'
import { type SourceRow, selectUploads } from './source-store.ts'

/** The connector of a source, with its secret and within this node's reach. */
export const connectorOf = (ctx: Ctx, { sealer, reach }: Access, source: SourceRow): Connector =>
  openConnector(ctx, reach, {
    id: source.id,
    settings: source.settings,
    secret: openSecret(sealer, source),
    uploads: () => selectUploads(ctx.db, source.id),
  })
