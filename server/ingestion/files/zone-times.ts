import type { Measure } from './file-description.ts'
import type { TypedFormat } from './describe-typed.ts'

/** An instant is shown by Beijing's clocks, a time without a zone as it stands. */
const clocks = { instant: 'Asia/Shanghai', local: 'UTC' } as const
const time = /DateTime64\((\d)(?:, '[^']*')?\)|DateTime(?:\('[^']*'\))?/g

interface EngineColumn {
  name: string
  type: string
}

/**
 * The columns' types, each time with the zone whose clocks show it. Left to itself the engine shows times of Avro and ORC by the zone
 * of the machine that it runs on, and those of Parquet all by UTC (measured, 26.7). Parquet says of each column what it is
 * (LogicalTypes, isAdjustedToUTC; without a logical type, INT96 among them, an instant); Avro's timestamps are instants (specification 1.11, Logical
 * Types), ORC's are not (its types, TIMESTAMP).
 */
export async function zoneTimes<Column extends EngineColumn>(
  path: string,
  format: TypedFormat,
  columns: readonly Column[],
  measure: Measure,
): Promise<Column[]> {
  const local = format === 'parquet' && columns.some(({ type }) => type.includes('DateTime')) ? await localColumns(path, measure) : null
  const zoneOf = (name: string) => clocks[format === 'orc' || local?.has(name) ? 'local' : 'instant']
  return columns.map((column) => ({
    ...column,
    type: column.type.replaceAll(time, (_, digits = '0') => `DateTime64(${digits}, '${zoneOf(column.name)}')`),
  }))
}

async function localColumns(path: string, measure: Measure): Promise<Set<string>> {
  const leaves = await measure<{ path: string; type: string }>(
    `SELECT leaf.path AS path, leaf.logical_type AS type FROM (SELECT arrayJoin(columns) AS leaf FROM file({path:String}, 'ParquetMetadata'))`,
    { path },
  )
  return new Set(leaves.filter(({ type }) => type.includes('isAdjustedToUTC=false')).map(({ path }) => path.split('.')[0]!))
}
