import type { LakeEngine } from '../../store/index.ts'
import { hashColumn } from '../connectors/connector.ts'

/** Whether the rows of a table have the hash that their source made of them. */
export const hasHashes = async (lake: LakeEngine, table: string): Promise<boolean> =>
  (
    await lake.measure(
      "SELECT 1 AS found FROM system.columns WHERE database = 'lake' AND table = {table:String} AND name = {hash:String}",
      { table, hash: hashColumn },
    )
  ).length > 0
