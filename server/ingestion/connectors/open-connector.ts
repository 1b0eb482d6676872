import type { SourceSettings } from '#contract/ingestion.ts'
import type { Ctx } from '../../store/index.ts'
import type { AllowedHosts } from './admit-host.ts'
import { openClickhouse } from './clickhouse/clickhouse.ts'
import type { Connector } from './connector.ts'
import { openFolder } from './folder.ts'
import { openMysql } from './mysql.ts'
import { openPostgresql } from './postgresql.ts'
import { openSqlite } from './sqlite/sqlite.ts'
import { openUpload, type UploadedFile } from './upload.ts'

/** What a node lets its sources reach. */
export interface Reach {
  hosts: AllowedHosts
  /** Folders of the server that folder sources may read. */
  folders: readonly string[]
}

export interface OpenSource {
  settings: SourceSettings
  secret: string
  /** Files that were uploaded to this source. */
  uploads: () => Promise<UploadedFile[]>
}

export function openConnector(ctx: Pick<Ctx, 'lake' | 'files'>, reach: Reach, { settings, secret, uploads }: OpenSource): Connector {
  switch (settings.kind) {
    case 'postgresql':
      return openPostgresql(settings, secret, reach.hosts)
    case 'mysql':
      return openMysql(settings, secret, reach.hosts)
    case 'clickhouse':
      return openClickhouse(ctx.lake, settings, secret, reach.hosts)
    case 'sqlite':
      return openSqlite(ctx, settings, reach.folders)
    case 'folder':
      return openFolder(ctx, settings, reach.folders)
    case 'upload':
      return openUpload(ctx, uploads)
  }
}
