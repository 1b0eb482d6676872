import type { SourceSettings } from '#contract/ingestion.ts'

export interface DatasetName {
  namespace: string
  name: string
}

/** Every entry's data, wherever the lake keeps them. */
export const lakeNamespace = 'datong'

/**
 * How OpenLineage names what is read, so that other tools' lineage of the same table meets ours.
 * Source: OpenLineage, Dataset naming conventions.
 */
export function nameSourceDataset(sourceId: string, settings: SourceSettings, object: string): DatasetName {
  switch (settings.kind) {
    case 'postgresql':
      return {
        namespace: `postgres://${settings.host}:${settings.port}`,
        name: `${settings.database}.${settings.schema}.${object}`,
      }
    case 'mysql':
      return { namespace: `mysql://${settings.host}:${settings.port}`, name: `${settings.database}.${object}` }
    case 'kafka':
      return { namespace: `kafka://${settings.brokers.split(',')[0]!.trim()}`, name: object }
    case 'folder':
      return { namespace: 'file', name: [settings.path, object].filter((part) => part !== '').join('/') }
    default:
      return { namespace: `datong-source:${settings.kind}`, name: `${sourceId}/${object}` }
  }
}
