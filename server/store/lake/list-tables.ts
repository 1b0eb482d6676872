import type { Engine } from './engine.ts'
import { asLakeError } from './lake-error.ts'
import { settingsOf } from './limits.ts'
import { shardDatabase } from './spread-statement.ts'

export interface LakeTable {
  name: string
  rows: number
  /** On disk, compressed. Parts that a clone shares with its original are counted with each. */
  bytes: number
}

const sql = `SELECT name, sum(total_rows) AS rows, sum(total_bytes) AS bytes FROM system.tables
  WHERE database IN ('lake', '${shardDatabase}') AND ({all:Bool} OR name IN {names:Array(String)}) GROUP BY name`

/**
 * In the lane of definitions, whose connections it uses: one of the embedded engine holds one statement at a time.
 * @throws AppError unavailable `platform.lake_away` when a node does not answer: part of the sums would be no sum
 */
export async function listTables(engine: Engine, names?: readonly string[]): Promise<LakeTable[]> {
  const found = await engine.lanes.define.run(() =>
    Promise.all(
      engine.nodes.map(async (node) => {
        const result = await node
          .query({
            query: sql,
            format: 'JSONEachRow',
            query_params: { all: names === undefined, names: [...(names ?? [])] },
            clickhouse_settings: { ...settingsOf({}, 'read') },
          })
          .catch(async (error) => {
            throw await engine.explain(asLakeError(error))
          })
        return result.json<{ name: string; rows: string | null; bytes: string | null }>()
      }),
    ),
  )
  const tables = new Map<string, LakeTable>()
  for (const { name, rows, bytes } of found.flat()) {
    const before = tables.get(name) ?? { name, rows: 0, bytes: 0 }
    tables.set(name, { name, rows: before.rows + Number(rows), bytes: before.bytes + Number(bytes) })
  }
  return [...tables.values()]
}
