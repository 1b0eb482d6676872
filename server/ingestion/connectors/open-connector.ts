import type { SourceSettings } from '#contract/ingestion.ts'
import type { Ctx } from '../../store/index.ts'
import type { Care } from '../harm/open-care.ts'
import type { AllowedHosts } from './admit-host.ts'
import { openClickhouse } from './clickhouse/clickhouse.ts'
import type { Connector } from './connector.ts'
import { openHdfs } from './fetched/hdfs.ts'
import { openHttpFile } from './fetched/http-file.ts'
import { openS3 } from './fetched/s3.ts'
import { openSftp } from './fetched/sftp.ts'
import { openFolder } from './folder.ts'
import { openKafka } from './kafka/kafka.ts'
import { openMongodb } from './mongodb/mongodb.ts'
import { openMysql } from './mysql.ts'
import { openOracle } from './oracle/oracle.ts'
import { openPostgresql } from './postgresql.ts'
import { openSqlite } from './sqlite/sqlite.ts'
import { openSqlserver } from './sqlserver/sqlserver.ts'
import { openUpload, type UploadedFile } from './upload.ts'

/** What a node lets its sources reach. */
export interface Reach {
  hosts: AllowedHosts
  /** Folders of the server that folder sources may read. */
  folders: readonly string[]
}

export interface OpenSource {
  id: string
  /** Databases behind an agent are opened by agent/agent-connector.ts. */
  settings: Exclude<SourceSettings, { kind: 'agent' }>
  secret: string
  /** Files that were uploaded to this source. */
  uploads: () => Promise<UploadedFile[]>
  /** The agent at its department has none: there its own server's rules hold. */
  care?: Care
}

export function openConnector(
  ctx: Pick<Ctx, 'lake' | 'files'>,
  reach: Reach,
  { id, settings, secret, uploads, care }: OpenSource,
): Connector {
  switch (settings.kind) {
    case 'postgresql':
      return openPostgresql(settings, secret, reach.hosts, care)
    case 'mysql':
      return openMysql(settings, secret, reach.hosts, care)
    case 'sqlserver':
      return openSqlserver(settings, secret, { lake: ctx.lake, allowed: reach.hosts, care })
    case 'oracle':
      return openOracle(settings, secret, { lake: ctx.lake, allowed: reach.hosts, care })
    case 'mongodb':
      return openMongodb(settings, secret, { lake: ctx.lake, allowed: reach.hosts, care })
    case 'clickhouse':
      return openClickhouse(ctx.lake, settings, secret, reach.hosts)
    case 'sqlite':
      return openSqlite(ctx, settings, reach.folders)
    case 'sftp':
      return openSftp(ctx, { id, settings, secret, allowed: reach.hosts })
    case 's3':
      return openS3(ctx, { id, settings, secret, allowed: reach.hosts })
    case 'hdfs':
      return openHdfs(ctx, { id, settings, secret, allowed: reach.hosts })
    case 'kafka':
      return openKafka(ctx, { id, settings, secret, allowed: reach.hosts, care })
    case 'http':
      return openHttpFile(ctx, { id, settings, secret, allowed: reach.hosts })
    case 'folder':
      return openFolder(ctx, settings, reach.folders)
    case 'upload':
      return openUpload(ctx, uploads)
  }
}
