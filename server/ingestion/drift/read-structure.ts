import type { SourceStructure } from '#contract/ingestion/drift.ts'
import type { FileDialect } from '#contract/ingestion.ts'
import type { Connector } from '../connectors/connector.ts'

/** The structure of an object now. A connector that knows no more than its description tells by that. */
export async function readStructure(connector: Connector, object: string, dialect: FileDialect | null): Promise<SourceStructure> {
  if (connector.structure) return connector.structure(object, dialect)
  const { columns } = await connector.describe(object, dialect)
  return {
    kind: 'table',
    columns: columns.map(({ name, type, nullable, isKey, comment }) => ({
      name,
      type,
      nullable,
      isKey,
      comment,
      identity: null,
      looksLike: '',
    })),
    stamp: null,
  }
}
